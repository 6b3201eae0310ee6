package io.threatengine.onboarding.dynamodb;

import static io.threatengine.onboarding.aws.AccessRole.ADMINISTRATOR;
import static io.threatengine.onboarding.aws.AccessRole.READER;
import static io.threatengine.onboarding.aws.AccessRole.SCHEDULER;
import static io.threatengine.onboarding.aws.AccessRole.WRITER;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.Permission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every operation of DynamoDB that this module calls, and who may do it: no call goes out without one of these, and the policies
 * are made of them.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are List.of, its sets are never given away
enum Operation {
    GET_ITEM("GetItem", READER, WRITER, SCHEDULER),
    BATCH_GET_ITEM("BatchGetItem", READER, WRITER),
    QUERY("Query", READER, WRITER, SCHEDULER),
    SCAN("Scan", READER, WRITER),
    UPDATE_ITEM("UpdateItem", WRITER, SCHEDULER),
    BATCH_WRITE_ITEM("BatchWriteItem", WRITER),
    /** Has no action of its own: each step needs that of its item (Developer Guide, "IAM policies for transactions"). */
    TRANSACT_WRITE_ITEMS(
            "TransactWriteItems",
            List.of("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
            List.of("PutItem", "UpdateItem"),
            WRITER,
            SCHEDULER),
    DESCRIBE_TABLE("DescribeTable", ADMINISTRATOR),
    CREATE_TABLE("CreateTable", ADMINISTRATOR),
    UPDATE_TABLE("UpdateTable", ADMINISTRATOR),
    DESCRIBE_TIME_TO_LIVE("DescribeTimeToLive", ADMINISTRATOR),
    UPDATE_TIME_TO_LIVE("UpdateTimeToLive", ADMINISTRATOR),
    DESCRIBE_CONTINUOUS_BACKUPS("DescribeContinuousBackups", ADMINISTRATOR),
    UPDATE_CONTINUOUS_BACKUPS("UpdateContinuousBackups", ADMINISTRATOR),
    LIST_TAGS_OF_RESOURCE("ListTagsOfResource", ADMINISTRATOR),
    TAG_RESOURCE("TagResource", ADMINISTRATOR);

    /** What a scheduler touches: its claims, their executions, and the row that says how many shards there are. */
    private static final Set<Table> SCHEDULERS = EnumSet.of(Table.SCHEDULES, Table.EXECUTIONS, Table.UNIQUE_KEYS);

    private final String operation;
    private final List<String> actions;
    private final List<String> schedulersActions;
    private final List<AccessRole> roles;

    Operation(String operation, AccessRole... roles) {
        this(operation, List.of(operation), List.of(operation), roles);
    }

    Operation(String operation, List<String> actions, List<String> schedulersActions, AccessRole... roles) {
        this.operation = operation;
        this.actions = actions;
        this.schedulersActions = schedulersActions;
        this.roles = List.of(roles);
    }

    /** In the form of an IAM action, for errors. */
    String qualified() {
        return "dynamodb:" + operation;
    }

    /** All that any role needs; an action may be there twice, on other resources. */
    static List<Permission> permissions(OnboardingSettings settings, Arns arns) {
        var permissions = new ArrayList<Permission>();
        for (Operation operation : values()) {
            for (AccessRole role : operation.roles) {
                List<String> resources = operation.resources(role, settings, arns);
                for (String action : role == SCHEDULER ? operation.schedulersActions : operation.actions) {
                    permissions.add(Permission.of(role, "dynamodb:" + action, resources));
                }
            }
        }
        return permissions;
    }

    private List<String> resources(AccessRole role, OnboardingSettings settings, Arns arns) {
        return Arrays.stream(Table.values())
                .filter(table -> role != SCHEDULER || SCHEDULERS.contains(table))
                .filter(table -> role != SCHEDULER || this != QUERY || table == Table.SCHEDULES)
                .flatMap(table -> resources(table, settings, arns))
                .toList();
    }

    /** Lists are read from indexes alone; only the tenants are ever scanned. */
    private Stream<String> resources(Table table, OnboardingSettings settings, Arns arns) {
        String arn = arns.of("dynamodb", "table/" + table.in(settings.tables()));
        return switch (this) {
            case QUERY -> table.indexes(settings).isEmpty() ? Stream.empty() : Stream.of(arn + "/index/*");
            case SCAN -> table == Table.TENANTS ? Stream.of(arn) : Stream.empty();
            default -> Stream.of(arn);
        };
    }
}
