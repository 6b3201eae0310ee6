package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.testkit.spi.ContainerEngine;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The containers of this JVM, one for each image: a start takes seconds, and their state is kept apart by names. */
final class Containers {
    private static final Map<String, ContainerEngine.Running> STARTED = new HashMap<>();
    private static final String NO_ENGINE =
            "io.threatengine:onboarding-testkit-localstack is not on the class path: add it in test scope";

    private Containers() {}

    static Optional<String> obstacle(ContainerOptions options) {
        Optional<ContainerEngine> engine = engine();
        return engine.isEmpty() ? Optional.of(NO_ENGINE) : engine.get().obstacle(options.image(), options.mayPull());
    }

    static synchronized URI endpoint(ContainerOptions options) {
        return STARTED.computeIfAbsent(options.image(), image -> start(options)).endpoint();
    }

    private static ContainerEngine.Running start(ContainerOptions options) {
        ContainerEngine engine = engine().orElseThrow(() -> new BackendUnavailableException(NO_ENGINE));
        engine.obstacle(options.image(), options.mayPull()).ifPresent(why -> {
            throw new BackendUnavailableException(why);
        });
        ContainerEngine.Running running = engine.start(options.image());
        Runtime.getRuntime().addShutdownHook(new Thread(running::close, "onboarding-testkit-container"));
        return running;
    }

    private static Optional<ContainerEngine> engine() {
        return ServiceLoader.load(ContainerEngine.class).findFirst();
    }
}
