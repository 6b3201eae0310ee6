package io.threatengine.onboarding.testkit.dynamodblocal;

import java.lang.reflect.InvocationTargetException;
import org.eclipse.jetty.server.Handler;

/**
 * DynamoDB Local's own classes, reached by name: its licence does not allow compiling it in combination with other
 * programs, so nothing here is compiled against it.
 */
final class Database {
    private static final String PACKAGE = "software.amazon.dynamodb.services.local.server.";

    private final Class<?> type;
    private final Object requestHandler;

    private Database(Class<?> type, Object requestHandler) {
        this.type = type;
        this.requestHandler = requestHandler;
    }

    /** In memory, hence no path; shared by all regions and keys; status changes without artificial delay. */
    static Database inMemory() throws ReflectiveOperationException {
        Class<?> type = Class.forName(PACKAGE + "LocalDynamoDBRequestHandler");
        Object handler = type.getConstructor(int.class, boolean.class, String.class, boolean.class, boolean.class)
                .newInstance(0, true, null, true, false);
        return new Database(type, handler);
    }

    /** What answers HTTP requests from it. */
    Handler httpHandler() throws ReflectiveOperationException {
        var constructor = Class.forName(PACKAGE + "LocalDynamoDBServerHandler").getConstructors()[0];
        return (Handler) constructor.newInstance(requestHandler, null);
    }

    void shutdown() {
        try {
            type.getMethod("shutdown").invoke(requestHandler);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("DynamoDB Local could not be shut down", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this DynamoDB Local is not the version that was expected", e);
        }
    }
}
