package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.Severity;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the tables. */
final class TableChecks {
    private static final Check EXISTS = new Check(
            "table-missing",
            Severity.ERROR,
            "The table exists",
            "Whatever reads or writes it fails.",
            "Run the set-up (apply), or correct the region and the table's name in the settings.");
    private static final Check ALLOWED = new Check(
            "table-access",
            Severity.ERROR,
            "The caller may look at the table",
            "What may not be seen cannot be checked, and the engines' roles may lack actions as well.",
            "Allow the action that is named, on this table, in the caller's policy.");
    private static final Check STATE = new Check(
            "table-state",
            Severity.ERROR,
            "The table can be used",
            "What reads or writes it fails, and the set-up can do nothing about it.",
            "DELETING: wait until it is gone, then run the set-up (apply), and restore its rows from a backup."
                    + " INACCESSIBLE_ENCRYPTION_CREDENTIALS: enable the table's KMS key within seven days, or the table is"
                    + " archived. ARCHIVED: restore it from the backup that AWS made of it.");
    private static final Check SHAPE = new Check(
            "table-shape",
            Severity.ERROR,
            "Keys and indexes are those of the manifest",
            "Lists and look-ups use these keys and indexes; with others they fail or miss rows.",
            "A missing index is made by the set-up (apply). Other keys need a new table, and its rows moved.");
    private static final Check BILLING = new Check(
            "table-billing",
            Severity.WARNING,
            "The table is billed on demand",
            "Provisioned capacity throttles bursts of runs.",
            "Run the set-up (apply), which changes the billing mode.");
    private static final Check PROTECTION = new Check(
            "table-deletion-protection",
            Severity.ADVICE,
            "The table is protected from deletion",
            "One call deletes a table with all of its rows.",
            "Run the set-up (apply), which switches the protection on.");
    private static final Check RECOVERY = new Check(
            "table-recovery",
            Severity.ADVICE,
            "The table can be restored to a point in time",
            "Without it, what a faulty program overwrites is lost.",
            "Run the set-up (apply), which switches point-in-time recovery on.");
    private static final Check ENCRYPTION = new Check(
            "table-encryption",
            Severity.ADVICE,
            "The table is encrypted with a key of the account",
            "The service's own key leaves no trace of its use in CloudTrail.",
            "Run the set-up (apply), which changes the key.");
    private static final Check EXPIRY = new Check(
            "table-expiry",
            Severity.WARNING,
            "Rows expire by the attribute that the library writes",
            "Without it they stay for ever; by another attribute they may go too early.",
            "Run the set-up (apply); where another attribute is in use, switch it off first.");
    private static final Check TAGS = new Check(
            "table-tags",
            Severity.ADVICE,
            "The table has the tags that were asked for",
            "Costs and owners are found by tags.",
            "Run the set-up (apply), which adds them.");

    static final List<Check> ALL =
            List.of(EXISTS, ALLOWED, STATE, SHAPE, BILLING, PROTECTION, RECOVERY, ENCRYPTION, EXPIRY, TAGS);

    private final TableCalls calls;
    private final SetupOptions options;

    TableChecks(TableCalls calls, SetupOptions options) {
        this.calls = calls;
        this.options = options;
    }

    List<Finding> run(List<TableDefinition> tables) {
        var findings = new ArrayList<Finding>();
        tables.forEach(table -> findings.addAll(check(table)));
        return findings;
    }

    private List<Finding> check(TableDefinition table) {
        List<PlannedChange> items;
        try {
            items = TablePlan.of(table, options, calls).asPlan().items();
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (AccessDeniedException e) {
            return List.of(ALLOWED.failed(table.name(), String.valueOf(e.getMessage())));
        } catch (OnboardingException e) {
            return List.of(EXISTS.notCheckable(table.name(), String.valueOf(e.getMessage())));
        }
        if (items.get(0).kind() == Kind.CREATE) {
            return List.of(EXISTS.failed(table.name(), "no table of that name in this region"));
        }
        var findings = new ArrayList<Finding>();
        findings.add(EXISTS.passed(table.name(), "it exists"));
        items.forEach(item -> findings.add(finding(item)));
        if (table.expiryAttribute() == null && items.get(0).kind() == Kind.NONE) {
            foreignExpiry(table.name()).ifPresent(findings::add);
        }
        return findings;
    }

    /** Nobody asked for an expiry here, and an earlier one of ours may stay; by somebody else's attribute rows go unseen. */
    private Optional<Finding> foreignExpiry(String table) {
        String attribute;
        try {
            attribute = calls.expiryOf(table);
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return Optional.of(EXPIRY.notCheckable(table, String.valueOf(e.getMessage())));
        }
        return attribute == null || attribute.equals(Table.EXPIRY)
                ? Optional.empty()
                : Optional.of(EXPIRY.failed(table, "rows expire by " + attribute + ", though no retention is set"));
    }

    private static Finding finding(PlannedChange item) {
        Check check = switch (item.aspect()) {
            case "state" -> STATE;
            case "billing" -> BILLING;
            case "deletion protection" -> PROTECTION;
            case "point-in-time recovery" -> RECOVERY;
            case "encryption" -> ENCRYPTION;
            case "expiry of rows" -> EXPIRY;
            case "tags" -> TAGS;
            default -> SHAPE;
        };
        return switch (item.kind()) {
            case NONE -> check.passed(item.resource(), item.aspect() + " " + item.found());
            case NOT_CHECKABLE -> check.notCheckable(item.resource(), item.found());
            case CREATE, CHANGE, CONFLICT ->
                check.failed(item.resource(), item.aspect() + " " + item.found() + ", not " + item.wanted());
        };
    }
}
