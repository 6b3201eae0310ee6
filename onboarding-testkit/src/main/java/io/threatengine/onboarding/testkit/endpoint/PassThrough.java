package io.threatengine.onboarding.testkit.endpoint;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.utils.Lazy;

/** Hands calls on to a service at another address, over connections that are kept, and its answers back, byte for byte. */
final class PassThrough implements AutoCloseable {
    /** What belongs to a connection and not to the message. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "date", "expect", "host", "keep-alive", "te", "transfer-encoding");

    private final URI service;
    private final Lazy<SdkHttpClient> network;

    /** @param connections how many calls may be under way at once */
    PassThrough(URI service, int connections) {
        this.service = service;
        this.network = new Lazy<>(
                () -> Apache5HttpClient.builder().maxConnections(connections).build());
    }

    void handle(HttpExchange exchange, byte[] body) throws IOException {
        HttpExecuteResponse answer;
        byte[] content;
        try {
            answer = network.getValue().prepareRequest(request(exchange, body)).call();
            content = answer.responseBody().isPresent()
                    ? answer.responseBody().get().readAllBytes()
                    : new byte[0];
        } catch (IOException e) {
            throw new AwsError("InternalServerError", "DynamoDB does not answer at " + service, 500);
        }
        answer.httpResponse().forEachHeader((name, values) -> {
            if (!isOfTheConnection(name)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        exchange.sendResponseHeaders(answer.httpResponse().statusCode(), content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private HttpExecuteRequest request(HttpExchange exchange, byte[] body) {
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(service);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!isOfTheConnection(name)) {
                request.putHeader(name, values);
            }
        });
        request.putHeader("Content-Length", Integer.toString(body.length));
        return HttpExecuteRequest.builder()
                .request(request.build())
                .contentStreamProvider(() -> new ByteArrayInputStream(body))
                .build();
    }

    private static boolean isOfTheConnection(String header) {
        return OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        if (network.hasValue()) {
            network.getValue().close();
        }
    }
}
