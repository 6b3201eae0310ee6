package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.util.List;
import java.util.Locale;
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
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
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
            return Stream.of(service.toLowerCase(Locale.ROOT).replace(" ", "") + ":" + operation);
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
