package io.threatengine.onboarding.testkit.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of an answer, in order. Dates become epoch seconds with milliseconds, byte arrays become Base64. */
final class Reply {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Adds a member; AWS leaves out what has no value, hence so does this. */
    Reply with(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, plain(value));
        }
        return this;
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reply of plain values cannot fail to serialise", e);
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Reply reply) {
            return reply.members;
        }
        if (value instanceof Instant instant) {
            return BigDecimal.valueOf(instant.toEpochMilli(), 3);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(Reply::plain).toList();
        }
        return value;
    }
}
