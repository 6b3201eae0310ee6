package io.threatengine.onboarding.testkit;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That something was called, without what was said: no value of a row or secret is kept. Immutable.
 *
 * @param service such as {@code DynamoDb} or {@code SecretsManager}; {@code Memory} for the fakes
 * @param operation such as {@code GetItem}; of the fakes {@code TenantRepository.create}
 * @param nullableResource the table, secret or key that the request names; null if it names none, or several
 * @param actions the IAM actions that the caller must be allowed: a transaction has none of its own; empty for the fakes
 * @param nullableError the simple class name of what was thrown in the end; null if the call succeeded
 */
public record RecordedCall(
        String service,
        String operation,
        @Nullable String nullableResource,
        Set<String> actions,
        @Nullable String nullableError) {

    public RecordedCall {
        actions = Set.copyOf(actions);
    }

    /** The table, secret or key that the request names. */
    public Optional<String> resource() {
        return Optional.ofNullable(nullableResource);
    }

    /** The simple class name of what was thrown in the end. */
    public Optional<String> error() {
        return Optional.ofNullable(nullableError);
    }

    /** {@code GetItem threat-engine-tenants}, and what was thrown. */
    @Override
    public String toString() {
        return operation
                + resource().map(name -> " " + name).orElse("")
                + error().map(thrown -> " (" + thrown + ")").orElse("");
    }
}
