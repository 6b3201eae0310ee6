package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@OnboardingTest
class BackfillCommandTest {
    private final EmbeddedAws aws;
    private final Installation installation;

    BackfillCommandTest(EmbeddedAws aws) {
        this.aws = aws;
        this.installation = Installation.on(aws);
    }

    @Test
    void namesOfOtherEnginesAreReservedAndDuplicatesSaid() {
        python("acme");
        python("globex");

        Run first = installation.desk().run("backfill");
        JsonNode again = installation.desk().json("backfill");
        String other = python("globex");
        Run third = installation.desk().run("backfill");
        JsonNode problems =
                Run.parse(installation.desk().run("backfill", "--json").out());

        assertThat(first.code()).isEqualTo(ExitCode.OK);
        assertThat(first.out()).isEqualTo("2 rows, 2 names and numbers reserved.\n");
        assertThat(Run.namesOf(again)).containsExactly("rows", "reserved", "problems");
        assertThat(again.path("reserved").asInt()).isZero();
        assertThat(third.code()).isEqualTo(ExitCode.PENDING);
        assertThat(third.out()).contains("globex").contains("1 problems");
        assertThat(other).isNotEmpty();
        assertThat(Run.namesOf(problems.path("problems").get(0))).containsExactly("type", "message");
    }

    private String python(String name) {
        String id = UUID.randomUUID().toString();
        aws.dynamoDb()
                .putItem(request -> request.tableName(
                                installation.desk().settings().tables().tenants())
                        .item(Map.of(
                                "tenant_id", AttributeValue.fromS(id),
                                "tenant_name", AttributeValue.fromS(name),
                                "description", AttributeValue.fromS(""),
                                "status", AttributeValue.fromS("active"),
                                "created_at", AttributeValue.fromS("2026-11-24T08:17:00"),
                                "updated_at", AttributeValue.fromS("2026-11-24T08:17:00"))));
        return id;
    }
}
