package io.threatengine.onboarding.testkit.endpoint;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The AWS JSON protocols: routes a call by {@code X-Amz-Target} and by the region of its signature. DynamoDB's calls are passed
 * through.
 */
final class HttpFront implements HttpHandler {
    private static final Pattern TARGET = Pattern.compile("(\\w+)\\.(\\w+)");

    /** DynamoDB and its streams, which have one address. */
    private static final Pattern DYNAMODB = Pattern.compile("DynamoDB(Streams)?_20120810\\.\\w+");

    private final InstantSource time;
    private final @Nullable PassThrough dynamoDb;
    private final Map<String, RegionalServices> regions = new ConcurrentHashMap<>();

    /** @param dynamoDb null where there is none: its operations are unknown then */
    HttpFront(InstantSource time, @Nullable PassThrough dynamoDb) {
        this.time = time;
        this.dynamoDb = dynamoDb;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            Dialect dialect = target != null && DYNAMODB.matcher(target).matches() ? Dialect.DYNAMODB : Dialect.OURS;
            try {
                if (!exchange.getRequestMethod().equals("POST")) {
                    page(exchange);
                } else if (dialect == Dialect.DYNAMODB) {
                    passOn(exchange, body);
                } else {
                    send(exchange, 200, dialect, answer(exchange.getRequestHeaders(), target, body));
                }
            } catch (AwsError e) {
                sendError(exchange, dialect, e);
            } catch (RuntimeException e) {
                // Only the kind of the fault: a message might carry a secret value.
                String message =
                        "Fault of the embedded endpoint: " + e.getClass().getName();
                sendError(exchange, dialect, new AwsError("InternalFailure", message, 500));
            }
        }
    }

    /** What DynamoDB's endpoints have for those who only want to know whether they are there. */
    private static void page(HttpExchange exchange) throws IOException {
        boolean health = exchange.getRequestURI().getPath().equals("/");
        String host = exchange.getRequestHeaders().getFirst("Host");
        byte[] text =
                (health ? "healthy: " + host + " " : "<UnknownOperationException/>\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", health ? "text/plain" : "application/xml");
        exchange.getResponseHeaders().set("Server", EmbeddedAwsEndpoint.SERVER);

        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(health ? 200 : 404, head ? -1 : text.length);
        if (!head) {
            exchange.getResponseBody().write(text);
        }
    }

    private void passOn(HttpExchange exchange, byte[] body) throws IOException {
        if (dynamoDb == null) {
            throw AwsError.unknownOperation();
        }
        Signature.region(exchange.getRequestHeaders(), "dynamodb");
        dynamoDb.handle(exchange, body);
    }

    private Reply answer(Headers headers, @Nullable String targetHeader, byte[] body) {
        Matcher target = TARGET.matcher(targetHeader == null ? "" : targetHeader);
        String service = target.matches() ? RegionalServices.SIGNING_NAMES.get(target.group(1)) : null;
        if (service == null) {
            throw AwsError.unknownOperation();
        }
        String region = Signature.region(headers, service);
        Request request = Request.parse(body);
        return regions.computeIfAbsent(region, name -> new RegionalServices(name, time))
                .call(target.group(1), target.group(2), request);
    }

    private static void sendError(HttpExchange exchange, Dialect dialect, AwsError error) throws IOException {
        if (dialect == Dialect.OURS) {
            exchange.getResponseHeaders().set("x-amzn-ErrorType", error.type());
        }
        Reply reply =
                new Reply().with("__type", dialect.namespace + error.type()).with("message", error.getMessage());
        send(exchange, error.status(), dialect, reply);
    }

    private static void send(HttpExchange exchange, int status, Dialect dialect, Reply reply) throws IOException {
        byte[] json = reply.toJson();
        exchange.getResponseHeaders().set("Content-Type", dialect.contentType);
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }

    /** In what the services' answers differ. */
    private enum Dialect {
        DYNAMODB("application/x-amz-json-1.0", "com.amazon.coral.service#"),
        /** Secrets Manager and KMS. */
        OURS("application/x-amz-json-1.1", "");

        private final String contentType;
        private final String namespace;

        Dialect(String contentType, String namespace) {
            this.contentType = contentType;
            this.namespace = namespace;
        }
    }
}
