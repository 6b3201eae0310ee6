package io.threatengine.onboarding.account;

import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a vault is asked with: whose credential, and what the account's row knows of it. {@link Account#credentialKey()}
 * makes it. A vault that caches never answers a key that names a newer version with an older credential.
 */
public final class CredentialKey {
    private static final int LONGEST_REFERENCE = 2_048;

    private final TenantId tenantId;
    private final AccountId accountId;
    private final @Nullable String reference;
    private final @Nullable String versionId;
    private final long rowVersion;

    private CredentialKey(
            TenantId tenantId,
            AccountId accountId,
            @Nullable String reference,
            @Nullable String versionId,
            long rowVersion) {
        this.tenantId = Objects.requireNonNull(tenantId, "tenantId");
        this.accountId = Objects.requireNonNull(accountId, "accountId");
        this.reference = reference;
        this.versionId = versionId;
        this.rowVersion = rowVersion;
    }

    /** The key of an account's credential, wherever it is and whatever its version. */
    public static CredentialKey of(TenantId tenantId, AccountId accountId) {
        return new CredentialKey(tenantId, accountId, null, null, 0);
    }

    /**
     * The same key with what is known of the place and the version.
     *
     * @param reference the secret's name or ARN; null to look under the account's own names
     * @param versionId the version that is current as far as the caller knows; null if it does not
     */
    public CredentialKey at(@Nullable String reference, @Nullable String versionId) {
        if (reference != null) {
            Rules.printable("credential reference", reference, 1, LONGEST_REFERENCE);
        }
        return new CredentialKey(tenantId, accountId, reference, versionId, rowVersion);
    }

    /** The same key with what is known of the version: the one that is current, as far as the caller knows, or null. */
    public CredentialKey withVersionId(@Nullable String version) {
        return new CredentialKey(tenantId, accountId, reference, version, rowVersion);
    }

    /**
     * The same key, as the account's row said after so many writes. Of two keys that name an older version than the current
     * one, a cache can tell by it which may know something new: that the older version is the current one again.
     *
     * @param version the row's {@link io.threatengine.onboarding.storage.Revision#version}; 0 if it is not known
     */
    public CredentialKey asOf(long version) {
        return new CredentialKey(tenantId, accountId, reference, versionId, version);
    }

    /** What a row says, taken as it is: a place that is odd is one where nothing is found. */
    static CredentialKey ofRow(
            TenantId tenantId,
            AccountId accountId,
            @Nullable String reference,
            @Nullable String versionId,
            long rowVersion) {
        return new CredentialKey(tenantId, accountId, reference, versionId, rowVersion);
    }

    public TenantId tenantId() {
        return tenantId;
    }

    public AccountId accountId() {
        return accountId;
    }

    public Optional<String> reference() {
        return Optional.ofNullable(reference);
    }

    public Optional<String> versionId() {
        return Optional.ofNullable(versionId);
    }

    /** How often this library had written the account's row when the key was made of it; 0 if that is not known. */
    public long rowVersion() {
        return rowVersion;
    }

    /** Whether the place is the same; without making an Optional, for caches. */
    public boolean hasReference(@Nullable String other) {
        return Objects.equals(reference, other);
    }

    /** Whether this key accepts a credential of that version: it names the same one, or none. */
    public boolean accepts(@Nullable String otherVersionId) {
        return versionId == null || versionId.equals(otherVersionId);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CredentialKey key
                && tenantId.equals(key.tenantId)
                && accountId.equals(key.accountId)
                && Objects.equals(reference, key.reference)
                && Objects.equals(versionId, key.versionId)
                && rowVersion == key.rowVersion;
    }

    @Override
    public int hashCode() {
        return accountId.hashCode();
    }

    @Override
    public String toString() {
        return tenantId + "/" + accountId;
    }
}
