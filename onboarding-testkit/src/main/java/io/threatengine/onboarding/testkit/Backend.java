package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What tests run on. Thread-safe. Starting one may take seconds, a workspace on it milliseconds: share it.
 *
 * <pre>{@code
 * try (Backend backend = Backend.auto();
 *         Workspace workspace = backend.newWorkspace()) {
 *     Tenant tenant = workspace.onboarding().tenants().create("acme");
 * }
 * }</pre>
 */
public interface Backend extends AutoCloseable {

    /** For reports: what answers, with versions. */
    String description();

    /** In what it is known to differ from AWS: what tests on it cannot assume. */
    Set<Deviation> deviations();

    /** The services behind it, for SDK clients of one's own; empty if it speaks no AWS protocol. */
    Optional<TestAws> aws();

    /** Fresh, empty tables and secrets that no other workspace sees. */
    default Workspace newWorkspace() {
        return newWorkspace(UnaryOperator.identity());
    }

    /**
     * Fresh, empty tables and secrets that no other workspace sees, with other settings: another index for due schedules, a
     * retention, a limit. The fakes have neither tables nor secrets and go by none of it.
     *
     * <pre>{@code
     * backend.newWorkspace(settings -> settings.toBuilder().dueIndex(DueIndex.sharded(4)).build());
     * }</pre>
     *
     * @param change is given settings with names of its own for tables and secrets
     */
    Workspace newWorkspace(UnaryOperator<OnboardingSettings> change);

    /** Ends what was started for it. Close its workspaces first. */
    @Override
    void close();

    /** Maps in this JVM: no AWS protocol, microseconds a call. For unit tests of what uses the library. */
    static Backend inMemory() {
        return new InMemoryBackend();
    }

    /**
     * DynamoDB, Secrets Manager and KMS in this JVM, behind real SDK clients.
     *
     * @throws BackendUnavailableException if no DynamoDB engine is on the class path; it says what to add
     */
    static Backend embedded() {
        EmbeddedAws aws = EmbeddedAws.start();
        return new AwsBackend("embedded: ", aws, aws::close);
    }

    /** The same, over services that were started already and stay the caller's to close. */
    static Backend embedded(EmbeddedAws aws) {
        return new AwsBackend("embedded: ", aws, () -> {});
    }

    /** A container, with the {@linkplain ContainerOptions#fromEnvironment() options of the environment}. */
    static Backend container() {
        return container(ContainerOptions.fromEnvironment());
    }

    /**
     * A container of LocalStack, or of a compatible image. There is one for each image in a JVM: it starts with the first backend
     * that asks for it and is removed when the JVM ends. What answers in it is {@linkplain #description() described} by its own
     * account, whatever the image is called.
     *
     * @throws BackendUnavailableException if {@code onboarding-testkit-localstack} is not on the class path, no container engine
     *     answers, or the image is not there and may not be pulled
     */
    static Backend container(ContainerOptions options) {
        EndpointAws aws = EndpointAws.at(Containers.endpoint(options));
        return new AwsBackend("in a container: ", aws, aws::close);
    }

    /**
     * Something that runs already, at the address that the variable {@code ONBOARDING_TEST_ENDPOINT} (or the system property
     * {@code onboarding.test.endpoint}) names.
     *
     * @throws BackendUnavailableException if there is no such variable, or nothing answers there
     */
    static Backend endpoint() {
        return endpoint(Backends.endpoint()
                .orElseThrow(() -> new BackendUnavailableException(
                        "set " + Backends.ENDPOINT + " to the address of what runs, such as http://127.0.0.1:4566")));
    }

    /**
     * Something that runs already, with all services at one address: LocalStack, moto, or what is compatible.
     *
     * @throws BackendUnavailableException if nothing answers there
     */
    static Backend endpoint(URI uri) {
        EndpointAws aws = EndpointAws.at(uri);
        return new AwsBackend("at " + uri + ": ", aws, aws::close);
    }

    /** Like {@link #auto(Consumer)}; the line is logged at level INFO, by the name of this interface. */
    static Backend auto() {
        return auto(line -> System.getLogger(Backend.class.getName()).log(Level.INFO, line));
    }

    /**
     * The nearest to AWS that is there: the endpoint that {@code ONBOARDING_TEST_ENDPOINT} names; else a container, if an engine
     * answers and the image is there or may be pulled; else the embedded services, if DynamoDB Local is on the class path; else the
     * fakes in memory.
     *
     * @param chosen is told in one line what was chosen, and why
     * @throws BackendUnavailableException if an endpoint is named and nothing answers there
     */
    static Backend auto(Consumer<String> chosen) {
        return Backends.choose(chosen);
    }
}
