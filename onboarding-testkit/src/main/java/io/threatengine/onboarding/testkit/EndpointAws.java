package io.threatengine.onboarding.testkit;

import java.net.URI;
import java.util.Set;

/** Something that runs already and answers for all services at one address. */
final class EndpointAws extends TestAws {
    private final URI uri;
    private final StandIn standIn;
    private final Clients clients;

    private EndpointAws(URI uri, StandIn standIn, Clients clients) {
        this.uri = uri;
        this.standIn = standIn;
        this.clients = clients;
    }

    /** @throws BackendUnavailableException if nothing answers there */
    static EndpointAws at(URI uri) {
        return new EndpointAws(uri, StandIn.at(uri), Clients.elsewhere(uri));
    }

    @Override
    Clients clients() {
        return clients;
    }

    @Override
    public String description() {
        return standIn.name();
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Set<Deviation> deviations() {
        return standIn.deviations();
    }

    @Override
    public void close() {
        clients.close();
    }
}
