package io.threatengine.onboarding.infrastructure.cost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.error.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Prices per region, with the day for which they were read. Immutable, thread-safe. Prices change: a newer table, or one's own,
 * replaces the one that comes with the library.
 *
 * <pre>{@code
 * RegionPrices prices = PriceTable.parse(Files.readString(Path.of("prices.json"))).region("eu-north-1");
 * }</pre>
 */
public final class PriceTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String source;
    private final Map<String, RegionPrices> regions;

    private PriceTable(String source, Map<String, RegionPrices> regions) {
        this.source = source;
        this.regions = regions;
    }

    /** The one that comes with the library: some regions, from AWS's price list. */
    public static PriceTable published() {
        try (InputStream in = Objects.requireNonNull(
                PriceTable.class.getResourceAsStream("prices.json"), "the artifact has a price table")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the price table that comes with the library cannot be read", e);
        }
    }

    /**
     * A table in the form of the published one: <code>{"source": "…", "regions": [{"region": "eu-north-1", "asOf": "2026-08-15", …}]}</code>,
     * where each region has all that {@link RegionPrices} has, under the same names.
     *
     * @throws InvalidValueException if it is no such table; it names what is wrong
     */
    public static PriceTable parse(String json) {
        JsonNode table = read(json);
        String source = text(table, "source");
        if (!table.path("regions").isArray()) {
            throw wrong("regions", "must be a list", table.path("regions"));
        }
        var regions = new LinkedHashMap<String, RegionPrices>();
        for (JsonNode entry : table.get("regions")) {
            RegionPrices prices = prices(entry);
            if (regions.putIfAbsent(prices.region(), prices) != null) {
                throw new InvalidValueException("prices: region", "must be there once", prices.region());
            }
        }
        return new PriceTable(source, regions);
    }

    /** Where the prices are from, and what they are without. */
    public String source() {
        return source;
    }

    /** All regions, in the table's order. */
    public List<RegionPrices> regions() {
        return List.copyOf(regions.values());
    }

    /**
     * The prices of one region.
     *
     * @throws InvalidValueException if the table does not have it; it names those that it has
     */
    public RegionPrices region(String region) {
        RegionPrices prices = regions.get(Objects.requireNonNull(region, "region"));
        if (prices == null) {
            throw new InvalidValueException(
                    "region",
                    "must be one of the price table: " + String.join(", ", regions.keySet())
                            + "; for others give a price table of your own",
                    region);
        }
        return prices;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidValueException("prices", "must be JSON", e.getOriginalMessage());
        }
    }

    private static RegionPrices prices(JsonNode entry) {
        return new RegionPrices(
                text(entry, "region"),
                date(entry),
                price(entry, "writesPerMillion"),
                price(entry, "readsPerMillion"),
                price(entry, "storagePerGigabyteMonth"),
                price(entry, "recoveryPerGigabyteMonth"),
                price(entry, "secretPerMonth"),
                price(entry, "secretCallsPerTenThousand"),
                price(entry, "keyPerMonth"),
                price(entry, "keyCallsPerTenThousand"));
    }

    private static LocalDate date(JsonNode entry) {
        try {
            return LocalDate.parse(text(entry, "asOf"));
        } catch (DateTimeException e) {
            throw wrong("asOf", "must be a day like 2026-08-15", entry.path("asOf"));
        }
    }

    private static double price(JsonNode entry, String field) {
        JsonNode value = entry.path(field);
        if (!value.isNumber()) {
            throw wrong(field, "must be a number of dollars", value);
        }
        return value.doubleValue();
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw wrong(field, "must be a text", value);
        }
        return value.textValue();
    }

    private static InvalidValueException wrong(String field, String rule, JsonNode value) {
        return new InvalidValueException("prices: " + field, rule, value.isMissingNode() ? null : value.toString());
    }
}
