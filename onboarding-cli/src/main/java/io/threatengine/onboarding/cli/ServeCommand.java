package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.testkit.BackendUnavailableException;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Answers as DynamoDB, Secrets Manager and KMS do, at one address of this machine, for engines in any language."
                    + " For development and tests: all is in memory, and gone at the end.",
            "DynamoDB is there where DynamoDB Local is on the class path; it is under Amazon's own licence, and not part of"
                    + " this jar. docs/cli.md says how to add it."
        })
final class ServeCommand extends CliCommand {
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4566",
            description = "Of the loopback interface; 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--create-tables",
            description = "Make the tables of the settings, as createTables does. A key of one's own: run `apply`.")
    private boolean createTables;

    @Override
    ExitCode run() {
        if (port < 0 || port > HIGHEST_PORT) {
            throw usage("--port must be 0 to " + HIGHEST_PORT);
        }
        OnboardingSettings settings = settings();
        EmbeddedAws aws;
        try {
            aws = EmbeddedAws.start(port);
        } catch (BackendUnavailableException e) {
            return withoutDynamoDb(settings);
        }
        try (aws) {
            if (createTables) {
                try (var storage = DynamoDbStorage.using(aws.dynamoDb(), settings)) {
                    storage.createTables(step -> output().progress(String.valueOf(step)));
                }
            }
            return serve(aws.uri(), true, aws.description(), settings);
        }
    }

    private ExitCode withoutDynamoDb(OnboardingSettings settings) {
        if (createTables) {
            throw usage("--create-tables needs DynamoDB Local on the class path; docs/cli.md says how to add it");
        }
        try (var endpoint = EmbeddedAwsEndpoint.start(port)) {
            output().progress("Without DynamoDB: put DynamoDB Local on the class path; docs/cli.md says how.");
            return serve(endpoint.uri(), false, "the test kit's own Secrets Manager and KMS", settings);
        }
    }

    private ExitCode serve(URI uri, boolean dynamoDb, String description, OnboardingSettings settings) {
        if (output().isJson()) {
            var services = new ArrayList<>(List.of("kms", "secretsmanager"));
            if (dynamoDb) {
                services.add(0, "dynamodb");
            }
            output().document(document -> document.text("endpoint", uri.toString())
                    .texts("services", services)
                    .text("description", description));
        } else {
            output().line("# " + description + ". Ctrl-C ends it.");
            output().line("export AWS_ENDPOINT_URL=" + uri);
            String region = settings.region(); // by two names: boto3 knows the second one only
            output().line("export AWS_REGION=" + region + " AWS_DEFAULT_REGION=" + region);
            output().line("export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test");
        }
        try {
            new CountDownLatch(1).await(); // until the process is ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }
}
