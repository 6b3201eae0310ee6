package io.threatengine.onboarding.testkit.endpoint;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP endpoint in this JVM that answers as AWS Secrets Manager and AWS KMS do, for tests without Docker and without
 * an AWS account. With DynamoDB Local beside it, it can be the address of all three.
 *
 * <pre>{@code
 * try (var endpoint = EmbeddedAwsEndpoint.start();
 *         var secrets = SecretsManagerClient.builder()
 *                 .endpointOverride(endpoint.uri())
 *                 .region(Region.EU_CENTRAL_1)
 *                 .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
 *                 .build()) {
 *     secrets.createSecret(r -> r.name("greeting").secretString("hello"));
 * }
 * }</pre>
 *
 * <p>SDKs of any language can use it, and the AWS CLI: {@code aws --endpoint-url http://127.0.0.1:4566 secretsmanager
 * list-secrets}. {@code GET /} answers 200 as long as it runs, for whoever waits for that.
 *
 * <p>One endpoint is one account, {@value #ACCOUNT_ID}, with separate state for each region; the region is the one that
 * the request was signed for. Any credentials are accepted: signatures must be there but are not verified, and neither
 * IAM nor key policies nor resource policies are evaluated. All state is in memory and gone after {@link #close()}.
 *
 * <p>The two services are connected as in AWS: each version of a secret is sealed by a data key of the secret's KMS
 * key, so a disabled or deleted key makes its secrets unreadable. Everything that happens by itself (a secret or a key
 * disappears at the end of its waiting period) follows the {@link InstantSource}, so a test can move time instead of
 * waiting for it.
 *
 * <p>What is not here: replication, multi-Region and asymmetric keys, grants, imported key material. They are refused,
 * never ignored. Rotation is stored and described, but as no Lambda function runs, {@code RotateSecret} creates no
 * version. Unlike in AWS, writes are visible at once and a forced deletion takes effect at once.
 *
 * <p>Sources: the <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/">Secrets Manager</a> and
 * <a href="https://docs.aws.amazon.com/kms/latest/APIReference/">KMS</a> API references, and the table of
 * <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">key states</a>.
 *
 * <p>Thread-safe. Calls within one region run one after the other.
 */
public final class EmbeddedAwsEndpoint implements AutoCloseable {
    /** The account that owns everything behind this endpoint. */
    public static final String ACCOUNT_ID = "000000000000";

    /** What it calls itself, in the header {@code Server} of its health page. */
    public static final String SERVER = "onboarding-testkit";

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int LAST_PORT = 65_535;
    /** Each is taken by a call while it is answered; DynamoDB Local takes longest, and answers many at once. */
    private static final int THREADS = 16;

    static {
        // Read once by the JDK's server, when its first instance is made. Without it the delayed acknowledgement of the
        // loopback interface adds 40 ms to each call.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final @Nullable PassThrough dynamoDb;
    private final URI uri;

    private EmbeddedAwsEndpoint(HttpServer server, ExecutorService threads, @Nullable PassThrough dynamoDb) {
        this.server = server;
        this.threads = threads;
        this.dynamoDb = dynamoDb;
        this.uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Starts on a free port, with the system's time. */
    public static EmbeddedAwsEndpoint start() {
        return start(0, InstantSource.system());
    }

    /** Starts on this port, with the system's time; 0 picks a free port. */
    public static EmbeddedAwsEndpoint start(int port) {
        return start(port, InstantSource.system());
    }

    /** Starts on a free port, with this source of time. */
    public static EmbeddedAwsEndpoint start(InstantSource time) {
        return start(0, time);
    }

    /**
     * Starts on the loopback interface; ready to answer when this method returns.
     *
     * @param port the TCP port, or 0 for a free one
     * @param time what the services take for the current time
     * @throws UncheckedIOException if the port is in use
     * @throws IllegalArgumentException if there is no such port
     */
    public static EmbeddedAwsEndpoint start(int port, InstantSource time) {
        return start(port, Objects.requireNonNull(time, "time"), null);
    }

    /**
     * Starts on the loopback interface, with the system's time, and passes what is asked of DynamoDB through to where that runs:
     * all three services answer at one address.
     *
     * @param port the TCP port, or 0 for a free one
     * @param dynamoDb the address of DynamoDB Local, or of what answers as it does
     * @throws UncheckedIOException if the port is in use
     * @throws IllegalArgumentException if there is no such port
     */
    public static EmbeddedAwsEndpoint start(int port, URI dynamoDb) {
        return start(port, InstantSource.system(), new PassThrough(dynamoDb, THREADS));
    }

    private static EmbeddedAwsEndpoint start(int port, InstantSource time, @Nullable PassThrough dynamoDb) {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("the port must be from 0 to " + LAST_PORT + ", but is " + port);
        }
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port + "; choose another port, or 0", e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, EmbeddedAwsEndpoint::daemon);
        server.createContext("/", new HttpFront(time, dynamoDb));
        server.setExecutor(threads);
        startAsDaemon(server);
        return new EmbeddedAwsEndpoint(server, threads, dynamoDb);
    }

    /** The address to give to a client builder's {@code endpointOverride}. */
    public URI uri() {
        return uri;
    }

    /** Stops listening, drops open connections and ends all threads of this endpoint; its state is gone. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        if (dynamoDb != null) {
            dynamoDb.close();
        }
    }

    /** The server's own thread inherits its daemon status from the thread that starts it. */
    private static void startAsDaemon(HttpServer server) {
        Thread starter = daemon(server::start);
        starter.start();
        boolean interrupted = false;
        while (true) {
            try {
                starter.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // starting takes no time worth interrupting
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "embedded-aws-endpoint");
        thread.setDaemon(true);
        return thread;
    }
}
