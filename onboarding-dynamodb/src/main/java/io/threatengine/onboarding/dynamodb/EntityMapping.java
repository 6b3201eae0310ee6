package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.internal.MalformedRowException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.storage.Entity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.AttributeValueType;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTag;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.UpdateBehavior;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How one kind of entity is written to and read from its table. Only the attributes named here are ever written; others
 * stay as they are. Keys and indexes come from the manifest.
 *
 * @param kind what errors call it: {@code "account"}
 * @param comparedAttributes the attributes that the entity's unique keys are made of, and those that never change: where
 *     the row has other values, an update is not just one of that row
 * @param hasUniqueKeys whether some of them are of unique keys
 * @param writtenOnce the attributes that are written with the row and never again
 * @param schema for the SDK's enhanced client
 */
record EntityMapping<T extends Entity<?, T>>(
        String kind,
        Table table,
        List<String> comparedAttributes,
        boolean hasUniqueKeys,
        Set<String> writtenOnce,
        Stamp stamp,
        TableSchema<T> schema) {

    /** What tells of a change by a writer that keeps no version, and so what a row looks like. */
    enum Stamp {
        /** The time of change. What an entity has no value for is removed from the row. */
        UPDATED_AT(Row.UPDATED_AT),

        /** The status, of rows without a time of change. What an entity has no value for is left alone. */
        STATUS(Row.STATUS);

        private final String attribute;

        Stamp(String attribute) {
            this.attribute = attribute;
        }

        String attribute() {
            return attribute;
        }
    }

    NotFoundException notFound(Object id) {
        return new NotFoundException(kind, String.valueOf(id));
    }

    Map<String, AttributeValue> item(T entity) {
        return schema.itemToMap(entity, true);
    }

    static <T extends Entity<?, T>> Builder<T> of(String kind, Table table, Class<T> type, Function<Row, T> restored) {
        return new Builder<>(kind, table, type, restored);
    }

    static final class Builder<T extends Entity<?, T>> {
        private final String kind;
        private final Table table;
        private final StaticImmutableTableSchema.Builder<T, Row> schema;
        private final List<String> comparedAttributes = new ArrayList<>();
        private final Set<String> writtenOnce = new HashSet<>();
        private boolean hasUniqueKeys;

        private Builder(String kind, Table table, Class<T> type, Function<Row, T> restored) {
            this.kind = kind;
            this.table = table;
            this.schema = StaticImmutableTableSchema.builder(type, Row.class)
                    .newItemBuilder(Row::new, row -> restore(row, restored));
        }

        /** Text that may change; null removes the attribute. */
        Builder<T> text(String name, Function<T, @Nullable String> getter) {
            return attribute(name, entity -> textOf(name, getter.apply(entity)), UpdateBehavior.WRITE_ALWAYS);
        }

        /** Text that may change and is part of a unique key. */
        Builder<T> uniqueText(String name, Function<T, @Nullable String> getter) {
            comparedAttributes.add(name);
            hasUniqueKeys = true;

            return text(name, getter);
        }

        /** Text that is written with the row and never again: no update can move a row elsewhere. */
        Builder<T> fixedText(String name, Function<T, @Nullable String> getter) {
            comparedAttributes.add(name);
            return writtenOnce(name, getter);
        }

        private Builder<T> writtenOnce(String name, Function<T, @Nullable String> getter) {
            writtenOnce.add(name);
            return attribute(name, entity -> textOf(name, getter.apply(entity)), UpdateBehavior.WRITE_IF_NOT_EXISTS);
        }

        Builder<T> number(String name, Function<T, @Nullable Long> getter) {
            return value(name, entity -> {
                Long number = getter.apply(entity);
                return number == null ? null : AttributeValue.fromN(number.toString());
            });
        }

        Builder<T> checks(Function<T, @Nullable Checks> getter) {
            return number(Row.TOTAL_CHECKS, entity -> count(getter.apply(entity), Checks::total))
                    .number(Row.PASSED_CHECKS, entity -> count(getter.apply(entity), Checks::passed))
                    .number(Row.FAILED_CHECKS, entity -> count(getter.apply(entity), Checks::failed));
        }

        private static @Nullable Long count(@Nullable Checks checks, ToLongFunction<Checks> which) {
            return checks == null ? null : which.applyAsLong(checks);
        }

        /**
         * When DynamoDB may remove the row, in seconds since 1970. A row that does not say since when it is kept stays.
         *
         * @param retention how long a row is kept; null for ever, and what other engines have written stays
         * @param since from when on
         */
        Builder<T> expiring(@Nullable Duration retention, Function<T, Instant> since) {
            String attribute = Objects.requireNonNull(table.expiryAttribute(), "expiry attribute");
            return number(attribute, entity -> {
                Instant from = known(since.apply(entity));
                return retention == null || from == null
                        ? null
                        : from.plus(retention).getEpochSecond();
            });
        }

        Builder<T> bool(String name, Predicate<T> getter) {
            return value(name, entity -> AttributeValue.fromBool(getter.test(entity)));
        }

        Builder<T> texts(String name, Function<T, List<String>> getter) {
            return value(
                    name,
                    entity -> AttributeValue.fromL(getter.apply(entity).stream()
                            .map(AttributeValue::fromS)
                            .toList()));
        }

        /** Any value; null for none. */
        Builder<T> value(String name, Function<T, @Nullable AttributeValue> getter) {
            return attribute(name, getter, UpdateBehavior.WRITE_ALWAYS);
        }

        Builder<T> instant(String name, Function<T, @Nullable Instant> getter) {
            return text(name, entity -> {
                Instant instant = getter.apply(entity);
                return instant == null ? null : WireTime.write(instant);
            });
        }

        /** A time that is read as 1970 where a row does not say it: such a row goes on saying nothing. */
        Builder<T> instantIfKnown(String name, Function<T, Instant> getter) {
            return instant(name, entity -> known(getter.apply(entity)));
        }

        private static @Nullable Instant known(Instant instant) {
            return instant.equals(Instant.EPOCH) ? null : instant;
        }

        /** Of rows that say when they were changed. */
        EntityMapping<T> build(Function<T, Instant> createdAt, Function<T, @Nullable Instant> updatedAt) {
            instant(Row.UPDATED_AT, updatedAt);
            return build(createdAt, Stamp.UPDATED_AT);
        }

        /** Of rows whose status alone shows a change. */
        EntityMapping<T> build(Function<T, Instant> createdAt) {
            return build(createdAt, Stamp.STATUS);
        }

        private EntityMapping<T> build(Function<T, Instant> createdAt, Stamp stamp) {
            // a row that does not say when it was made goes on saying nothing
            writtenOnce(Row.CREATED_AT, entity -> {
                Instant created = known(createdAt.apply(entity));
                return created == null ? null : WireTime.write(created);
            });
            number(Row.VERSION, entity -> entity.revision().version());
            return new EntityMapping<>(
                    kind,
                    table,
                    List.copyOf(comparedAttributes),
                    hasUniqueKeys,
                    Set.copyOf(writtenOnce),
                    stamp,
                    schema.build());
        }

        private Builder<T> attribute(
                String name, Function<T, @Nullable AttributeValue> getter, UpdateBehavior updateBehavior) {
            schema.addAttribute(
                    AttributeValue.class,
                    attribute -> attribute
                            .name(name)
                            .getter(getter)
                            .setter((row, value) -> row.put(name, value))
                            .attributeConverter(AsIs.INSTANCE)
                            .tags(tags(name, updateBehavior)));
            return this;
        }

        private List<StaticAttributeTag> tags(String name, UpdateBehavior updateBehavior) {
            var tags = new ArrayList<StaticAttributeTag>();
            if (name.equals(table.partitionKey())) {
                tags.add(StaticAttributeTags.primaryPartitionKey());
            } else {
                tags.add(StaticAttributeTags.updateBehavior(updateBehavior));
            }
            for (Table.Index index : table.indexes()) {
                if (name.equals(index.partitionKey())) {
                    tags.add(StaticAttributeTags.secondaryPartitionKey(index.name()));
                } else if (name.equals(index.sortKey())) {
                    tags.add(StaticAttributeTags.secondarySortKey(index.name()));
                }
            }
            return tags;
        }

        private T restore(Row row, Function<Row, T> restored) {
            try {
                return restored.apply(row);
            } catch (IllegalArgumentException | InvalidValueException e) {
                String key = row.key(table.partitionKey());
                boolean isAccount = table == Table.ACCOUNTS;
                throw new MalformedRowException(
                        kind + " row " + key,
                        Objects.requireNonNullElseGet(e.getMessage(), e::toString),
                        e,
                        row.said(Row.TENANT_ID),
                        isAccount ? null : row.said(Row.ACCOUNT_ID));
            }
        }

        /** An index key must not be empty: then the attribute is left out, and the row out of the index. */
        private @Nullable AttributeValue textOf(String name, @Nullable String text) {
            boolean absent = text == null || (text.isEmpty() && table.isKey(name));
            return absent ? null : AttributeValue.fromS(text);
        }
    }

    /** Values reach the row untouched: the row knows how to read what others wrote. */
    private enum AsIs implements AttributeConverter<AttributeValue> {
        INSTANCE;

        @Override
        public AttributeValue transformFrom(AttributeValue value) {
            return value;
        }

        @Override
        public AttributeValue transformTo(AttributeValue value) {
            return value;
        }

        @Override
        public EnhancedType<AttributeValue> type() {
            return EnhancedType.of(AttributeValue.class);
        }

        @Override
        public AttributeValueType attributeValueType() {
            return AttributeValueType.S;
        }
    }
}
