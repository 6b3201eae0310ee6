package io.threatengine.onboarding.benchmarks;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import software.amazon.lambda.powertools.parameters.cache.CacheManager;
import software.amazon.lambda.powertools.parameters.secrets.SecretsProvider;
import software.amazon.lambda.powertools.parameters.transform.TransformationManager;

/**
 * One read of a credential that is cached; nothing expires meanwhile. The caller holds the account's row that the credential
 * was loaded with, or, in the benchmarks of fresh rows, has read the row anew: then the key's texts are equal to those in the
 * cache, but not the same.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitBenchmark {
    private static final Duration LONG = Duration.ofHours(2);

    /** Where a thread is in the sequence of reads. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        <K> K next(K[] keys) {
            return keys[next++ & (keys.length - 1)];
        }
    }

    /** What all caches share. */
    @State(Scope.Benchmark)
    public abstract static class Filled {
        @Param({"1", "100000"})
        public int keys;

        final StubSecretsManager client = new StubSecretsManager();

        final CredentialKey[] accounts() {
            CredentialKey[] accounts = new CredentialKey[keys];
            for (int i = 0; i < keys; i++) {
                accounts[i] = Secrets.key(i);
            }
            return accounts;
        }

        final CredentialKey[] sequence(CredentialKey[] accounts) {
            return Arrays.stream(Secrets.reads(keys)).mapToObj(i -> accounts[i]).toArray(CredentialKey[]::new);
        }

        final AccountId[] idSequence(CredentialKey[] accounts) {
            return Arrays.stream(sequence(accounts))
                    .map(CredentialKey::accountId)
                    .toArray(AccountId[]::new);
        }

        final String[] nameSequence(CredentialKey[] accounts) {
            return Arrays.stream(sequence(accounts))
                    .map(key -> key.reference().orElseThrow())
                    .toArray(String[]::new);
        }
    }

    /** Ours. */
    public static class Ours extends Filled {
        private CredentialKey[] sequence;
        private CredentialKey[] fresh;
        private CachingVault vault;

        /** Loads all. */
        @Setup
        public void fill() {
            CredentialKey[] accounts = accounts();
            sequence = sequence(accounts);
            fresh = sequence(accounts());
            vault = CachingVault.over(
                    Secrets.vault(client),
                    CacheOptions.defaults().withTimeToLive(LONG).withMaximumBytes(1L << 30));
            vault.warm(List.of(accounts)).values();
        }
    }

    /** Caffeine alone, with values that are parsed already. */
    public static class Bare extends Filled {
        private AccountId[] sequence;
        private AccountId[] fresh;
        private LoadingCache<AccountId, StoredCredential> cache;

        /** Loads all. */
        @Setup
        public void fill() {
            CredentialKey[] accounts = accounts();
            sequence = idSequence(accounts);
            fresh = idSequence(accounts());
            CredentialVault vault = Secrets.vault(client);
            cache = Caffeine.newBuilder()
                    .expireAfterWrite(LONG)
                    .refreshAfterWrite(LONG.dividedBy(2))
                    .build(id -> {
                        throw new IllegalStateException("everything is there");
                    });
            for (CredentialKey key : accounts) {
                cache.put(key.accountId(), vault.load(key));
            }
        }
    }

    /** A map that never forgets: what a cache cannot be faster than. */
    public static class MapOfAll extends Filled {
        private final ConcurrentHashMap<AccountId, StoredCredential> map = new ConcurrentHashMap<>();
        private AccountId[] sequence;

        /** Loads all. */
        @Setup
        public void fill() {
            CredentialKey[] accounts = accounts();
            sequence = idSequence(accounts);
            CredentialVault vault = Secrets.vault(client);
            for (CredentialKey key : accounts) {
                map.put(key.accountId(), vault.load(key));
            }
        }
    }

    /** AWS's cache of documents. */
    public static class Aws extends Filled {
        private final ObjectMapper json = new ObjectMapper();
        private String[] sequence;
        private SecretCache cache;

        /** Loads all. */
        @Setup
        public void fill() {
            CredentialKey[] accounts = accounts();
            sequence = nameSequence(accounts);
            cache = new SecretCache(new SecretCacheConfiguration()
                    .withClient(client)
                    .withCacheItemTTL(LONG.toMillis())
                    .withMaxCacheSize(2 * keys));
            for (CredentialKey key : accounts) {
                cache.getSecretString(key.reference().orElseThrow());
            }
        }
    }

    /** Powertools' cache of documents. */
    public static class Powertools extends Filled {
        private String[] sequence;
        private SecretsProvider provider;

        /** Loads all. */
        @Setup
        public void fill() {
            CredentialKey[] accounts = accounts();
            sequence = nameSequence(accounts);
            var caches = new CacheManager();
            caches.setDefaultExpirationTime(LONG);
            provider = SecretsProvider.builder()
                    .withClient(client)
                    .withCacheManager(caches)
                    .withTransformationManager(new TransformationManager())
                    .build();
            for (CredentialKey key : accounts) {
                provider.get(key.reference().orElseThrow());
            }
        }
    }

    @Benchmark
    public Credential ours(Ours state, Cursor cursor) {
        return state.vault.get(cursor.next(state.sequence));
    }

    @Benchmark
    public Credential caffeine(Bare state, Cursor cursor) {
        return state.cache.get(cursor.next(state.sequence)).credential();
    }

    @Benchmark
    public Credential oursFreshRow(Ours state, Cursor cursor) {
        return state.vault.get(cursor.next(state.fresh));
    }

    @Benchmark
    public Credential caffeineFreshRow(Bare state, Cursor cursor) {
        return state.cache.get(cursor.next(state.fresh)).credential();
    }

    @Benchmark
    public Credential concurrentHashMap(MapOfAll state, Cursor cursor) {
        return state.map.get(cursor.next(state.sequence)).credential();
    }

    @Benchmark
    public String aws(Aws state, Cursor cursor) {
        return state.cache.getSecretString(cursor.next(state.sequence));
    }

    @Benchmark
    public JsonNode awsAndParse(Aws state, Cursor cursor) throws JsonProcessingException {
        return state.json.readTree(state.cache.getSecretString(cursor.next(state.sequence)));
    }

    @Benchmark
    public String powertools(Powertools state, Cursor cursor) {
        return state.provider.get(cursor.next(state.sequence));
    }
}
