package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Makes clients of the embedded services that tell what they were asked to do, and what was answered. */
class Recorder implements ExecutionInterceptor {

    /**
     * A call, in the SDK's words.
     *
     * @param response null where the call failed
     */
    record Call(
            String service,
            String operation,
            SdkRequest request,
            @Nullable SdkResponse response) {

        /** The IAM actions that the caller must be allowed; a transaction has none of its own. */
        Stream<String> actions() {
            if (request instanceof TransactWriteItemsRequest transaction) {
                return transaction.transactItems().stream().map(Call::action);
            }
            return Stream.of(iamService() + ":" + operation);
        }

        /** As IAM spells it. */
        private String iamService() {
            return service.toLowerCase(Locale.ROOT).replace(" ", "");
        }

        /** The actions with the ARN of what each is done to, in the form {@code action on arn}. */
        Stream<String> grantsNeeded() {
            if (request instanceof TransactWriteItemsRequest transaction) {
                return transaction.transactItems().stream()
                        .map(step ->
                                action(step) + " on " + arn("dynamodb", "table/" + CapacityRecorder.tableOf(step)));
            }
            return actions().flatMap(action -> resources().map(arn -> action + " on " + arn));
        }

        private Stream<String> resources() {
            if (request instanceof BatchGetItemRequest batch) {
                return batch.requestItems().keySet().stream().map(table -> arn("dynamodb", "table/" + table));
            }
            if (request instanceof BatchWriteItemRequest batch) {
                return batch.requestItems().keySet().stream().map(table -> arn("dynamodb", "table/" + table));
            }
            Optional<String> table = field("TableName");
            if (table.isPresent()) {
                String index = field("IndexName").map(name -> "/index/" + name).orElse("");
                return Stream.of(arn("dynamodb", "table/" + table.get() + index));
            }
            Optional<String> arn = field("ResourceArn");
            if (arn.isPresent()) {
                return arn.stream();
            }
            Optional<String> secret =
                    field("SecretId").or(() -> operation.equals("CreateSecret") ? field("Name") : Optional.empty());
            if (secret.isPresent()) {
                String name = secret.get();
                return Stream.of(name.startsWith("arn:") ? name : arn("secretsmanager", "secret:" + name + "-aBcDeF"));
            }
            Optional<String> role = field("RoleName").map(name -> "arn:aws:iam::000000000000:role/" + name);
            if (role.isPresent()) {
                return role.stream();
            }
            Optional<String> policy = field("PolicyArn");
            if (policy.isPresent()) {
                return policy.stream();
            }
            return field("KeyId").or(() -> field("TargetKeyId")).isPresent()
                    ? Stream.of(arn("kms", "key/00000000-0000-0000-0000-000000000000"))
                    : Stream.of("*");
        }

        private Optional<String> field(String name) {
            return request.getValueForField(name, String.class);
        }

        private static String arn(String service, String resource) {
            // DynamoDB Local has a region of its own
            return "arn:aws:" + service + ":" + (service.equals("dynamodb") ? "ddblocal" : "ap-south-1")
                    + ":000000000000:" + resource;
        }

        private static String action(TransactWriteItem step) {
            if (step.conditionCheck() != null) {
                return "dynamodb:ConditionCheckItem";
            }
            if (step.put() != null) {
                return "dynamodb:PutItem";
            }
            return step.update() != null ? "dynamodb:UpdateItem" : "dynamodb:DeleteItem";
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    DynamoDbClient dynamoDb(EmbeddedAws aws) {
        return as(aws.dynamoDb().serviceClientConfiguration(), DynamoDbClient.builder())
                .build();
    }

    SecretsManagerClient secretsManager(EmbeddedAws aws) {
        return as(aws.secretsManager().serviceClientConfiguration(), SecretsManagerClient.builder())
                .build();
    }

    KmsClient kms(EmbeddedAws aws) {
        return as(aws.kms().serviceClientConfiguration(), KmsClient.builder()).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B as(AwsServiceClientConfiguration embedded, B builder) {
        return builder.endpointOverride(embedded.endpointOverride().orElseThrow())
                .region(embedded.region())
                .credentialsProvider(embedded.credentialsProvider())
                .overrideConfiguration(options -> options.addExecutionInterceptor(this));
    }

    /** What was called since the last {@link #clear()}. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    void clear() {
        calls.clear();
    }

    /** The operations that were called, in order. */
    List<String> operations() {
        return calls.stream().map(Call::operation).toList();
    }

    Set<String> actions() {
        var actions = new TreeSet<String>();
        calls.forEach(call -> call.actions().forEach(actions::add));
        return actions;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        add(context.request(), context.response(), attributes);
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        add(context.request(), null, attributes);
    }

    private void add(SdkRequest request, @Nullable SdkResponse response, ExecutionAttributes attributes) {
        calls.add(new Call(
                attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
                attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                request,
                response));
    }
}
