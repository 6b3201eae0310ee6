package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemSizeTest {

    @Test
    void countsNamesAndTextsInUtf8() {
        String half = "ü".repeat(204_798);
        fits(Map.of("name", AttributeValue.fromS(half)));
        tooLarge(Map.of("name", AttributeValue.fromS(half + "ü")));
    }

    @Test
    void countsWhatIsInsideListsAndMaps() {
        AttributeValue text = AttributeValue.fromS("x".repeat(100_000));
        List<AttributeValue> four = List.of(text, text, text, text);
        fits(Map.of("list", AttributeValue.fromL(four), "map", AttributeValue.fromM(Map.of())));
        tooLarge(Map.of("list", AttributeValue.fromL(List.of(text, text, text, text, text))));
        tooLarge(Map.of("map", AttributeValue.fromM(Map.of("list", AttributeValue.fromL(four), "x", text))));
    }

    private static void fits(Map<String, AttributeValue> item) {
        assertThatNoException().isThrownBy(() -> ItemSize.check("account", item));
    }

    private static void tooLarge(Map<String, AttributeValue> item) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ItemSize.check("account", item))
                .withMessageContaining("409600 bytes")
                .satisfies(e -> assertThat(e.field()).isEqualTo("account item"));
    }
}
