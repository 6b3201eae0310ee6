package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A network that is cut off for good at a request, as for a process that dies there. Thread-safe. */
final class CutNetwork implements SdkHttpClient {

    /** When a connection is cut. */
    enum Cut {
        BEFORE_THE_REQUEST,
        /** The service has done what it was asked to; nobody hears of it. */
        BEFORE_THE_ANSWER
    }

    private static final int NEVER = Integer.MAX_VALUE;

    private final SdkHttpClient inner = Apache5HttpClient.create();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicReference<@Nullable String> cutOffAt = new AtomicReference<>();
    private volatile int last = NEVER;
    private volatile String passing = "";
    private volatile Cut cut = Cut.BEFORE_THE_REQUEST;

    /** A client over this network that tries nothing again. */
    DynamoDbClient dynamoDbWithoutRetries(EmbeddedAws aws) {
        var embedded = aws.dynamoDb().serviceClientConfiguration();
        return DynamoDbClient.builder()
                .httpClient(this)
                .endpointOverride(embedded.endpointOverride().orElseThrow())
                .region(embedded.region())
                .credentialsProvider(embedded.credentialsProvider())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    /**
     * Cuts the connection for good at that request, as a process that dies there does.
     *
     * @param notCounted an operation that is let through until then
     */
    void cutOffAt(int request, Cut when, String notCounted) {
        passing = notCounted;
        requests.set(0);
        cut = when;
        last = request;
        cutOffAt.set(null);
    }

    boolean isCutOff() {
        return cutOffAt.get() != null;
    }

    /** The operation whose request or answer was the first that was lost for good; null for none. */
    @Nullable
    String cutOffAt() {
        return cutOffAt.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = inner.prepareRequest(request);
        String target =
                request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                int number = operation.equals(passing) ? requests.get() : requests.incrementAndGet();
                if (isCutOff() || (number == last && cut == Cut.BEFORE_THE_REQUEST)) {
                    cutOffAt.compareAndSet(null, operation);
                    throw new IOException("the connection was cut before the request was sent");
                }
                HttpExecuteResponse response = prepared.call();
                if (number == last) {
                    cutOffAt.set(operation);
                    prepared.abort();
                    throw new IOException("the connection was cut before the answer came");
                }
                return response;
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public void close() {
        inner.close();
    }
}
