package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CachingVaultMetricsTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("TENANT"), AccountId.of("ACCOUNT"));
    private static final IbmApiKey CREDENTIAL = new IbmApiKey(Secret.of("PLANTED-SECRET"));
    private static final StoredCredential STORED =
            new StoredCredential(CREDENTIAL, new CredentialVersion("s", "v1"), null, null);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T08:17:00Z"));
    private final CredentialVault behind = mock(CredentialVault.class);
    private final CachingVault vault = CachingVault.over(behind, CacheOptions.defaults(), now::get);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void countsWhatTheCacheDoes() {
        CachingVaultMetrics.of(vault).withTags(Tags.of("cache", "main")).bindTo(registry);
        doAnswer(call -> {
                    now.updateAndGet(instant -> instant.plusMillis(40));
                    return STORED;
                })
                .when(behind)
                .load(any());
        vault.load(KEY);
        vault.load(KEY);
        vault.load(KEY);
        doThrow(new ThrottledException("GetSecretValue", "s", null))
                .when(behind)
                .load(any());
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(6)));
        vault.load(KEY);

        assertThat(count("reads", "result", "hit")).isEqualTo(2);
        assertThat(count("reads", "result", "stale")).isEqualTo(1);
        assertThat(count("reads", "result", "miss")).isEqualTo(1);
        assertThat(count("failures", "kind", "throttled")).isEqualTo(1);
        assertThat(count("failures", "kind", "not_found")).isZero();
        assertThat(count("evictions", "cache", "main")).isZero();
        assertThat(count("refreshes", "cache", "main")).isZero();
        var loads = registry.get("onboarding.vault.cache.loads").functionTimer();
        assertThat(loads.count()).isEqualTo(2);
        assertThat(loads.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
    }

    @Test
    void tagsNameNobody() {
        CachingVaultMetrics.of(vault).bindTo(registry);

        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .flatExtracting(Meter.Id::getTags)
                .extracting(Tag::getKey)
                .containsOnly("result", "kind");
    }

    @Test
    void theCacheDoesWithoutTheLibrary() throws Exception {
        var without = new WithoutMicrometer();
        doReturn(STORED).when(behind).load(KEY);

        Class<?> cache = without.loadClass(CachingVault.class.getName());
        Object made = cache.getMethod("over", CredentialVault.class).invoke(null, behind);
        assertThat(cache.getClassLoader()).isSameAs(without);
        assertThat(cache.getMethod("get", CredentialKey.class).invoke(made, KEY))
                .isEqualTo(CREDENTIAL);
        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() ->
                        without.loadClass(CachingVaultMetrics.class.getName()).getMethods());
    }

    private double count(String name, String tag, String value) {
        return registry.get("onboarding.vault.cache." + name)
                .tag(tag, value)
                .functionCounter()
                .count();
    }

    /** Loads the classes of this package anew, and finds no Micrometer. */
    private static final class WithoutMicrometer extends ClassLoader {
        WithoutMicrometer() {
            super(CachingVault.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(CachingVault.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
