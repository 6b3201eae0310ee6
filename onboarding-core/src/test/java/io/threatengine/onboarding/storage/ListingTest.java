package io.threatengine.onboarding.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final List<String> reads = new ArrayList<>();

    /** Three pages, the second of which is empty, as filtered or expiring pages may be. */
    private final Listing<Integer> listing = Listing.of((limit, after, unreadable) -> {
        String at = after == null ? "0" : after.position("q").getOrDefault("at", "");
        reads.add(at);
        return switch (at) {
            case "0" -> new Page<>(List.of(1, 2), PageToken.of("q", Map.of("at", "1")));
            case "1" -> new Page<>(List.of(), PageToken.of("q", Map.of("at", "2")));
            default -> new Page<>(List.of(3), null);
        };
    });

    @Test
    void isCompleteThoughAPageIsEmpty() {
        assertThat(listing.stream()).containsExactly(1, 2, 3);
        assertThat(listing).containsExactly(1, 2, 3);
    }

    @Test
    void readsNothingBeforeItIsAskedAndNoPageTooMany() {
        Iterator<Integer> iterator = listing.iterator();
        assertThat(reads).isEmpty();

        iterator.next();
        iterator.next();
        assertThat(reads).containsExactly("0");

        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(reads).containsExactly("0", "1", "2");
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void goesOnAfterAPage() {
        PageToken next = listing.page(2).next();
        assertThat(next).isNotNull();

        Page<Integer> second = listing.page(2, next);

        assertThat(second.items()).isEmpty();
        assertThat(second.isLast()).isFalse();
    }
}
