package io.threatengine.onboarding.testkit;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** A network on which what {@link Faults} ask for happens. The network below is another's to close. Thread-safe. */
final class FaultyHttpClient implements SdkHttpClient {
    private final SdkHttpClient network;
    private final Faults faults;

    FaultyHttpClient(SdkHttpClient network, Faults faults) {
        this.network = network;
        this.faults = faults;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = network.prepareRequest(request);
        String operation = request.httpRequest()
                .firstMatchingHeader("X-Amz-Target")
                .map(target -> target.substring(target.lastIndexOf('.') + 1))
                .orElse("");
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                Optional<Fault> fault = faults.next(operation);
                return fault.isPresent() ? fault.get().onTheNetwork(prepared) : prepared.call();
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return network.clientName();
    }

    @Override
    public void close() {
        // the network is shared
    }
}
