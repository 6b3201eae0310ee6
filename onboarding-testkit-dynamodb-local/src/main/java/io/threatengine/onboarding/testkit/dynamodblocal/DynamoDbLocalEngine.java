package io.threatengine.onboarding.testkit.dynamodblocal;

import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * DynamoDB Local, in memory, behind an HTTP port of the loopback address.
 *
 * <p>The tables of one started engine are shared by all regions and access keys and are gone once it is closed. Several
 * engines can run side by side in one JVM; each has tables of its own. No telemetry is sent: only Amazon's command-line
 * launcher and its embedded client send it, and neither is used here.
 *
 * <p>DynamoDB Local differs from the service: it knows no continuous backups, no tags and no resource policies, and it
 * does not delete items whose time to live is over. PartiQL statements are answered with HTTP status 500 unless the
 * build adds {@code org.partiql:partiql-lang-kotlin:0.3.4}, which this artifact leaves out to keep Kotlin off the class
 * path.
 *
 * <p>A started engine has threads that keep the JVM alive; they end when it is closed. This class and the engines that
 * it starts are thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html">Usage
 *     notes of DynamoDB Local</a>
 */
public final class DynamoDbLocalEngine implements DynamoDbEngine {
    private static final String NAME = "DynamoDB Local";
    private static final String POM_PROPERTIES = "META-INF/maven/software/amazon/dynamodb/DynamoDBLocal/pom.properties";

    /** Longer than an SDK client keeps an idle connection (60 s), so that it never meets one closed by the server. */
    private static final long IDLE_MILLIS = 300_000;

    /** Used by {@link java.util.ServiceLoader}. */
    public DynamoDbLocalEngine() {}

    @Override
    public String description() {
        Properties properties = new Properties();
        try (InputStream in = DynamoDbLocalEngine.class.getClassLoader().getResourceAsStream(POM_PROPERTIES)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return NAME; // the version is for reports only
        }
        return (NAME + " " + properties.getProperty("version", "")).strip();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if DynamoDB Local cannot be started, for example because the build changed the
     *     version of one of its dependencies
     */
    @Override
    public Running start() {
        Log4jFallback.install();
        try {
            return RunningServer.start();
        } catch (Exception | LinkageError e) {
            throw new IllegalStateException(
                    "DynamoDB Local could not be started; look for dependencies of onboarding-testkit-dynamodb-local"
                            + " that this build excludes or changes to another version",
                    e);
        }
    }

    private static final class RunningServer implements Running {
        private final Server server;
        private final Database database;
        private final URI endpoint;
        private final AtomicBoolean closed = new AtomicBoolean();

        private RunningServer(Server server, Database database, URI endpoint) {
            this.server = server;
            this.database = database;
            this.endpoint = endpoint;
        }

        /**
         * Starts a server of our own around DynamoDB Local's request handler. Amazon's launcher listens on all network
         * interfaces, needs a port number in advance and prints its settings; this server listens on the loopback
         * address only and takes whichever port the system gives it.
         */
        private static RunningServer start() throws Exception {
            Database database = Database.inMemory();
            Server server = null;
            try {
                QueuedThreadPool threads = new QueuedThreadPool();
                threads.setName("dynamodb-local");
                threads.setDaemon(true);
                server = new Server(threads);
                ServerConnector connector = new ServerConnector(server, 1, 1);
                String host = InetAddress.getLoopbackAddress().getHostAddress();
                connector.setHost(host);
                connector.setPort(0);
                connector.setIdleTimeout(IDLE_MILLIS);
                server.addConnector(connector);
                server.setHandler(database.httpHandler());
                server.setStopTimeout(0);
                server.start();
                return new RunningServer(
                        server, database, new URI("http", null, host, connector.getLocalPort(), null, null, null));
            } catch (Exception | LinkageError e) {
                if (server != null) {
                    server.stop();
                }
                database.shutdown();
                throw e;
            }
        }

        @Override
        public URI endpoint() {
            return endpoint;
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            try {
                server.stop();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("DynamoDB Local at " + endpoint + " could not be stopped", e);
            } finally {
                database.shutdown();
            }
        }
    }
}
