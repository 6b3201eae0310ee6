package io.threatengine.onboarding.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidPageTokenException;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageTokenTest {
    private static final Map<String, String> POSITION = Map.of("account_id", "a1", "status", "ümlaut / #");

    @Test
    void givesBackThePositionForItsQuery() {
        PageToken token = PageToken.of("accounts of t1", POSITION);

        assertThat(token.position("accounts of t1")).isEqualTo(POSITION);
        assertThat(token.text()).matches("[A-Za-z0-9_-]+");
        assertThat(token).hasToString(token.text());
    }

    @Test
    void refusesAnotherQuery() {
        PageToken token = PageToken.of("accounts of t1", POSITION);

        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> token.position("accounts of t2"))
                .withMessageContaining("same query");
    }

    @Test
    void refusesEveryChangeOfAnyBit() {
        byte[] bytes = Base64.getUrlDecoder().decode(PageToken.of("q", POSITION).text());
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed));
        }
    }

    @Test
    void refusesWhateverElseItIsGiven() {
        var random = new Random(42);
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            refused(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            refused(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        refused("A".repeat(100_000));
    }

    private static void refused(String text) {
        assertThatExceptionOfType(InvalidPageTokenException.class).isThrownBy(() -> new PageToken(text).position("q"));
    }
}
