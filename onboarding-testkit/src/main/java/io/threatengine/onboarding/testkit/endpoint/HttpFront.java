package io.threatengine.onboarding.testkit.endpoint;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The AWS JSON 1.1 protocol: routes a call by {@code X-Amz-Target} and by the region of its signature. */
final class HttpFront implements HttpHandler {
    private static final Pattern TARGET = Pattern.compile("(\\w+)\\.(\\w+)");

    /** Signature version 4: {@code Credential=<access key>/<date>/<region>/<service>/aws4_request}. */
    private static final Pattern CREDENTIAL_SCOPE =
            Pattern.compile("Credential=[^/,\\s]+/\\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request");

    private final InstantSource time;
    private final Map<String, RegionalServices> regions = new ConcurrentHashMap<>();

    HttpFront(InstantSource time) {
        this.time = time;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                send(exchange, 200, answer(exchange.getRequestHeaders(), body));
            } catch (AwsError e) {
                sendError(exchange, e);
            } catch (RuntimeException e) {
                // Only the kind of the fault: a message might carry a secret value.
                String message =
                        "Fault of the embedded endpoint: " + e.getClass().getName();
                sendError(exchange, new AwsError("InternalFailure", message, 500));
            }
        }
    }

    private Reply answer(Headers headers, byte[] body) {
        String targetHeader = headers.getFirst("X-Amz-Target");
        Matcher target = TARGET.matcher(targetHeader == null ? "" : targetHeader);
        String service = target.matches() ? RegionalServices.SIGNING_NAMES.get(target.group(1)) : null;
        if (service == null) {
            throw AwsError.unknownOperation();
        }
        String region = signedRegion(headers, service);
        Request request = Request.parse(body);
        return regions.computeIfAbsent(region, name -> new RegionalServices(name, time))
                .call(target.group(1), target.group(2), request);
    }

    private static String signedRegion(Headers headers, String service) {
        String authorization = headers.getFirst("Authorization");
        if (authorization == null) {
            throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        Matcher scope = CREDENTIAL_SCOPE.matcher(authorization);
        if (!scope.find()) {
            throw new AwsError("IncompleteSignatureException", "Authorization header requires 'Credential' parameter.");
        }
        if (!scope.group(2).equals(service)) {
            throw new AwsError(
                    "InvalidSignatureException", "Credential should be scoped to correct service: '" + service + "'.");
        }
        return scope.group(1);
    }

    private static void sendError(HttpExchange exchange, AwsError error) throws IOException {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", error.type());
        send(exchange, error.status(), new Reply().with("__type", error.type()).with("message", error.getMessage()));
    }

    private static void send(HttpExchange exchange, int status, Reply reply) throws IOException {
        byte[] json = reply.toJson();
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }
}
