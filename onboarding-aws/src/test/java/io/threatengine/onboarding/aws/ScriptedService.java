package io.threatengine.onboarding.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** A DynamoDB on the loopback that answers as it was told: each request takes the next answer, and the last one stays. */
final class ScriptedService implements AutoCloseable {
    static final Answer OK = (exchange, service) -> send(exchange, 200, "{\"TableNames\":[]}");
    static final Answer CUT = (exchange, service) -> exchange.close();
    static final Answer CUT_HALFWAY = (exchange, service) -> {
        exchange.sendResponseHeaders(200, 1_000);
        exchange.getResponseBody().write("{\"TableNames\":[".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        exchange.close();
    };
    static final Answer SILENCE = (exchange, service) -> {};

    static {
        // Read once by the JDK's server, when its first instance is made. Without it the delayed acknowledgement of the
        // loopback interface adds 40 ms to each call.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final Deque<Answer> answers;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean closed;

    private ScriptedService(Deque<Answer> answers) {
        this.answers = answers;
        try {
            server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    static ScriptedService answering(Answer... answers) {
        return new ScriptedService(new ArrayDeque<>(Arrays.asList(answers)));
    }

    static Answer refusal(int status, String code) {
        String body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\",\"message\":\"as scripted\"}";
        return (exchange, service) -> send(exchange, status, body);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many requests have come. */
    int requests() {
        return requests.get();
    }

    /** Returns when the thread waits for a pause to end or a connection to be free. Reading from a socket is another state. */
    void awaitPauseOf(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING && !closed) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
    }

    // Called by one thread, the server's own.
    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        exchange.getRequestBody().readAllBytes();
        Answer answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        answer.to(exchange, this);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What one request gets. */
    interface Answer {
        void to(HttpExchange exchange, ScriptedService service) throws IOException;
    }
}
