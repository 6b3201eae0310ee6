package io.threatengine.onboarding.storage;

import java.util.List;

/**
 * A value that only one entity may hold within a scope: an account's name within its tenant. Storage keeps a guard row for
 * each, under {@link #text()}, in the transaction that writes the entity.
 *
 * @param kind whose value: {@code "account"}
 * @param field which value: {@code "name"}
 * @param scope the ids within which it is unique, outermost first; empty for everywhere
 * @param value the value itself
 */
public record UniqueKey(String kind, String field, List<String> scope, String value) {
    public UniqueKey {
        scope = List.copyOf(scope);
    }

    /** One line for key and scope. Ids contain no {@code #}, and the free text stands last: two keys never collide. */
    public String text() {
        var text = new StringBuilder(kind).append('.').append(field);
        scope.forEach(id -> text.append('#').append(id));
        return text.append('#').append(value).toString();
    }
}
