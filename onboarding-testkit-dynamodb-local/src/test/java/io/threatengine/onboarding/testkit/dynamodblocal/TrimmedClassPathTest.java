package io.threatengine.onboarding.testkit.dynamodblocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What DynamoDB Local's own dependency list would put on the class path of our users, and must not. */
class TrimmedClassPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.mockito.Mockito",
                "org.mockito.internal.creation.cglib.CglibMockMaker",
                "org.hamcrest.Matcher",
                "org.objenesis.Objenesis",
                "org.junit.Test",
                "org.apache.logging.log4j.core.Logger",
                "org.apache.logging.slf4j.Log4jLogger",
                "org.slf4j.impl.StaticLoggerBinder",
                "org.apache.commons.logging.Log",
                "org.apache.commons.cli.Options",
                "org.apache.http.HttpHeaders",
                "org.joda.time.DateTime",
                "kotlin.Unit",
                "org.partiql.lang.ast.ExprNode",
                "jakarta.transaction.Transactional",
                "javax.annotation.Nonnull",
                "org.eclipse.jetty.client.HttpClient",
                "io.netty.channel.Channel",
                "software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient",
                "software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient",
                "software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient",
                "software.amazon.awssdk.services.pinpoint.PinpointClient",
            })
    void unwantedClassIsAbsent(String className) {
        String file = className.replace('.', '/') + ".class";

        assertThat(getClass().getClassLoader().getResource(file)).isNull();
    }

    @Test
    void versionsAreTheCurrentOnes() throws Exception {
        assertThat(jarOf("com.fasterxml.jackson.databind.ObjectMapper")).contains("jackson-databind-2.23");
        assertThat(jarOf("org.slf4j.LoggerFactory")).contains("slf4j-api-2.0");
        assertThat(jarOf("software.amazon.awssdk.services.dynamodb.DynamoDbClient"))
                .contains("dynamodb-2.54");
        assertThat(jarOf("com.amazon.ion.IonSystem")).contains("DynamoDBLocal-");
    }

    private static String jarOf(String className) throws ClassNotFoundException {
        Class<?> type = Class.forName(className, false, TrimmedClassPathTest.class.getClassLoader());
        return Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                .getLocation()
                .toString();
    }
}
