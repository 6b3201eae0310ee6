package io.threatengine.onboarding.testkit;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses among the backends. */
final class Backends {
    static final String ENDPOINT = "ONBOARDING_TEST_ENDPOINT";

    private Backends() {}

    static Optional<URI> endpoint() {
        return Variables.find(ENDPOINT).map(Backends::uri);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new BackendUnavailableException(ENDPOINT + " is not an address", e);
        }
    }

    static Backend choose(Consumer<String> chosen) {
        Optional<URI> endpoint = endpoint();
        if (endpoint.isPresent()) {
            return said(chosen, Backend.endpoint(endpoint.get()), "since " + ENDPOINT + " is set");
        }
        ContainerOptions options = ContainerOptions.fromEnvironment();
        Optional<String> noContainer = Containers.obstacle(options);
        if (noContainer.isEmpty()) {
            return said(chosen, Backend.container(options), "since an engine answers and may run " + options.image());
        }
        String because = "since " + noContainer.get();
        return EmbeddedAws.engine().isPresent()
                ? said(chosen, Backend.embedded(), because)
                : said(
                        chosen,
                        Backend.inMemory(),
                        because + ", and onboarding-testkit-dynamodb-local is not on the class path");
    }

    private static Backend said(Consumer<String> chosen, Backend backend, String why) {
        chosen.accept("Tests run on " + backend.description() + ", " + why);
        return backend;
    }
}
