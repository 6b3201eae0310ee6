package io.threatengine.onboarding.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, and where it goes on.
 *
 * @param items in the list's order; may be empty though the list goes on
 * @param next what to give to {@link Listing#page(int, PageToken)} for the next page; null on the last page
 */
public record Page<T>(List<T> items, @Nullable PageToken next) {
    public Page {
        items = List.copyOf(items);
    }

    public boolean isLast() {
        return next == null;
    }
}
