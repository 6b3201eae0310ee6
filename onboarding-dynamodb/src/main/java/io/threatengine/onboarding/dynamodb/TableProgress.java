package io.threatengine.onboarding.dynamodb;

import java.util.Locale;

/**
 * A step of {@link DynamoDbStorage#createTables}.
 *
 * @param table the table's name
 * @param state what is so now
 * @param done how many tables are ready
 * @param total how many tables there are
 */
public record TableProgress(String table, State state, int done, int total) {
    /** How far a table is. */
    public enum State {
        /** It was there already, with the right keys and indexes. */
        FOUND,
        /** The service is making it. */
        CREATING,
        /** It has been made and can be used. */
        READY
    }

    /** For people: {@code [3/7] threat-engine-accounts ready}. */
    @Override
    public String toString() {
        return "[" + done + "/" + total + "] " + table + " " + state.name().toLowerCase(Locale.ROOT);
    }
}
