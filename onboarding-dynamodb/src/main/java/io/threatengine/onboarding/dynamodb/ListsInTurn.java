package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Several lists as one: one after the other, beginning with any of them. */
final class ListsInTurn {
    private static final String FIRST = "first";
    private static final String DONE = "done";
    private static final String WITHIN = "within";

    private ListsInTurn() {}

    /**
     * The lists as one.
     *
     * @param query what tokens are bound to, beside the number of lists
     * @param lists found when a page is read
     * @param first given their number, which of them is the first one; the one before it is the last
     */
    static <T> Listing<T> of(String query, Supplier<List<Listing<T>>> lists, IntUnaryOperator first) {
        return Listing.of((limit, after, filter, unreadable) -> {
            List<Listing<T>> parts = lists.get();
            String whole = query + "\u0000" + parts.size();
            Map<String, String> position = after == null ? Map.of() : after.position(whole);
            int begun = after == null ? first.applyAsInt(parts.size()) : number(position, FIRST, after);
            int done = after == null ? 0 : number(position, DONE, after);
            String within = position.get(WITHIN);
            Page<T> page = parts.get(Math.floorMod(begun + done, parts.size()))
                    .read(limit, within == null ? null : new PageToken(within), filter, unreadable);
            var next = new HashMap<String, String>();
            next.put(FIRST, Integer.toString(begun));
            if (page.next() != null) {
                next.put(DONE, Integer.toString(done));
                next.put(WITHIN, page.next().text());
            } else {
                next.put(DONE, Integer.toString(done + 1));
            }
            boolean isLast = page.next() == null && done + 1 >= parts.size();
            return new Page<>(page.items(), isLast ? null : PageToken.of(whole, next));
        });
    }

    private static int number(Map<String, String> position, String name, PageToken token) {
        try {
            return Integer.parseInt(position.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            throw new InvalidPageTokenException(
                    "must come, unchanged, from an earlier page of the same query", token.text());
        }
    }
}
