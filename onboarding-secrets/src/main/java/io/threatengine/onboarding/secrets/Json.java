package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.Optional;

/**
 * JSON whose text is secret: a parse error says nothing of it, neither in words nor by its cause, since Jackson quotes what
 * it could not read.
 */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // numbers that are not ours to change keep every digit
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectWriter SORTED = MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);
    private static final String TOO_DEEP = "must not be nested deeper than JSON readers go";

    private Json() {}

    /** The value that the text is; empty if it is no JSON, or has a number whose exponent is beyond a {@code BigDecimal}'s. */
    static Optional<JsonNode> parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JsonProcessingException | RuntimeException e) { // the unchecked ones, of numbers, quote as well
            return Optional.empty();
        }
    }

    /** The object that the text is; empty as {@link #parse} says, and for another value. */
    static Optional<ObjectNode> parseObject(String text) {
        return parse(text).filter(JsonNode::isObject).map(ObjectNode.class::cast);
    }

    /** The same bytes for whatever says the same: names in order, no blanks. */
    static byte[] canonical(JsonNode node) {
        try {
            return SORTED.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw InvalidValueException.ofSecret("credential", TOO_DEEP);
        }
    }

    /** @throws InvalidValueException if it is nested deeper than Jackson writes and reads */
    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw InvalidValueException.ofSecret("credential", TOO_DEEP);
        }
    }
}
