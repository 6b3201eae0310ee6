package io.threatengine.onboarding.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Counts and lists what was called, and asserts on it. A call counts once, however often the SDK tried. Thread-safe.
 *
 * <pre>{@code
 * workspace.calls().clear();
 * onboarding.tenants().get(tenant.id());
 * workspace.calls().assertCalls("1 GetItem");
 * }</pre>
 *
 * <p>A {@link Workspace} has one. For SDK clients of one's own: {@code ClientOverrideConfiguration.builder()
 * .addExecutionInterceptor(recorder.interceptor())}.
 */
public final class CallRecorder {
    private static final List<String> NAMING = List.of("TableName", "SecretId", "KeyId", "Name");

    private final List<RecordedCall> calls = new CopyOnWriteArrayList<>();

    /** What was called since the last {@link #clear()}, in the order in which the calls ended. */
    public List<RecordedCall> calls() {
        return List.copyOf(calls);
    }

    /** Forgets everything. */
    public void clear() {
        calls.clear();
    }

    /** The operations, in the order in which the calls ended. */
    public List<String> operations() {
        return calls.stream().map(RecordedCall::operation).toList();
    }

    /** How often one operation was called. */
    public int count(String operation) {
        return (int) calls.stream()
                .filter(call -> call.operation().equals(operation))
                .count();
    }

    /** The IAM actions that all of it needs, sorted. */
    public Set<String> actions() {
        var actions = new TreeSet<String>();
        calls.forEach(call -> actions.addAll(call.actions()));
        return actions;
    }

    /** How many of each operation, sorted: {@code "1 GetItem, 2 Query"}; {@code "none"}. */
    public String summary() {
        Map<String, Long> counts = calls.stream()
                .collect(Collectors.groupingBy(RecordedCall::operation, TreeMap::new, Collectors.counting()));
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }

    /**
     * Exactly these were called.
     *
     * @param expected as {@link #summary()} gives it
     * @throws AssertionError if others were; it lists them all
     */
    public void assertCalls(String expected) {
        String actual = summary();
        if (!actual.equals(expected)) {
            throw new AssertionError("expected the calls: " + expected + "\nbut there were: " + actual
                    + calls.stream().map(call -> "\n  " + call).collect(Collectors.joining()));
        }
    }

    /**
     * Nothing was called.
     *
     * @throws AssertionError if something was; it lists what
     */
    public void assertNone() {
        assertCalls("none");
    }

    /** Records the calls of the SDK clients that it is added to. */
    public ExecutionInterceptor interceptor() {
        return new ExecutionInterceptor() {
            @Override
            public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
                add(context.request(), null, attributes);
            }

            @Override
            public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
                add(context.request(), context.exception(), attributes);
            }
        };
    }

    private void add(SdkRequest request, @Nullable Throwable thrown, ExecutionAttributes attributes) {
        String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        add(new RecordedCall(
                service,
                operation,
                resource(request).orElse(null),
                actions(service, operation, request),
                thrown == null ? null : thrown.getClass().getSimpleName()));
    }

    void add(RecordedCall call) {
        calls.add(call);
    }

    private static Optional<String> resource(SdkRequest request) {
        return NAMING.stream()
                .flatMap(field -> request.getValueForField(field, String.class).stream())
                .findFirst();
    }

    private static Set<String> actions(String service, String operation, SdkRequest request) {
        if (request instanceof TransactWriteItemsRequest transaction) {
            return transaction.transactItems().stream()
                    .map(CallRecorder::action)
                    .collect(Collectors.toSet());
        }
        return Stream.of(service.toLowerCase(Locale.ROOT).replace(" ", "") + ":" + operation)
                .collect(Collectors.toSet());
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
