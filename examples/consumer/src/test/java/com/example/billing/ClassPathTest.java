package com.example.billing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside DynamoDB Local stand the service's own Mockito, Jackson, SLF4J and JUnit, and none of the old ones it was built with. */
class ClassPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.logging.log4j.core.LoggerContext",
                "org.slf4j.impl.StaticLoggerBinder", // SLF4J 1
                "org.apache.commons.logging.LogFactory",
                "org.mockito.internal.creation.cglib.CglibMockMaker", // Mockito 1
                "org.joda.time.DateTime",
                "kotlin.Unit",
                "org.junit.Test", // JUnit 4
            })
    void oldLibrariesAreAbsent(String type) {
        String file = type.replace('.', '/') + ".class";

        assertThat(getClass().getClassLoader().getResource(file)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "org.mockito.Mockito, mockito-core-5.24.0.jar",
        "com.fasterxml.jackson.databind.ObjectMapper, jackson-databind-2.23.0.jar",
        "org.slf4j.Logger, slf4j-api-2.0.20.jar",
        "io.threatengine.onboarding.testkit.EmbeddedAws, onboarding-testkit-0.1.0-SNAPSHOT.jar",
    })
    void versionsAreThoseOfThePom(String type, String jar) throws ClassNotFoundException {
        assertThat(jarOf(type)).isEqualTo(jar);
    }

    @Test
    void junitIsTheOneAskedFor() throws ClassNotFoundException {
        assertThat(jarOf("org.junit.jupiter.api.Test"))
                .isEqualTo("junit-jupiter-api-" + System.getProperty("junit.version") + ".jar");
    }

    private static String jarOf(String type) throws ClassNotFoundException {
        String location =
                Class.forName(type).getProtectionDomain().getCodeSource().getLocation().getPath();
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
