package io.threatengine.onboarding.testkit.dynamodblocal;

import static io.threatengine.onboarding.testkit.dynamodblocal.DynamoDbLocalEngineTest.clientOf;
import static io.threatengine.onboarding.testkit.dynamodblocal.DynamoDbLocalEngineTest.item;
import static io.threatengine.onboarding.testkit.dynamodblocal.DynamoDbLocalEngineTest.table;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A class of its own, as it counts threads: no other engine may run meanwhile. */
class DynamoDbLocalEngineLifecycleTest {
    @Test
    void startsAndStopsSeveralTimesLeavingNoThreadAndPrintingNothing() throws Exception {
        Set<Thread> before = keepAliveThreads();
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 5; i++) {
                startUseAndClose();
            }
        } finally {
            System.setOut(out);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        for (Thread thread : keepAliveThreads()) {
            if (!before.contains(thread)) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static void startUseAndClose() {
        DynamoDbEngine.Running running = new DynamoDbLocalEngine().start();
        URI endpoint = running.endpoint();
        try (DynamoDbClient client = clientOf(endpoint)) {
            client.createTable(table("again", 1));
            client.putItem(r -> r.tableName("again").item(item("1", "1")));
        }
        running.close();
        running.close(); // does nothing
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(endpoint.getHost(), endpoint.getPort()).close());
    }

    private static Set<Thread> keepAliveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .collect(toSet());
    }
}
