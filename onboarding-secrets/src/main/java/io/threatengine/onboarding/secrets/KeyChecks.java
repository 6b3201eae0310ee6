package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is wrong with the key.
 *
 * @param name as the settings have it
 */
record KeyChecks(String name) {
    private static final Check CUSTOMER = new Check(
            "key-customer-managed",
            Severity.ADVICE,
            "Secrets are encrypted with a key of the account's own",
            "The AWS managed key has a policy that nobody can change, and cannot be used from another account.",
            "Name an alias in SECRETS_MANAGER_KMS_KEY_ID, run the set-up (apply), and encrypt the secrets anew.");
    private static final Check EXISTS = new Check(
            "key-missing",
            Severity.ERROR,
            "The key of the settings exists",
            "No secret can be written.",
            "Run the set-up (apply), which makes a key for an alias, or correct SECRETS_MANAGER_KMS_KEY_ID and the region.");
    private static final Check ALLOWED = new Check(
            "key-access",
            Severity.ERROR,
            "The caller may look at the key",
            "What may not be seen cannot be checked, and the engines' roles may lack actions as well.",
            "Allow the action that is named, in the key's policy or in the caller's.");
    private static final Check KIND = new Check(
            "key-kind",
            Severity.ERROR,
            "The key is symmetric, for encryption",
            "Secrets Manager can use no other: no secret can be written.",
            "Name another in SECRETS_MANAGER_KMS_KEY_ID, or an alias that does not exist, and run the set-up (apply).");
    private static final Check DISABLED = new Check(
            "key-disabled",
            Severity.ERROR,
            "The key is enabled",
            "No secret under it can be read or written.",
            "Enable it (kms:EnableKey).");
    private static final Check GOING = new Check(
            "key-pending-deletion",
            Severity.ERROR,
            "The key is not scheduled for deletion",
            "No secret under it can be read now; once the key is gone, none ever can.",
            "Cancel the deletion (kms:CancelKeyDeletion), then enable the key (kms:EnableKey).");
    private static final Check POLICY = new Check(
            "key-policy",
            Severity.ERROR,
            "The key's policy has the administrator's and the engines' statements",
            "Without the first nobody can mend the policy; without the other the engines may be refused.",
            "Run the set-up (apply), which adds what is missing and keeps the statements of others.");
    private static final Check ROTATION = new Check(
            "key-rotation",
            Severity.ADVICE,
            "The key's material is rotated",
            "Rotation bounds what one leaked key opens; it costs no call and changes no name.",
            "Run the set-up (apply), which switches rotation on (kms:EnableKeyRotation).");
    private static final Check TAGS = new Check(
            "key-tags",
            Severity.ADVICE,
            "The key has the tags that were asked for",
            "Costs and owners are found by tags.",
            "Run the set-up (apply), which adds them.");

    static final List<Check> ALL = List.of(CUSTOMER, EXISTS, ALLOWED, KIND, DISABLED, GOING, POLICY, ROTATION, TAGS);

    List<Finding> run(Supplier<List<PlannedChange>> look) {
        List<PlannedChange> items;
        try {
            items = look.get();
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (AccessDeniedException e) {
            return List.of(ALLOWED.failed(name, String.valueOf(e.getMessage())));
        } catch (OnboardingException e) {
            return List.of(EXISTS.notCheckable(name, String.valueOf(e.getMessage())));
        }
        PlannedChange key = items.get(0);
        if (key.found().equals(KeySetup.OF_AWS)) {
            return List.of(CUSTOMER.failed(name, KeySetup.OF_AWS + " is used"));
        }
        if (key.kind() == Kind.CREATE || key.found().equals("no such key")) {
            return List.of(EXISTS.failed(name, "no key of that name in this region"));
        }
        var findings = new ArrayList<Finding>();
        findings.add(CUSTOMER.passed(name, "the settings name it"));
        findings.add(EXISTS.passed(name, "it exists"));
        items.forEach(item -> findings.add(finding(item)));
        return findings;
    }

    private static Finding finding(PlannedChange item) {
        Check check = switch (item.aspect()) {
            case "policy" -> POLICY;
            case "rotation" -> ROTATION;
            case "tags" -> TAGS;
            case "kind of key" -> KIND;
            default -> item.found().endsWith("Deletion") ? GOING : DISABLED; // a primary key: PendingReplicaDeletion
        };
        return switch (item.kind()) {
            case NONE -> check.passed(item.resource(), item.found());
            case NOT_CHECKABLE -> check.notCheckable(item.resource(), item.found());
            case CREATE, CHANGE, CONFLICT -> check.failed(item.resource(), item.aspect() + " " + item.found());
        };
    }
}
