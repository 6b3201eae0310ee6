package io.threatengine.onboarding;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of the tables, each 3 to 255 of {@code A-Z a-z 0-9 _ . -} (the service's rule).
 *
 * @param uniqueKeys the guard rows of this library; the other tables are shared with the Python engines
 */
public record TableNames(
        String tenants,
        String providers,
        String accounts,
        String schedules,
        String executions,
        String scanResults,
        String uniqueKeys) {
    static final String PATTERN = "[A-Za-z0-9_.-]{3,255}";
    static final String RULE = "must be 3 to 255 of A-Z a-z 0-9 _ . -";

    private static final Pattern NAME = Pattern.compile(PATTERN);

    public TableNames {
        check("tenants table", tenants);
        check("providers table", providers);
        check("accounts table", accounts);
        check("schedules table", schedules);
        check("executions table", executions);
        check("scan results table", scanResults);
        check("unique keys table", uniqueKeys);
        List<String> all = List.of(tenants, providers, accounts, schedules, executions, scanResults, uniqueKeys);
        if (new HashSet<>(all).size() < all.size()) {
            throw new InvalidValueException("tables", "must have seven different names", all.toString());
        }
    }

    /** The names that everybody uses, after a prefix: {@code threat-engine-} gives the default ones. */
    public static TableNames withPrefix(String prefix) {
        return new TableNames(
                prefix + "tenants",
                prefix + "providers",
                prefix + "accounts",
                prefix + "schedules",
                prefix + "executions",
                prefix + "scan-results",
                prefix + "unique-keys");
    }

    private static void check(String table, String name) {
        Rules.matches(table, RULE, name, NAME);
    }
}
