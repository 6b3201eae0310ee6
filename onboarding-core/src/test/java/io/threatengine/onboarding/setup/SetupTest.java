package io.threatengine.onboarding.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.SetupProgress.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SetupTest {
    private static final Check CHECK =
            new Check("table-missing", Severity.ERROR, "The table exists", "Reads fail.", "Make it.");

    private static PlannedChange change(String resource, Kind kind) {
        return new PlannedChange(resource, "table", kind, "none", "partition key id");
    }

    private record Part(PlannedChange change) implements Setup {
        @Override
        public SetupPlan plan() {
            return new SetupPlan(List.of(change));
        }

        @Override
        public SetupPlan apply(Consumer<? super SetupProgress> progress) {
            progress.accept(new SetupProgress(change, State.DONE, 1, 1));
            return plan();
        }

        @Override
        public List<Finding> verify() {
            return List.of(CHECK.failed(change.resource(), "none"));
        }
    }

    @Test
    void severalPartsAreGoneThroughInTurn() {
        Setup both = Setup.of(new Part(change("first", Kind.CREATE)), new Part(change("second", Kind.NONE)));
        List<SetupProgress> steps = new ArrayList<>();

        assertThat(both.plan().items()).extracting(PlannedChange::resource).containsExactly("first", "second");
        assertThat(both.apply(steps::add).changes())
                .extracting(PlannedChange::resource)
                .containsExactly("first");
        assertThat(steps).first().hasToString("[1/1] first: table done");
        assertThat(both.verify()).extracting(Finding::resource).containsExactly("first", "second");
    }

    @Test
    void aPlanIsEmptyIfNothingIsToBeDoneAndNothingIsInTheWay() {
        assertThat(plan(Kind.NONE, Kind.NOT_CHECKABLE).isEmpty()).isTrue();
        assertThat(plan(Kind.NOT_CHECKABLE).notCheckable()).hasSize(1);
        assertThat(plan(Kind.NONE, Kind.CREATE).isEmpty()).isFalse();
        assertThat(plan(Kind.CHANGE).changes()).hasSize(1);
        assertThat(plan(Kind.CONFLICT).isEmpty()).isFalse();
        assertThat(plan(Kind.CONFLICT).changes()).isEmpty();
    }

    private static SetupPlan plan(Kind... kinds) {
        var items = new ArrayList<PlannedChange>();
        for (Kind kind : kinds) {
            items.add(change("tenants", kind));
        }
        return new SetupPlan(items);
    }

    @Test
    void conflictsAreNamed() {
        assertThatNoException().isThrownBy(() -> plan(Kind.CHANGE).requireNoConflicts("dynamodb:UpdateTable"));
        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> plan(Kind.CONFLICT).requireNoConflicts("dynamodb:UpdateTable"))
                .withMessageContaining("tenants: table conflicts (found none, wanted partition key id)");
    }

    @Test
    void aFindingSaysWhyAndWhatHelpsWhereItIsAProblem() {
        assertThat(CHECK.failed("tenants", "no table"))
                .hasToString("table-missing failed tenants: no table. Reads fail. Make it.");
        assertThat(CHECK.passed("tenants", "it exists")).hasToString("table-missing passed tenants: it exists");
        assertThat(CHECK.notCheckable("tenants", "unknown call").isProblem()).isFalse();
    }

    @Test
    void wrongOptionsAreRefusedByName() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(
                        () -> SetupOptions.builder().tags(Map.of("aws:x", "y")).build())
                .withMessageContaining("aws:x");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> SetupOptions.builder().tags(Map.of("", "y")).build());
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> SetupOptions.builder()
                        .tags(Map.of("x", "y".repeat(257)))
                        .build());
        for (String wrong : List.of("team*", "two\nlines", "<b>")) {
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() ->
                            SetupOptions.builder().tags(Map.of(wrong, "y")).build());
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() ->
                            SetupOptions.builder().tags(Map.of("x", wrong)).build());
        }
        assertThat(SetupOptions.builder()
                        .tags(Map.of("équipe: a/b", "x@y +-=._"))
                        .build()
                        .tags())
                .hasSize(1);
        for (String wrong : List.of("*", "arn:aws:iam::123456789012:root", "arn:aws:iam::12:role/x")) {
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() ->
                            SetupOptions.builder().engineRoles(List.of(wrong)).build())
                    .withMessageContaining("engine role");
        }
    }

    @Test
    void aTableKnowsItsKeyAttributes() {
        var table = new TableDefinition(
                "t", "id", List.of(new TableDefinition.Index("i", List.of("tenant_id", "id"))), null);

        assertThat(table.keyAttributes()).containsExactly("id", "tenant_id");
    }
}
