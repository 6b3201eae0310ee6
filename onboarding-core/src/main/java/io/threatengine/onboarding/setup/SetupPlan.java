package io.threatengine.onboarding.setup;

import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What exists, what differs and what would change. Immutable.
 *
 * @param items all that was looked at, in the order in which {@link Setup#apply} goes through it
 */
public record SetupPlan(List<PlannedChange> items) {
    public SetupPlan {
        items = List.copyOf(items);
    }

    /** One plan of several, in their order. */
    public static SetupPlan join(Collection<SetupPlan> plans) {
        return new SetupPlan(
                plans.stream().flatMap(plan -> plan.items().stream()).toList());
    }

    /** What {@link Setup#apply} would do. */
    public List<PlannedChange> changes() {
        return items.stream()
                .filter(item -> item.kind() == Kind.CREATE || item.kind() == Kind.CHANGE)
                .toList();
    }

    /** What is otherwise than wanted and cannot be changed without loss. */
    public List<PlannedChange> conflicts() {
        return of(Kind.CONFLICT);
    }

    /** What the service does not tell. */
    public List<PlannedChange> notCheckable() {
        return of(Kind.NOT_CHECKABLE);
    }

    /** Whether there is nothing to do, and nothing in the way. */
    public boolean isEmpty() {
        return changes().isEmpty() && conflicts().isEmpty();
    }

    /**
     * Refuses a plan with conflicts.
     *
     * @param operation what they stand in the way of, in the form of an IAM action
     * @throws NotSetUpException that names all of them
     */
    public void requireNoConflicts(String operation) {
        List<PlannedChange> conflicts = conflicts();
        if (!conflicts.isEmpty()) {
            throw NotSetUpException.inTheWay(
                    operation,
                    conflicts.get(0).resource(),
                    conflicts.stream().map(PlannedChange::toString).collect(Collectors.joining("; ")));
        }
    }

    private List<PlannedChange> of(Kind kind) {
        return items.stream().filter(item -> item.kind() == kind).toList();
    }
}
