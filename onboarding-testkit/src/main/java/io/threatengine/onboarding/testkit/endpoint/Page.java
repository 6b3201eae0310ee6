package io.threatengine.onboarding.testkit.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a sorted listing. The token names the position of the last item and not a count, so that items deleted
 * between two pages do not make the next page skip others.
 */
record Page<T>(List<T> items, @Nullable String nextToken) {

    /**
     * @param position a unique text for each item, by which the listing is sorted
     * @param invalidToken the type of the error for a token that no page gave out
     */
    static <T> Page<T> of(
            Collection<T> all,
            Function<T, String> position,
            boolean descending,
            Optional<String> token,
            int limit,
            String invalidToken) {
        Comparator<String> order = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Optional<String> last = token.map(text -> decode(text, invalidToken));
        List<T> rest = all.stream()
                .sorted(Comparator.comparing(position, order))
                .filter(item -> last.isEmpty() || order.compare(position.apply(item), last.get()) > 0)
                .limit(limit + 1L)
                .toList();
        if (rest.size() <= limit) {
            return new Page<>(rest, null);
        }
        return new Page<>(rest.subList(0, limit), encode(position.apply(rest.get(limit - 1))));
    }

    private static String encode(String position) {
        return Base64.getUrlEncoder().encodeToString(("after:" + position).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token, String invalidToken) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith("after:")) {
                return text.substring("after:".length());
            }
        } catch (IllegalArgumentException e) {
            // not Base64: refused below
        }
        throw new AwsError(invalidToken, "The token is not one that this operation returned.");
    }
}
