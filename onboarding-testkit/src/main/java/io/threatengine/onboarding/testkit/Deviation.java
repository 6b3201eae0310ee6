package io.threatengine.onboarding.testkit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Something in which a stand-in differs from AWS. What a {@link Backend} does not do as AWS does is the set of its deviations; a
 * test that needs it done says so, with {@link io.threatengine.onboarding.testkit.contract.FailsWith}, and is reported as aborted on
 * that backend, with the reason.
 */
public enum Deviation {
    /** {@code Decrypt} that names another key than the one that encrypted. */
    DECRYPT_WITH_ANOTHER_KEY("kms:Decrypt", "IncorrectKeyException", "AccessDeniedException"),
    /** {@code Encrypt}, {@code Decrypt}, {@code GenerateDataKey} with a key that is disabled. */
    DISABLED_KEY("kms:Encrypt, Decrypt, GenerateDataKey", "DisabledException", "works"),
    /** Any use of a key that is about to be deleted. */
    KEY_PENDING_DELETION("kms:*", "KMSInvalidStateException", "works"),
    /** A waiting period under 7 days, a key policy that is none. */
    KEY_ARGUMENTS_UNCHECKED(
            "kms:ScheduleKeyDeletion, PutKeyPolicy",
            "ValidationException, MalformedPolicyDocumentException",
            "accepted"),
    /** A secret whose key cannot be used. */
    SECRET_UNDER_DISABLED_KEY("secretsmanager:GetSecretValue", "refused, naming KMS", "returns the value"),
    /** A value over 65,536 bytes, a name with wrong characters, a key that is not there, text and bytes at once. */
    SECRET_ARGUMENTS_UNCHECKED("secretsmanager:CreateSecret, PutSecretValue", "refused", "accepted"),
    /** Writing to a secret that is scheduled for deletion. */
    WRITE_TO_DELETED_SECRET("secretsmanager:PutSecretValue, TagResource", "InvalidRequestException", "accepted"),
    /** Creating a secret under a name that is scheduled for deletion. */
    CREATE_OVER_DELETED_SECRET("secretsmanager:CreateSecret", "InvalidRequestException", "ResourceExistsException"),
    /** Deleting a secret that is scheduled for deletion. */
    DELETE_TWICE("secretsmanager:DeleteSecret", "succeeds with the same date", "InvalidRequestException"),
    /** A version's id beside a label that it does not bear. */
    VERSION_WITHOUT_THE_STAGE("secretsmanager:GetSecretValue", "ResourceNotFoundException", "InvalidRequestException"),
    /** Reading without a label after {@code AWSCURRENT} was moved. */
    CURRENT_WITHOUT_NAMING_IT("secretsmanager:GetSecretValue", "the new value", "the old value"),
    /** Giving a version a label that another version has, without saying which. */
    STAGE_OF_ANOTHER_VERSION(
            "secretsmanager:UpdateSecretVersionStage", "InvalidParameterException", "both versions have the label"),
    /** When a secret's version was made. */
    DATES_IN_SECONDS("secretsmanager:ListSecretVersionIds, DescribeSecret", "milliseconds", "whole seconds"),
    /** What follows the last page. */
    EMPTY_PAGE_TOKEN("secretsmanager:ListSecretVersionIds", "no token", "an empty token"),
    /** Rotation by AWS without a function. */
    ROTATION_WITHOUT_FUNCTION("secretsmanager:RotateSecret", "InvalidRequestException", "accepted"),
    /** An index's key attribute of another type than the index's. */
    INDEX_KEY_TYPE("dynamodb:BatchWriteItem, TransactWriteItems", "ValidationException", "accepted"),
    /** 26 writes in a batch, a value that no expression uses. */
    REQUEST_LIMITS_UNCHECKED(
            "dynamodb:BatchWriteItem of 26; TransactWriteItems and Query with an unused value",
            "ValidationException",
            "accepted"),
    /** A transaction's token: whoever repeats a transaction after a lost answer. */
    TRANSACTION_TOKEN(
            "dynamodb:TransactWriteItems with a token that was used",
            "done once; with other content IdempotentParameterMismatchException",
            "done again"),
    /** Writes at the same time: a condition and its write are two steps, and a refused transaction brings old rows back. */
    CONCURRENT_WRITES(
            "dynamodb: all writes, at the same time",
            "one after the other, none is lost",
            "conditions hold for two at once, a refused transaction undoes the writes of others, status 500"),
    /** A filter on an index's own key. */
    FILTER_ON_INDEX_KEY("dynamodb:Query", "ValidationException", "accepted"),
    /** Point-in-time recovery, backups, restore. */
    NO_BACKUPS(
            "dynamodb:UpdateContinuousBackups, CreateBackup, RestoreTableToPointInTime",
            "works",
            "UnknownOperationException"),
    /** Tags of tables. */
    NO_TABLE_TAGS("dynamodb:TagResource", "works", "ValidationException"),
    /** How a table is encrypted. */
    NO_TABLE_ENCRYPTION("dynamodb:DescribeTable", "tells how the table is encrypted", "does not tell"),
    /** A table's class. */
    NO_TABLE_CLASS("dynamodb:DescribeTable", "tells the table's class", "does not tell"),
    /** Rows whose time is over. */
    NO_EXPIRY("rows past their ttl", "deleted within days", "stay"),
    /** There is no service to talk to: no SDK client, request, or response. */
    NO_PROTOCOL("every call", "an AWS API", "maps in this JVM");

    /** In what the fakes in memory differ. */
    public static final Set<Deviation> OF_FAKES = set(NO_PROTOCOL, NO_EXPIRY);
    /** In what DynamoDB Local differs, and so what is embedded: Secrets Manager and KMS there have no deviation that is known. */
    public static final Set<Deviation> OF_DYNAMODB_LOCAL =
            set(NO_BACKUPS, NO_TABLE_TAGS, NO_TABLE_ENCRYPTION, NO_TABLE_CLASS, NO_EXPIRY);
    /** In what moto differs, by its version 5.2.1. */
    public static final Set<Deviation> OF_MOTO = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(NO_PROTOCOL, NO_BACKUPS, NO_TABLE_TAGS, NO_TABLE_ENCRYPTION)));

    private static final Set<Deviation> RACES = set(CONCURRENT_WRITES);

    private final String operation;
    private final String onAws;
    private final String instead;

    Deviation(String operation, String onAws, String instead) {
        this.operation = operation;
        this.onAws = onAws;
        this.instead = instead;
    }

    /** Which calls it is about. */
    public String operation() {
        return operation;
    }

    /** What AWS does. */
    public String onAws() {
        return onAws;
    }

    /** What the stand-in does instead. */
    public String instead() {
        return instead;
    }

    /** Whether it shows only now and then, by the order in which threads run. */
    public boolean isRace() {
        return RACES.contains(this);
    }

    /** In one line: {@code DELETE_TWICE: secretsmanager:DeleteSecret on AWS: succeeds with the same date; here: …}. */
    public String sentence() {
        return name() + ": " + operation + " on AWS: " + onAws + "; here: " + instead;
    }

    private static Set<Deviation> set(Deviation first, Deviation... others) {
        return Collections.unmodifiableSet(EnumSet.of(first, others));
    }
}
