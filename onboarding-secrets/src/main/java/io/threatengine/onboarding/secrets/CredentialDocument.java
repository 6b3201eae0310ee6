package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.internal.WireTime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a secret holds: one JSON object that all engines share. Immutable and checked: its credential is complete and safe.
 *
 * <pre>{@code
 * {"credential_type": "aws_iam_role", "credentials": {"role_arn": "…"}, "account_id": "…", "tenant_id": "…",
 *  "created_at": "2026-11-24T08:17:00.123456", "expires_at": null,
 *  "replaces_version_id": "…", "replacing_version_id": "…"}
 * }</pre>
 *
 * <p>Fields that nobody here knows, beside these or inside {@code credentials}, survive {@link #with}. It never prints what
 * it holds.
 */
public final class CredentialDocument {
    /** The largest secret that the service takes, in bytes (Secrets Manager quotas). */
    public static final int LARGEST = 65_536;

    /** What two version ids and their fields need: 64 characters each at most (API reference, PutSecretValue). */
    private static final int ROOM_TO_REPLACE = 200;

    private static final String TYPE = "credential_type";
    private static final String CREDENTIALS = "credentials";
    private static final String ACCOUNT_ID = "account_id";
    private static final String TENANT_ID = "tenant_id";
    private static final String CREATED_AT = "created_at";
    private static final String EXPIRES_AT = "expires_at";

    /** Ours: which version this one was made from, and is to replace. */
    private static final String REPLACES = "replaces_version_id";

    /** Ours: which version says so. Other engines copy the document, fields that they do not know included. */
    private static final String REPLACING = "replacing_version_id";

    private final ObjectNode json;
    private final Credential credential;
    private final Set<String> knownFields;
    private final @Nullable String replaces;
    private final @Nullable String replacing;

    /** @param json without what a version replaces, which is not part of what it says */
    private CredentialDocument(
            ObjectNode json,
            Credential credential,
            Set<String> knownFields,
            @Nullable String replaces,
            @Nullable String replacing) {
        this.json = json;
        this.credential = credential;
        this.knownFields = knownFields;
        this.replaces = replaces;
        this.replacing = replacing;
    }

    /**
     * A new document.
     *
     * @param expiresAt null for never
     * @throws InvalidValueException if a text inside the credential breaks a rule, or the whole is too large
     */
    public static CredentialDocument of(
            CredentialKey key, Credential credential, Instant createdAt, @Nullable Instant expiresAt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(TYPE, credential.type());
        json.set(CREDENTIALS, JsonNodeFactory.instance.objectNode());
        json.put(ACCOUNT_ID, key.accountId().value());
        json.put(TENANT_ID, key.tenantId().value());
        json.put(CREATED_AT, WireTime.write(createdAt));
        return filled(json, credential, expiresAt);
    }

    /**
     * Reads a document as any engine wrote it.
     *
     * @param secretName for the error
     * @throws MalformedDataException if it is none, or its credential is incomplete or refused for safety
     */
    public static CredentialDocument parse(String secretName, String text) {
        ObjectNode json = Json.parseObject(text)
                .orElseThrow(() -> new MalformedDataException(secretName, "it is not a JSON object that can be read"));
        if (!json.path(TYPE).isTextual()) {
            throw new MalformedDataException(secretName, TYPE + " is missing");
        }
        if (!(json.get(CREDENTIALS) instanceof ObjectNode fields)) {
            throw new MalformedDataException(secretName, CREDENTIALS + " is not a JSON object");
        }
        var known = new HashSet<String>();
        try {
            Credential credential = CredentialFields.read(json.path(TYPE).textValue(), fields, known);
            ContentRules.check(credential);
            String replaces = json.path(REPLACES).textValue();
            String replacing = json.path(REPLACING).textValue();
            json.remove(List.of(REPLACES, REPLACING));
            var document = new CredentialDocument(json, credential, known, replaces, replacing);
            document.createdAt();
            document.expiresAt();
            return document;
        } catch (InvalidValueException e) {
            throw new MalformedDataException(secretName, e.field() + " " + e.rule());
        } catch (DateTimeException e) {
            throw new MalformedDataException(secretName, CREATED_AT + " or " + EXPIRES_AT + " is no time");
        }
    }

    /**
     * A document for a secret that holds something that is no credential, or one that is refused: what is a JSON object
     * keeps its fields, but for those of the credential.
     *
     * @throws InvalidValueException as {@link #of}
     */
    static CredentialDocument over(
            String text, CredentialKey key, Credential credential, Instant createdAt, @Nullable Instant expiresAt) {
        ObjectNode all = Json.parseObject(text).orElseGet(JsonNodeFactory.instance::objectNode);
        all.remove(List.of(REPLACES, REPLACING));
        Instant kept = readable(all.path(CREATED_AT).asText(""));
        of(key, credential, kept == null ? createdAt : kept, expiresAt).json.properties().stream()
                .filter(field -> kept == null || !field.getKey().equals(CREATED_AT))
                .forEach(field -> all.set(field.getKey(), field.getValue()));
        return filled(all, credential, expiresAt);
    }

    private static @Nullable Instant readable(String time) {
        try {
            return time.isEmpty() ? null : WireTime.read(time);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /**
     * This document with another credential: all that is not the credential's stays, {@code created_at} too.
     *
     * @param expiresAt null for never
     * @throws InvalidValueException as {@link #of}
     */
    public CredentialDocument with(Credential next, @Nullable Instant expiresAt) {
        ObjectNode changed = json.deepCopy();
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        if (next.type().equals(credential.type())) {
            changed.path(CREDENTIALS).properties().stream()
                    .filter(field -> !knownFields.contains(field.getKey()))
                    .forEach(field -> kept.set(field.getKey(), field.getValue()));
        }
        changed.put(TYPE, next.type());
        changed.set(CREDENTIALS, kept);
        return filled(changed, next, expiresAt);
    }

    private static CredentialDocument filled(ObjectNode json, Credential credential, @Nullable Instant expiresAt) {
        ContentRules.check(credential);
        ObjectNode fields = CredentialFields.write(credential);
        ((ObjectNode) json.get(CREDENTIALS)).setAll(fields);
        json.put(EXPIRES_AT, expiresAt == null ? null : WireTime.write(expiresAt));
        String text = Json.write(json);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // what a rotation adds has to have room as well
        if (bytes.length > LARGEST - ROOM_TO_REPLACE) {
            throw InvalidValueException.ofSecret(
                    "credential",
                    "must not need more than " + (LARGEST - ROOM_TO_REPLACE) + " bytes to store, and needs "
                            + bytes.length);
        }
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw InvalidValueException.ofSecret("credential", "must be well-formed Unicode text");
        }
        // As it will be read, so that what is stored and what is to be stored can be compared.
        ObjectNode stored = Json.parseObject(text)
                .orElseThrow(() ->
                        InvalidValueException.ofSecret("credential", "must not be nested deeper than JSON readers go"));
        var known = new HashSet<String>();
        CredentialFields.read(credential.type(), fields, known);
        return new CredentialDocument(stored, credential, known, null, null);
    }

    /**
     * Which version the version of that id, which says this, is to replace; empty for a first version, and where another engine
     * has written it, be it as a copy of ours.
     */
    Optional<String> replacedBy(String versionId) {
        return Optional.ofNullable(replaces).filter(id -> versionId.equals(replacing));
    }

    /** Whether the other document has the same credential with the same expiry, whatever else they say. */
    boolean sharesCredentialWith(CredentialDocument other) {
        return holds(other.credential) && Objects.equals(expiresAt(), other.expiresAt());
    }

    public Credential credential() {
        return credential;
    }

    /** When the first version was stored; null where the document does not say. */
    public @Nullable Instant createdAt() {
        return instant(CREATED_AT);
    }

    /** When the credential stops being given out; null for never. */
    public @Nullable Instant expiresAt() {
        return instant(EXPIRES_AT);
    }

    /**
     * Whether it may be given out for that key: it is the tenant's, several of whose accounts may share it; or it is older than
     * tenants, and names that very account or none. Whose the other accounts are, it could not say.
     */
    public boolean isFor(CredentialKey key) {
        return isTenants(key) || (says(TENANT_ID).isEmpty() && namesNoOther(key));
    }

    /** Whether it is that very account's, as far as it says. */
    public boolean isOf(CredentialKey key) {
        return isFor(key) && namesNoOther(key);
    }

    private boolean namesNoOther(CredentialKey key) {
        return says(ACCOUNT_ID).isEmpty()
                || says(ACCOUNT_ID).equals(key.accountId().value());
    }

    /** Whether storing this credential would change nothing of it, but perhaps how it is spelt. */
    public boolean holds(Credential other) {
        return credential.equals(other) || with(other, expiresAt()).equals(this);
    }

    /** Whether it says that it is that very account's, tenant and all. */
    public boolean belongsTo(CredentialKey key) {
        return says(TENANT_ID).equals(key.tenantId().value())
                && says(ACCOUNT_ID).equals(key.accountId().value());
    }

    /** Whether it says that it is the tenant's. */
    boolean isTenants(CredentialKey key) {
        return says(TENANT_ID).equals(key.tenantId().value());
    }

    /** Whose it says that it is; null if it does not. */
    @Nullable
    AccountId owner() {
        try {
            return says(ACCOUNT_ID).isEmpty() ? null : AccountId.of(says(ACCOUNT_ID));
        } catch (InvalidValueException e) {
            return null;
        }
    }

    private String says(String field) {
        return json.path(field).asText("");
    }

    /** The JSON text to store: a secret. */
    public String text() {
        return Json.write(json);
    }

    /**
     * The JSON text to store as the version of that id: a secret.
     *
     * @param other the id of the version that it is to replace
     */
    String textReplacing(String other, String versionId) {
        ObjectNode all = json.deepCopy();
        all.put(REPLACES, other);
        all.put(REPLACING, versionId);
        return Json.write(all);
    }

    /**
     * Documents are equal if they say the same, whatever the order of their fields. Compares in a time that does not depend
     * on where they differ.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CredentialDocument document
                && MessageDigest.isEqual(Json.canonical(json), Json.canonical(document.json));
    }

    /** Of what is no secret only. */
    @Override
    public int hashCode() {
        return Objects.hash(credential.type(), json.path(ACCOUNT_ID));
    }

    @Override
    public String toString() {
        return "CredentialDocument[" + credential.type() + "]";
    }

    private @Nullable Instant instant(String name) {
        JsonNode value = json.path(name);
        return value.isTextual() && !value.textValue().isEmpty() ? WireTime.read(value.textValue()) : null;
    }
}
