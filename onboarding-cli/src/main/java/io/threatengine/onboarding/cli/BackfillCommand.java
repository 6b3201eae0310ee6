package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.dynamodb.UniqueKeyBackfill;
import picocli.CommandLine.Command;

@Command(
        name = "backfill",
        description = {
            "Reserves the names and numbers of tenants, providers and accounts that other engines have written, so that nobody can"
                    + " give them once more. Changes no row. May be repeated.",
            "Ends with 3 where some are held twice, or a row could not be read."
        })
final class BackfillCommand extends CliCommand {
    @Override
    ExitCode run() {
        UniqueKeyBackfill result;
        try (var storage = DynamoDbStorage.open(settings(), cli().clientOptions())) {
            result = storage.backfillUniqueKeys(progress -> output().progress(progress.toString()));
        }
        if (output().isJson()) {
            output().document(document -> document.number("rows", result.rows())
                    .number("reserved", result.reserved())
                    .objects(
                            "problems",
                            result.problems(),
                            (problem, fields) -> fields.text(
                                            "type", problem.getClass().getSimpleName())
                                    .text("message", problem.getMessage())));
        } else {
            result.problems().forEach(problem -> output().line(Output.shown(String.valueOf(problem.getMessage()))));
            output().line(result + ".");
        }
        return result.problems().isEmpty() ? ExitCode.OK : ExitCode.PENDING;
    }
}
