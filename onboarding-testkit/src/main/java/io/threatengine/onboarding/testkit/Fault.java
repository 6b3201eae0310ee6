package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What may go wrong with a request. Behind an SDK client it happens on the network, below the SDK's retries; with the fakes it is the
 * error that is left when the retries are spent. Immutable.
 *
 * @see Faults
 */
public final class Fault {
    private static final Refusal THROTTLED =
            new Refusal(400, "ThrottlingException", "Rate exceeded", ThrottledException::new);
    private static final Refusal SERVER_ERROR =
            new Refusal(500, "InternalServerError", "Internal server error", ServiceUnavailableException::new);
    private static final Refusal DENIED = new Refusal(
            400,
            "AccessDeniedException",
            "User: arn:aws:iam::000000000000:user/test is not authorized to perform this action",
            AccessDeniedException::new);

    private final String name;
    private final OnTheNetwork network;
    private final InMemory memory;

    private Fault(String name, OnTheNetwork network, InMemory memory) {
        this.name = name;
        this.network = network;
        this.memory = memory;
    }

    /** The service refuses since it has been asked too often. */
    public static Fault throttled() {
        return refused("throttled", THROTTLED);
    }

    /** The service fails, with status 500. */
    public static Fault serverError() {
        return refused("server error", SERVER_ERROR);
    }

    /** The caller may not do that. */
    public static Fault denied() {
        return refused("denied", DENIED);
    }

    /** The request is never answered; the service has not done what it was asked to. Takes no time. */
    public static Fault timeout() {
        return lost("time-out", new SocketTimeoutException("Read timed out"));
    }

    /** The connection is cut before the service has seen the request. */
    public static Fault cutBefore() {
        return lost("cut before the effect", new IOException("the connection was cut before the request was sent"));
    }

    /** The connection is cut after the service has done what it was asked to: the caller cannot know. */
    public static Fault cutAfter() {
        return cutAfter(() -> {});
    }

    /**
     * Like {@link #cutAfter()}.
     *
     * @param meanwhile what others do between the effect and the moment when the caller finds out
     */
    public static Fault cutAfter(Runnable meanwhile) {
        Objects.requireNonNull(meanwhile, "meanwhile");
        return new Fault(
                "cut after the effect",
                request -> {
                    request.call();
                    request.abort();
                    meanwhile.run();
                    throw new IOException("the connection was cut before the answer came");
                },
                (operation, call) -> {
                    call.make();
                    meanwhile.run();
                    throw new ServiceUnavailableException(operation, "the fakes", null);
                });
    }

    /** The answer comes, but that much later. */
    public static Fault slow(Duration delay) {
        Objects.requireNonNull(delay, "delay");
        return new Fault(
                "slow by " + delay,
                request -> {
                    HttpExecuteResponse response = request.call();
                    try {
                        Thread.sleep(delay.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        request.abort(); // nobody reads the answer, and its connection would never be free again
                        throw new InterruptedIOException("interrupted while the answer was awaited");
                    }
                    return response;
                },
                (operation, call) -> {
                    Object answer = call.make();
                    try {
                        Thread.sleep(delay.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new OperationInterruptedException(operation, e);
                    }
                    return answer;
                });
    }

    private static Fault refused(String name, Refusal refusal) {
        return new Fault(name, request -> refusal.response(), (operation, call) -> {
            throw refusal.error.of(operation, "the fakes", null);
        });
    }

    private static Fault lost(String name, IOException exception) {
        return new Fault(
                name,
                request -> {
                    throw new IOException(exception.getMessage(), exception);
                },
                (operation, call) -> {
                    throw new ServiceUnavailableException(operation, "the fakes", exception);
                });
    }

    HttpExecuteResponse onTheNetwork(ExecutableHttpRequest request) throws IOException {
        return network.happen(request);
    }

    @Nullable
    Object inMemory(String operation, Call call) throws Throwable {
        return memory.happen(operation, call);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A call of a fake. */
    interface Call {
        @Nullable
        Object make() throws Throwable;
    }

    private interface OnTheNetwork {
        HttpExecuteResponse happen(ExecutableHttpRequest request) throws IOException;
    }

    private interface InMemory {
        @Nullable
        Object happen(String operation, Call call) throws Throwable;
    }

    private interface ErrorAnswer {
        RuntimeException of(String operation, String resource, @Nullable Throwable cause);
    }

    /** An answer in the form that all three services share, and the library's error for it. */
    private record Refusal(int status, String type, String message, ErrorAnswer error) {
        HttpExecuteResponse response() {
            byte[] body =
                    ("{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
            return HttpExecuteResponse.builder()
                    .response(SdkHttpResponse.builder()
                            .statusCode(status)
                            .putHeader("Content-Type", "application/x-amz-json-1.1")
                            .putHeader("x-amzn-ErrorType", type)
                            .putHeader("Content-Length", Integer.toString(body.length))
                            .build())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }
    }
}
