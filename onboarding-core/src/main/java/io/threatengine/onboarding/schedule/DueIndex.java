package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which index the due schedules are found.
 *
 * <ul>
 *   <li>{@link #LEGACY}, the default: {@code next-run-index}, which the Python scheduler reads too. All enabled schedules share
 *       one partition of it, which takes about 1,000 writes a second (Amazon DynamoDB Developer Guide, "Best practices for
 *       designing and using partition keys effectively"), and a run makes four.
 *   <li>{@link #sharded}: {@code due-shard-index}, which spreads them over so many partitions. An enabled schedule then has no
 *       {@code next_run_at}, so that the Python scheduler does not see it.
 * </ul>
 *
 * <p>Each mode finds what was stored in the other one, or with another number of shards, and takes it over when it is due
 * (README, "Due schedules").
 *
 * @param shards 0 for the legacy index
 */
public record DueIndex(int shards) {
    /** The index that the Python scheduler reads. */
    public static final DueIndex LEGACY = new DueIndex(0);

    /** As many as one look for due schedules asks singly. */
    public static final int MOST_SHARDS = 256;

    private static final Pattern TEXT = Pattern.compile("legacy|sharded:([0-9]{1,3})");

    public DueIndex {
        if (shards < 0 || shards > MOST_SHARDS) {
            throw new InvalidValueException(
                    "shards of the due index", "must be 1 to " + MOST_SHARDS, Integer.toString(shards));
        }
    }

    /**
     * The sharded index.
     *
     * @param shards 1 to 256; one for every 100 runs a second, where DynamoDB has had time to give each a partition of its own,
     *     leaves room ({@code docs/due-schedules.md})
     */
    public static DueIndex sharded(int shards) {
        if (shards == 0) {
            throw new InvalidValueException("shards of the due index", "must be 1 to " + MOST_SHARDS, "0");
        }
        return new DueIndex(shards);
    }

    /**
     * What a setting says: {@code legacy} or {@code sharded:16}.
     *
     * @param field what the setting is called, for the error
     * @throws InvalidValueException if it says something else
     */
    public static DueIndex parse(String field, String text) {
        Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new InvalidValueException(field, "must be legacy, or sharded and a number like sharded:16", text);
        }
        return matcher.group(1) == null ? LEGACY : sharded(Integer.parseInt(matcher.group(1)));
    }

    public boolean isSharded() {
        return shards > 0;
    }

    /** The shard of a schedule, 0 to {@link #shards} - 1; the same for ever, as {@link String#hashCode()} is. */
    public int shardOf(ScheduleId id) {
        return Math.floorMod(spread(id.value().hashCode()), shards);
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    @Override
    public String toString() {
        return isSharded() ? "sharded:" + shards : "legacy";
    }
}
