package io.threatengine.onboarding.aws;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.internal.Rules;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Where an SDK client that we open calls and as whom, how long it waits, and how often it tries. Immutable.
 *
 * <pre>{@code
 * var options = ClientOptions.builder().callTimeout(Duration.ofSeconds(8)).connections(200).build();
 * try (var storage = DynamoDbStorage.open(settings, options);
 *         var vault = SecretsManagerVault.open(settings, options)) {
 *     …
 * }
 * }</pre>
 *
 * <p>They hold for that client alone: nothing of the JVM is changed, and {@code AWS_MAX_ATTEMPTS}, {@code AWS_RETRY_MODE}
 * and their like in a profile do not overrule them. A client of your own ({@code using(client, …)}) keeps its behaviour.
 *
 * <p><b>What is tried again</b> is what AWS's standard retry strategy (SDK 2.54) tries again: throttling; the answers 500, 502, 503 and
 * 504; an attempt that ran out of time; a connection that failed or was cut; a request that was signed by a wrong clock, once
 * the SDK has corrected for it. Never a request that is invalid or denied, or whose condition failed: it would fail again.
 * Every write of this library may be tried again safely within its call: it is conditional, carries a client token, or removes
 * what is removed already.
 *
 * <p><b>The pauses</b> between attempts double from {@link #firstDelay} or {@link #firstDelayWhenThrottled} up to {@link
 * #longestDelay}; each lasts a random part of that, from nothing to all of it ("full jitter"), so that clients which failed
 * together do not come back together. A longer {@code Retry-After} of the service is kept to.
 *
 * <p><b>The budget</b> of a call is its attempts, its time, and the client's token bucket: it holds 500, each retry takes 5,
 * and a success gives back what its last retry took, or 1. When a service goes on failing, the bucket is empty after a
 * hundred retries, and calls are tried once only until some succeed. {@link ThrottledException} and {@link
 * ServiceUnavailableException} come only when one of the three is spent; throttling that is ended by the call's time-out
 * counts as unavailable.
 *
 * <p><b>Interruption</b> ends a call at once during a pause or the wait for a free connection. A thread that waits for an
 * answer sees it when the answer comes, or when no bytes have come for four fifths of the attempt's time-out. Only where the
 * attempt's or the call's own time ends sooner does the SDK take the interruption for its own, and clear it.
 */
@AutoValue
public abstract class ClientOptions {
    private static final int MOST_ATTEMPTS = 20;
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int LONGEST_PROFILE = 255;
    private static final String ENDPOINT_RULE =
            "must be an http or https address with a host, like http://127.0.0.1:4566, and without user, query and fragment";
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The SDK counts milliseconds, and takes 0 for "for ever". */
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(10);

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(1);

    ClientOptions() {}

    /**
     * How long making a connection may take. Default 2 s, as the SDK's: within a region it stands in milliseconds, and one
     * that takes longer is better tried anew.
     */
    public abstract Duration connectTimeout();

    /**
     * How long one attempt may take, the wait for a free connection included. Default 5 s: far above the slowest healthy
     * answer of DynamoDB and Secrets Manager, so that only a hung one is cut; the SDK itself sets no limit.
     */
    public abstract Duration attemptTimeout();

    /**
     * How long a call may take with all its attempts and pauses. Default 20 s: four pauses after throttling last 15 s at
     * most, so that a call which is throttled to the end can say so; the SDK itself sets no limit.
     */
    public abstract Duration callTimeout();

    /**
     * How often a call is tried, the first time included; 1 for no retries. Default 5: AWS's standard strategy has 3, which
     * throttling of a few seconds outlasts, and the SDK's own default for DynamoDB is 9, whose pauses outlast the call.
     */
    public abstract int attempts();

    /** The longest first pause after a failure. Default 100 ms, as in AWS's standard strategy. */
    public abstract Duration firstDelay();

    /**
     * The longest first pause after throttling. Default 1 s, as in AWS's standard strategy: longer than after a failure,
     * since the service asks for time.
     */
    public abstract Duration firstDelayWhenThrottled();

    /** What no pause exceeds, but for a {@code Retry-After}. Default 20 s, as in AWS's standard strategy. */
    public abstract Duration longestDelay();

    /**
     * How many connections the client has at most; a call beyond them waits for a free one within its attempt's time.
     * Default 64: in one process seldom more threads than that call at once (the SDK has 50). An idle connection is closed
     * after a minute.
     */
    public abstract int connections();

    abstract @Nullable SdkHttpClient nullableHttpClient();

    /**
     * The caller's HTTP client. Empty by default, for an Apache HttpClient 5 that is made for the SDK client and closed with
     * it: it is pure Java, keeps its connections, and is the one HTTP client that this library brings along.
     */
    public Optional<SdkHttpClient> httpClient() {
        return Optional.ofNullable(nullableHttpClient());
    }

    abstract @Nullable URI nullableEndpoint();

    /**
     * Where the client calls in place of the region's own address: a stand-in of AWS, or a VPC endpoint of that one service.
     * Empty by default. Requests are signed for the settings' region all the same.
     */
    public Optional<URI> endpoint() {
        return Optional.ofNullable(nullableEndpoint());
    }

    abstract @Nullable String nullableProfile();

    /**
     * The profile of the AWS config and credentials files whose credentials are used, and no others. Empty by default, for
     * what the SDK finds: environment, profile, container or instance role. Its region counts for nothing, since the
     * settings have one.
     */
    public Optional<String> profile() {
        return Optional.ofNullable(nullableProfile());
    }

    /**
     * How long a read may wait for bytes. Less than the attempt's time-out, because of interruption: the SDK ends an attempt
     * by interrupting its thread, and then clears the flag, whoever has set it. A read that ends by itself leaves it alone.
     */
    Duration readTimeout() {
        return attemptTimeout().multipliedBy(4).dividedBy(5);
    }

    public abstract Builder toBuilder();

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new AutoValue_ClientOptions.Builder()
                .connectTimeout(Duration.ofSeconds(2))
                .attemptTimeout(Duration.ofSeconds(5))
                .callTimeout(Duration.ofSeconds(20))
                .attempts(5)
                .firstDelay(Duration.ofMillis(100))
                .firstDelayWhenThrottled(Duration.ofSeconds(1))
                .longestDelay(Duration.ofSeconds(20))
                .connections(64);
    }

    public static ClientOptions defaults() {
        return builder().build();
    }

    private void check() {
        checkDuration("connect time-out", connectTimeout(), SHORTEST_TIMEOUT);
        checkDuration("attempt time-out", attemptTimeout(), SHORTEST_TIMEOUT);
        checkDuration("call time-out", callTimeout(), SHORTEST_TIMEOUT);
        checkAtMost("connect time-out", connectTimeout(), "attempt time-out", attemptTimeout());
        checkAtMost("attempt time-out", attemptTimeout(), "call time-out", callTimeout());
        checkCount("attempts", attempts(), MOST_ATTEMPTS);
        checkDuration("first delay", firstDelay(), SHORTEST_DELAY);
        checkDuration("first delay when throttled", firstDelayWhenThrottled(), SHORTEST_DELAY);
        checkDuration("longest delay", longestDelay(), SHORTEST_DELAY);
        checkAtMost("first delay", firstDelay(), "longest delay", longestDelay());
        checkAtMost("first delay when throttled", firstDelayWhenThrottled(), "longest delay", longestDelay());
        checkCount("connections", connections(), MOST_CONNECTIONS);
        endpoint().ifPresent(ClientOptions::checkEndpoint);
        profile().ifPresent(profile -> Rules.printable("profile", profile, 1, LONGEST_PROFILE));
    }

    private static void checkEndpoint(URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web || endpoint.getHost() == null) {
            throw new InvalidValueException("endpoint", ENDPOINT_RULE, endpoint.toString());
        }
        if (endpoint.getUserInfo() != null || endpoint.getQuery() != null || endpoint.getFragment() != null) {
            throw InvalidValueException.ofSecret("endpoint", ENDPOINT_RULE); // it may hold a password
        }
    }

    private static void checkDuration(String field, Duration value, Duration shortest) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw new InvalidValueException(
                    field, "must be " + shortest.toMillis() + " ms to " + LONGEST.toDays() + " day", value.toString());
        }
    }

    private static void checkAtMost(String field, Duration value, String limitingField, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw new InvalidValueException(
                    field, "must not exceed the " + limitingField + " of " + limit, value.toString());
        }
    }

    private static void checkCount(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw new InvalidValueException(field, "must be 1 to " + most, Integer.toString(value));
        }
    }

    /** Builds options; {@link #build()} checks them. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        /** 10 ms to the attempt's time-out. */
        public abstract Builder connectTimeout(Duration timeout);

        /** 10 ms to the call's time-out. */
        public abstract Builder attemptTimeout(Duration timeout);

        /** 10 ms to 1 day. */
        public abstract Builder callTimeout(Duration timeout);

        /** 1 to 20. */
        public abstract Builder attempts(int attempts);

        /** 1 ms to the longest delay. */
        public abstract Builder firstDelay(Duration delay);

        /** 1 ms to the longest delay. */
        public abstract Builder firstDelayWhenThrottled(Duration delay);

        /** 1 ms to 1 day. */
        public abstract Builder longestDelay(Duration delay);

        /** 1 to 10,000. */
        public abstract Builder connections(int connections);

        abstract Builder nullableHttpClient(@Nullable SdkHttpClient client);

        /**
         * A client of the caller's, who closes it when no SDK client uses it any more; null for one of ours. The time-out for
         * connecting and the number of connections are then what it has been built with. Its time-out for reads should be
         * shorter than the attempt's, so that interruption is seen.
         */
        public Builder httpClient(@Nullable SdkHttpClient client) {
            return nullableHttpClient(client);
        }

        abstract Builder nullableEndpoint(@Nullable URI endpoint);

        /** Like {@code http://127.0.0.1:4566}; null for the region's own. */
        public Builder endpoint(@Nullable URI endpoint) {
            return nullableEndpoint(endpoint);
        }

        abstract Builder nullableProfile(@Nullable String profile);

        /** A profile's name; null for what the SDK finds. It is looked up when a client is opened. */
        public Builder profile(@Nullable String profile) {
            return nullableProfile(profile);
        }

        abstract ClientOptions autoBuild();

        /**
         * Checks the options.
         *
         * @throws InvalidValueException if an option is out of its bounds, or contradicts another
         */
        public ClientOptions build() {
            ClientOptions options = autoBuild();
            options.check();
            return options;
        }
    }
}
