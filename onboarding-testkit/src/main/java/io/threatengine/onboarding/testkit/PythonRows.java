package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;

/**
 * Rows and secrets as the Python engines write them: without versions and guard rows, in naive time stamps, under the older names of
 * secrets. For tests of what must work beside those engines. Thread-safe.
 *
 * <pre>{@code
 * TenantId tenant = rows.tenant("acme");
 * ProviderId provider = rows.provider(tenant, "aws");
 * AccountId account = rows.account(tenant, provider, "production", "123456789012");
 * ScheduleId schedule = rows.schedule(tenant, account, "nightly", "0 2 * * *");
 * rows.secret(account, "aws_iam_role", "{\"role_arn\": \"…\", \"external_id\": \"…\"}");
 * }</pre>
 */
public final class PythonRows {
    private final TestAws aws;
    private final OnboardingSettings settings;
    private final SettableClock clock;

    PythonRows(TestAws aws, OnboardingSettings settings, SettableClock clock) {
        this.aws = aws;
        this.settings = settings;
        this.clock = clock;
    }

    /** An active tenant. */
    public TenantId tenant(String name) {
        TenantId id = TenantId.random();
        put(
                settings.tables().tenants(),
                Map.of("tenant_id", id.value(), "tenant_name", name, "description", "", "status", "active"));
        return id;
    }

    /**
     * An active provider of a tenant.
     *
     * @param type such as {@code aws}
     */
    public ProviderId provider(TenantId tenant, String type) {
        ProviderId id = ProviderId.random();
        put(
                settings.tables().providers(),
                Map.of(
                        "provider_id",
                        id.value(),
                        "tenant_id",
                        tenant.value(),
                        "provider_type",
                        type,
                        "status",
                        "active"));
        return id;
    }

    /**
     * A pending account.
     *
     * @param number may be empty, as engines write it when they do not know it
     */
    public AccountId account(TenantId tenant, ProviderId provider, String name, String number) {
        AccountId id = AccountId.random();
        put(
                settings.tables().accounts(),
                Map.of(
                        "account_id",
                        id.value(),
                        "provider_id",
                        provider.value(),
                        "tenant_id",
                        tenant.value(),
                        "account_name",
                        name,
                        "account_number",
                        number,
                        "status",
                        "pending",
                        "onboarding_status",
                        "pending"));
        return id;
    }

    /**
     * An active cron schedule, as a new one is: without {@code next_run_at}, so that it is not due before somebody updates it.
     *
     * @param cron such as {@code 0 2 * * *}
     */
    public ScheduleId schedule(TenantId tenant, AccountId account, String name, String cron) {
        ScheduleId id = ScheduleId.random();
        var zero = AttributeValue.fromN("0");
        var none = AttributeValue.fromL(List.of());
        var item = new HashMap<String, AttributeValue>();
        item.put("schedule_id", text(id.value()));
        item.put("tenant_id", text(tenant.value()));
        item.put("account_id", text(account.value()));
        item.put("name", text(name));
        item.put("schedule_type", text("cron"));
        item.put("provider_type", text("aws"));
        item.put("cron_expression", text(cron));
        item.put("interval_seconds", zero);
        item.put("regions", none);
        item.put("services", none);
        item.put("exclude_services", none);
        item.put("timezone", text("UTC"));
        item.put("status", text("active"));
        item.put("enabled", text("true"));
        item.put("run_count", zero);
        item.put("success_count", zero);
        item.put("failure_count", zero);
        item.put("notify_on_success", AttributeValue.fromBool(false));
        item.put("notify_on_failure", AttributeValue.fromBool(true));
        item.put("created_at", text(now()));
        item.put("updated_at", text(now()));
        write(settings.tables().schedules(), item);
        return id;
    }

    /** A run of a schedule, by the scheduler, that goes on. */
    public ExecutionId execution(ScheduleId schedule, AccountId account) {
        ExecutionId id = ExecutionId.random();
        write(
                settings.tables().executions(),
                Map.of(
                        "execution_id", text(id.value()),
                        "schedule_id", text(schedule.value()),
                        "account_id", text(account.value()),
                        "started_at", text(now()),
                        "status", text("running"),
                        "triggered_by", text("scheduler"),
                        "created_at", text(now())));
        return id;
    }

    /**
     * A scheduled scan that goes on.
     *
     * @param type the account's provider, such as {@code aws}
     */
    public ScanId scan(AccountId account, String type) {
        ScanId id = ScanId.random();
        write(
                settings.tables().scanResults(),
                Map.of(
                        "scan_id", text(id.value()),
                        "account_id", text(account.value()),
                        "provider_type", text(type),
                        "scan_type", text("scheduled"),
                        "started_at", text(now()),
                        "status", text("running"),
                        "created_at", text(now())));
        return id;
    }

    /**
     * The secret of an account under its older name, {@code {prefix}/account/{account_id}}, which names no tenant.
     *
     * @param type such as {@code aws_iam_role}
     * @param credentials the credential's fields as a JSON object
     * @return the secret's name
     */
    public String secret(AccountId account, String type, String credentials) {
        String name = settings.secretsPrefix() + "/account/" + account.value();
        aws.secretsManager()
                .createSecret(CreateSecretRequest.builder()
                        .name(name)
                        .secretString("{\"credential_type\": \"" + type + "\", \"credentials\": " + credentials
                                + ", \"account_id\": \"" + account.value() + "\", \"created_at\": \"" + now()
                                + "\", \"expires_at\": null}")
                        .build());
        return name;
    }

    private void put(String table, Map<String, String> texts) {
        var item = new HashMap<String, AttributeValue>();
        texts.forEach((name, text) -> item.put(name, AttributeValue.fromS(text)));
        item.put("created_at", text(now()));
        item.put("updated_at", text(now()));
        write(table, item);
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private void write(String table, Map<String, AttributeValue> item) {
        aws.dynamoDb()
                .putItem(PutItemRequest.builder().tableName(table).item(item).build());
    }

    /** As {@code datetime.utcnow().isoformat()}: no zone, and no fraction if it is zero. */
    private String now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        LocalDateTime utc = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        return utc.format(DateTimeFormatter.ofPattern(
                now.equals(now.truncatedTo(ChronoUnit.SECONDS))
                        ? "uuuu-MM-dd'T'HH:mm:ss"
                        : "uuuu-MM-dd'T'HH:mm:ss.SSSSSS"));
    }
}
