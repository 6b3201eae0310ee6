package io.threatengine.onboarding.provider;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an account number looks like, per provider type. */
record AccountNumberRule(String rule, Pattern pattern, UnaryOperator<String> stored) {
    /** Bounds every kind: a number is part of a unique key, and a pattern must not run away on a long text. */
    private static final int LONGEST = 255;

    private static final Map<String, AccountNumberRule> RULES = Map.of(
            "aws", rule("must be exactly 12 digits", "[0-9]{12}"),
            "azure",
                    new AccountNumberRule(
                            "must be a subscription id, a UUID like 0b1f6471-1bf0-4dda-aec3-111122223333",
                            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
                            number -> number.toLowerCase(Locale.ROOT)),
            "gcp",
                    rule(
                            "must be a project id: 6 to 30 lower case letters, digits or '-', starting with a letter and"
                                    + " not ending with '-', with an optional \"domain.com:\" before it",
                            "([a-z0-9][a-z0-9-]*+(\\.[a-z0-9-]++)++:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"),
            "alicloud", rule("must be exactly 16 digits", "[0-9]{16}"),
            "oci",
                    rule(
                            "must be a tenancy OCID like ocid1.tenancy.oc1..aaaa (a user's OCID is another thing)",
                            "ocid1\\.tenancy\\.[A-Za-z0-9-]+\\.[A-Za-z0-9-]*\\.[A-Za-z0-9_-]+"),
            "ibm", rule("must be 32 hexadecimal digits", "[0-9a-fA-F]{32}"),
            "k8s",
                    rule(
                            "must be a cluster or context name: 2 to 251 of A-Z a-z 0-9 . _ @ : / -, starting with a"
                                    + " letter or digit",
                            "[A-Za-z0-9][A-Za-z0-9._@:/-]{1,250}"));

    private static AccountNumberRule rule(String rule, String pattern) {
        return new AccountNumberRule(rule, Pattern.compile(pattern), UnaryOperator.identity());
    }

    /** The number as it is to be stored. The field is named by the provider, so that the error says whose rule it is. */
    static String check(String providerType, @Nullable String number) {
        String field = providerType + " account number";
        AccountNumberRule rule = RULES.get(providerType);
        if (rule == null) {
            return Rules.printable(field, number, 1, LONGEST);
        }
        if (number != null && number.length() > LONGEST) {
            throw new InvalidValueException(field, rule.rule, number);
        }
        return rule.stored.apply(Rules.matches(field, rule.rule, number, rule.pattern));
    }
}
