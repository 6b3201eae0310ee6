package io.threatengine.onboarding.infrastructure;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What both kinds of templates are made of. */
record Manifest(OnboardingSettings settings, SetupOptions options, Map<String, TableDefinition> tables) {
    static final String KEY_DESCRIPTION = "Threat Engine onboarding credentials";

    static Manifest of(OnboardingSettings settings, SetupOptions options) {
        Objects.requireNonNull(options, "options");
        TableNames names = settings.tables();
        // a template's resources keep their ids, whatever the tables are called
        Map<String, String> ids = Map.of(
                names.tenants(), "Tenants",
                names.providers(), "Providers",
                names.accounts(), "Accounts",
                names.schedules(), "Schedules",
                names.executions(), "Executions",
                names.scanResults(), "ScanResults",
                names.uniqueKeys(), "UniqueKeys");
        var tables = new LinkedHashMap<String, TableDefinition>();
        DynamoDbSetup.tables(settings)
                .forEach(table -> tables.put(Objects.requireNonNull(ids.get(table.name()), table.name()), table));
        return new Manifest(settings, options, tables);
    }

    /** The alias of the key that a template makes; empty where it makes none. */
    Optional<String> keyAlias() {
        return settings.kmsKeyId().filter(key -> key.startsWith("alias/") && !key.startsWith("alias/aws/"));
    }
}
