package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.OnboardingException;
import java.util.List;

/**
 * How far {@link DynamoDbStorage#backfillUniqueKeys} is, and in the end what came of it. Immutable.
 *
 * @param rows tenants, providers and accounts that were looked at
 * @param reserved names and numbers that were reserved for them, and had not been
 * @param problems what could not be: an {@code AlreadyExistsException} for a name or number that another row holds as well, a {@code
 *     MalformedDataException} for a row that cannot be read, a {@code VersionConflictException} for one that was changed all the time
 */
public record UniqueKeyBackfill(long rows, long reserved, List<OnboardingException> problems) {
    public UniqueKeyBackfill {
        problems = List.copyOf(problems);
    }

    /** For people: {@code 1200 rows, 37 names and numbers reserved, 2 problems}. */
    @Override
    public String toString() {
        return rows + " rows, " + reserved + " names and numbers reserved"
                + (problems.isEmpty() ? "" : ", " + problems.size() + " problems");
    }
}
