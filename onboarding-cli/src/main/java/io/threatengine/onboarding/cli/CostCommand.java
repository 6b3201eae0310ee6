package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.infrastructure.cost.CostEstimate;
import io.threatengine.onboarding.infrastructure.cost.PriceTable;
import io.threatengine.onboarding.infrastructure.cost.RegionPrices;
import io.threatengine.onboarding.infrastructure.cost.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "cost",
        description = {
            "Estimates what a month costs, item by item, and what the cache saves. Calls nothing.",
            "In US dollars without taxes; free tiers are not taken off. Assumptions: docs/cost.md."
        })
final class CostCommand extends CliCommand {
    private static final int SERVICE_WIDTH = 15;
    private static final int ITEM_WIDTH = 22;
    private static final int QUANTITY_WIDTH = 16;
    private static final int UNIT_WIDTH = 11;
    private static final int DOLLARS_WIDTH = 12;

    @Option(names = "--accounts", paramLabel = "N", required = true, description = "Accounts, each with a secret.")
    private long accounts;

    @Option(names = "--schedules", paramLabel = "N", description = "Schedules. As many as accounts by default.")
    private @Nullable Long schedules;

    @Option(names = "--runs", paramLabel = "N", required = true, description = "Runs of all schedules a day.")
    private long runs;

    @Option(names = "--reads", paramLabel = "N", required = true, description = "Reads of credentials a day.")
    private long reads;

    @Option(
            names = "--row-reads",
            paramLabel = "N",
            description = "Rows read a day beside those of runs. 0 by default.")
    private @Nullable Long rowReads;

    @Option(
            names = "--cache",
            paramLabel = "MINUTES",
            description = "How long the cache keeps a credential; 0 for no cache. 5 by default.")
    private @Nullable Integer cache;

    @Option(names = "--processes", paramLabel = "N", description = "Processes, each with a cache. 1 by default.")
    private @Nullable Integer processes;

    @Option(
            names = "--retention",
            paramLabel = "DAYS",
            description = "How long executions and scan results stay. 365 by default.")
    private @Nullable Integer retention;

    @Option(names = "--aws-key", description = "The secrets are under AWS's managed key, not under one of your own.")
    private boolean awsKey;

    @Option(names = "--no-recovery", description = "The tables have no point-in-time recovery.")
    private boolean noRecovery;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "A price table in place of the one that comes with this command; docs/cost.md has the form.")
    private @Nullable Path prices;

    @Override
    ExitCode run() {
        PriceTable table = prices == null ? PriceTable.published() : PriceTable.parse(TextFiles.read(prices));
        CostEstimate estimate =
                CostEstimate.of(workload(), table.region(settings().region()));
        if (output().isJson()) {
            write(table, estimate);
        } else {
            show(table, estimate);
        }
        return ExitCode.OK;
    }

    private Workload workload() {
        var workload = Workload.builder()
                .accounts(accounts)
                .schedules(schedules == null ? accounts : schedules)
                .runsPerDay(runs)
                .credentialReadsPerDay(reads)
                .customerKey(!awsKey)
                .pointInTimeRecovery(!noRecovery);
        if (rowReads != null) {
            workload.rowReadsPerDay(rowReads);
        }
        if (cache != null) {
            workload.cacheTimeToLive(Duration.ofMinutes(cache));
        }
        if (processes != null) {
            workload.processes(processes);
        }
        if (retention != null) {
            workload.retention(Duration.ofDays(retention));
        }
        return workload.build();
    }

    private void show(PriceTable table, CostEstimate estimate) {
        output().line(Output.padded("SERVICE", SERVICE_WIDTH) + "  " + Output.padded("ITEM", ITEM_WIDTH) + "  "
                + right("A MONTH", QUANTITY_WIDTH) + "  " + Output.padded("UNIT", UNIT_WIDTH) + "  "
                + right("DOLLARS", DOLLARS_WIDTH));
        for (CostEstimate.Line line : estimate.lines()) {
            output().line(Output.padded(line.service(), SERVICE_WIDTH) + "  " + Output.padded(line.item(), ITEM_WIDTH)
                    + "  " + right(number(line.quantity()), QUANTITY_WIDTH) + "  "
                    + Output.padded(line.unit(), UNIT_WIDTH) + "  " + right(number(line.dollars()), DOLLARS_WIDTH));
        }
        int width = SERVICE_WIDTH + ITEM_WIDTH + QUANTITY_WIDTH + UNIT_WIDTH + 3 * 2;
        output().line(Output.padded("Total", width) + "  " + right(number(estimate.dollars()), DOLLARS_WIDTH));
        output().line(Output.padded("Saved by the cache", width) + "  "
                + right(number(estimate.savedByCache()), DOLLARS_WIDTH));
        RegionPrices of = estimate.prices();
        output().line("");
        output().line("Prices of " + of.region() + " as of " + of.asOf() + ". " + Output.shown(table.source()) + ".");
    }

    private void write(PriceTable table, CostEstimate estimate) {
        output().document(document -> document.text("region", estimate.prices().region())
                .text("prices_as_of", estimate.prices().asOf().toString())
                .text("source", table.source())
                .objects("items", estimate.lines(), CostCommand::write)
                .amount("dollars", estimate.dollars())
                .amount("saved_by_cache", estimate.savedByCache()));
    }

    private static void write(CostEstimate.Line line, Output.Fields fields) throws IOException {
        fields.text("service", line.service())
                .text("item", line.item())
                .amount("quantity", line.quantity())
                .text("unit", line.unit())
                .amount("dollars", line.dollars());
    }

    private static String number(double amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
