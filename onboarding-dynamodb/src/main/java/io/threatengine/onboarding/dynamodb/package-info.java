/**
 * The repositories on DynamoDB, in the tables that the Python engines use too.
 *
 * <p>{@link io.threatengine.onboarding.dynamodb.DynamoDbStorage} is the way in. Behind it: {@code Table} is the manifest of
 * tables, keys and indexes; {@code EntityMapping} and {@code Row} say how an entity is written and read; {@code
 * DynamoDbRepository} is what all repositories do, conditional writes and guard rows included; {@code TableCreation} makes
 * the tables.
 */
@NullMarked
package io.threatengine.onboarding.dynamodb;

import org.jspecify.annotations.NullMarked;
