package io.threatengine.onboarding.benchmarks;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What caches make of a service that is slow or fails. */
final class BehaviourRun {
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final long SLOW = Duration.ofMillis(50).toNanos();
    private static final CredentialKey KEY = Secrets.key(0);
    private static final String NAME = KEY.reference().orElseThrow();

    private final List<Line> lines = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();

    /**
     * @param slow reads that took longer than 50 ms
     * @param errors reads that were not answered
     */
    private record Line(String scene, String cache, long reads, long calls, long slow, long errors, long millis) {}

    void run() throws InterruptedException {
        stampede();
        refresh();
        outage();
        warming();
    }

    /** 64 threads that want the same credential, which nobody has loaded yet. */
    private void stampede() throws InterruptedException {
        var ours = new Scene("stampede of 64");
        try (var vault = ours.cachingVault()) {
            ours.client.latency = Duration.ofMillis(200);
            ours.readAtOnce(64, () -> vault.get(KEY));
        }
        ratios.add(Ratio.atMost("calls in a stampede of 64", ours.done("ours"), 1));

        var caffeine = new Scene("stampede of 64");
        var cache = caffeine.caffeine();
        caffeine.client.latency = Duration.ofMillis(200);
        caffeine.readAtOnce(64, () -> cache.get(KEY.accountId()));
        caffeine.done("Caffeine");

        var aws = new Scene("stampede of 64");
        try (var secrets = aws.awsCache(TIME_TO_LIVE)) {
            aws.client.latency = Duration.ofMillis(200);
            aws.readAtOnce(64, () -> secrets.getSecretString(NAME));
        }
        aws.done("AWS's cache");
    }

    /** Two readers while the credential becomes old and is loaded again, from a service that takes 300 ms. */
    private void refresh() throws InterruptedException {
        var ours = new Scene("refresh under readers");
        try (var vault = ours.cachingVault()) {
            ours.fill(() -> vault.get(KEY));
            ours.client.latency = Duration.ofMillis(300);
            ours.readFor(Duration.ofSeconds(1), () -> vault.get(KEY), () -> ours.clock.pass(Duration.ofMinutes(4)));
        }
        ours.done("ours");
        ratios.add(Ratio.atMost("reads over 50 ms during a refresh", ours.slow.get(), 0));

        var caffeine = new Scene("refresh under readers");
        var cache = caffeine.caffeine();
        caffeine.fill(() -> cache.get(KEY.accountId()));
        caffeine.client.latency = Duration.ofMillis(300);
        caffeine.readFor(
                Duration.ofSeconds(1),
                () -> cache.get(KEY.accountId()),
                () -> caffeine.clock.pass(Duration.ofMinutes(4)));
        caffeine.done("Caffeine");

        // Its clock cannot be set: its credential gets old after a quarter of a second.
        var aws = new Scene("refresh under readers");
        try (var secrets = aws.awsCache(Duration.ofMillis(250))) {
            aws.fill(() -> secrets.getSecretString(NAME));
            aws.client.latency = Duration.ofMillis(300);
            aws.readFor(Duration.ofSeconds(1), () -> secrets.getSecretString(NAME), () -> {});
        }
        aws.done("AWS's cache");
    }

    /** A credential whose time is over, and a service that fails for 20 seconds: a read every 10 ms. */
    private void outage() {
        var ours = new Scene("outage of 20 s");
        List<Runnable> background = new ArrayList<>();
        try (var vault = CachingVault.over(
                Secrets.vault(ours.client), CacheOptions.defaults().withExecutor(background::add), ours.clock)) {
            ours.fill(() -> vault.get(KEY));
            ours.clock.pass(TIME_TO_LIVE);
            ours.client.fails = true;
            ours.readEveryTenMillis(() -> vault.get(KEY), () -> {
                background.forEach(Runnable::run);
                background.clear();
                ours.clock.pass(Duration.ofMillis(10));
            });
        }
        ratios.add(Ratio.atMost("calls in an outage of 20 s", ours.done("ours"), 5));
        ratios.add(Ratio.atMost("errors in an outage of 20 s", ours.errors.get(), 0));

        var caffeine = new Scene("outage of 20 s");
        var cache = caffeine.caffeine();
        caffeine.fill(() -> cache.get(KEY.accountId()));
        caffeine.clock.pass(TIME_TO_LIVE);
        caffeine.client.fails = true;
        caffeine.readEveryTenMillis(() -> cache.get(KEY.accountId()), () -> caffeine.clock.pass(Duration.ofMillis(10)));
        caffeine.done("Caffeine");

        var aws = new Scene("outage of 20 s");
        try (var secrets = aws.awsCache(Duration.ofMillis(50))) {
            aws.fill(() -> secrets.getSecretString(NAME));
            LockSupport.parkNanos(Duration.ofMillis(60).toNanos());
            aws.client.fails = true;
            aws.readEveryTenMillis(
                    () -> secrets.getSecretString(NAME),
                    () -> LockSupport.parkNanos(Duration.ofMillis(10).toNanos()));
        }
        aws.done("AWS's cache");
    }

    /** 1,000 credentials from a service that takes 20 ms for a call. */
    private void warming() {
        List<CredentialKey> keys =
                IntStream.range(0, 1_000).mapToObj(Secrets::key).toList();
        var together = new Scene("1,000 secrets, 20 ms a call");
        try (var vault = together.cachingVault()) {
            together.client.latency = Duration.ofMillis(20);
            together.reads.set(keys.size());
            together.errors.set(vault.warm(keys).failures().size());
        }
        ratios.add(Ratio.atMost("calls for 1,000 secrets", together.done("ours, warmed"), 50));

        var alone = new Scene("1,000 secrets, 20 ms a call");
        try (var vault = alone.cachingVault()) {
            alone.client.latency = Duration.ofMillis(20);
            for (CredentialKey key : keys) {
                alone.read(() -> vault.get(key));
            }
        }
        alone.done("ours, one by one");
        ratios.add(Ratio.atLeast("one by one to warmed, 1,000 secrets", (double) alone.millis / together.millis, 10));
    }

    void print() {
        System.out.println("\nWhen the service is slow or fails\n");
        System.out.println("| scene | cache | reads | calls | over 50 ms | errors | ms |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|");
        for (Line line : lines) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %d | %d | %d |%n",
                    line.scene,
                    line.cache,
                    line.reads,
                    line.calls,
                    line.slow,
                    line.errors,
                    line.millis);
        }
    }

    List<Ratio> ratios() {
        return ratios;
    }

    /** One cache in one situation, and what came of it. */
    private final class Scene {
        final StubSecretsManager client = new StubSecretsManager();
        final VirtualClock clock = new VirtualClock();
        final AtomicLong reads = new AtomicLong();
        final AtomicLong slow = new AtomicLong();
        final AtomicLong errors = new AtomicLong();
        private final String name;
        private long filled;
        private long began = System.nanoTime();
        private long millis;

        Scene(String name) {
            this.name = name;
        }

        CachingVault cachingVault() {
            return CachingVault.over(Secrets.vault(client), CacheOptions.defaults(), clock);
        }

        LoadingCache<AccountId, StoredCredential> caffeine() {
            CredentialVault vault = Secrets.vault(client);
            return Caffeine.newBuilder()
                    .expireAfterWrite(TIME_TO_LIVE)
                    .refreshAfterWrite(TIME_TO_LIVE.multipliedBy(3).dividedBy(4))
                    .ticker(clock::nanos)
                    .build(id -> vault.load(KEY));
        }

        SecretCache awsCache(Duration timeToLive) {
            return new SecretCache(
                    new SecretCacheConfiguration().withClient(client).withCacheItemTTL(timeToLive.toMillis()));
        }

        void fill(Supplier<?> read) {
            if (read.get() == null) {
                throw new IllegalStateException("nothing came");
            }
        }

        void read(Supplier<?> read) {
            long start = System.nanoTime();
            try {
                fill(read);
            } catch (RuntimeException e) {
                errors.incrementAndGet();
            }
            reads.incrementAndGet();
            if (System.nanoTime() - start > SLOW) {
                slow.incrementAndGet();
            }
        }

        void readAtOnce(int threads, Supplier<?> read) throws InterruptedException {
            begin();
            var go = new CountDownLatch(1);
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                var reader = new Thread(() -> {
                    try {
                        go.await();
                        read(read);
                    } catch (InterruptedException e) {
                        errors.incrementAndGet();
                    }
                });
                reader.start();
                readers.add(reader);
            }
            go.countDown();
            for (Thread reader : readers) {
                reader.join();
            }
        }

        /** Two readers; the change comes after a tenth of the time. */
        void readFor(Duration time, Supplier<?> read, Runnable change) throws InterruptedException {
            begin();
            var over = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                var reader = new Thread(() -> {
                    while (!over.get()) {
                        read(read);
                        LockSupport.parkNanos(100_000);
                    }
                });
                reader.start();
                readers.add(reader);
            }
            Thread.sleep(time.toMillis() / 10);
            change.run();
            Thread.sleep(time.toMillis() * 9 / 10);
            over.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
        }

        void readEveryTenMillis(Supplier<?> read, Runnable pass) {
            begin();
            for (int i = 0; i < 2_000; i++) {
                read(read);
                pass.run();
            }
        }

        private void begin() {
            filled = client.calls.get();
            began = System.nanoTime();
        }

        /** The calls that it took, above the client's retries: each that fails is several requests. */
        long done(String cache) {
            millis = (System.nanoTime() - began) / 1_000_000;
            long calls = client.calls.get() - filled;
            lines.add(new Line(name, cache, reads.get(), calls, slow.get(), errors.get(), millis));
            return calls;
        }
    }
}
