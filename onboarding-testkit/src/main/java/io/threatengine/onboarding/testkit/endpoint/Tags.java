package io.threatengine.onboarding.testkit.endpoint;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tags of a secret or a key. The services differ in the names of the members and in the error. */
final class Tags {
    private static final int MAX_TAGS = 50;

    private final String keyMember;
    private final String valueMember;
    private final String errorType;
    private final Map<String, String> values = new TreeMap<>();

    private Tags(String keyMember, String valueMember, String errorType) {
        this.keyMember = keyMember;
        this.valueMember = valueMember;
        this.errorType = errorType;
    }

    static Tags ofSecret() {
        return new Tags("Key", "Value", "InvalidParameterException");
    }

    static Tags ofKey() {
        return new Tags("TagKey", "TagValue", "TagException");
    }

    /** All or none. */
    void add(List<Request> tags) {
        Map<String, String> added = new TreeMap<>();
        for (Request tag : tags) {
            String key = tag.requiredText(keyMember, 1, 128);
            if (key.startsWith("aws:")) {
                throw new AwsError(errorType, "Tags beginning with aws: are reserved");
            }
            if (added.put(key, tag.text(valueMember, 0, 256).orElse("")) != null) {
                throw new AwsError(errorType, "Duplicate tag keys");
            }
        }
        Map<String, String> all = new TreeMap<>(values);
        all.putAll(added);
        if (all.size() > MAX_TAGS) {
            throw new AwsError(errorType, "Too many tags");
        }
        values.putAll(added);
    }

    void remove(List<String> keys) {
        keys.forEach(values::remove);
    }

    boolean anyKey(Predicate<String> condition) {
        return values.keySet().stream().anyMatch(condition);
    }

    boolean anyValue(Predicate<String> condition) {
        return values.values().stream().anyMatch(condition);
    }

    /** All keys and values, for a search over everything. */
    String words() {
        return String.join(" ", values.keySet()) + " " + String.join(" ", values.values());
    }

    /** Null when there are none. */
    @Nullable
    List<Reply> reply() {
        return values.isEmpty() ? null : reply(values.keySet().stream().toList());
    }

    List<String> keys() {
        return List.copyOf(values.keySet());
    }

    List<Reply> reply(List<String> keys) {
        return keys.stream()
                .map(key -> new Reply().with(keyMember, key).with(valueMember, values.get(key)))
                .toList();
    }
}
