package io.threatengine.onboarding.testkit.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a secret is to be rotated. Stored and described only: no Lambda function runs here.
 *
 * @param rules as the caller gave them
 * @param period null for a cron schedule, whose next date is not computed here
 * @param since when rotation was last configured
 */
record Rotation(
        boolean enabled,
        String lambdaArn,
        Reply rules,
        @Nullable Duration period,
        Instant since) {
    private static final Pattern RATE = Pattern.compile("rate\\((\\d{1,4}) (hour|day)s?\\)");

    /** What a RotateSecret call asks for; what it leaves out stays as before. */
    static Rotation of(Request request, @Nullable Rotation former, Instant now) {
        Optional<String> lambdaArn = request.text("RotationLambdaARN", 0, 2048).filter(arn -> !arn.isEmpty());
        if (lambdaArn.isEmpty() && former == null) {
            throw new AwsError(
                    "InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.");
        }
        String arn = lambdaArn.orElseGet(() -> former == null ? "" : former.lambdaArn);
        Optional<Request> rules = request.structure("RotationRules");
        if (rules.isPresent()) {
            return new Rotation(true, arn, copy(rules.get()), period(rules.get()), now);
        }
        return former == null
                ? new Rotation(true, arn, new Reply(), null, now)
                : new Rotation(true, arn, former.rules, former.period, now);
    }

    Rotation cancelled() {
        return new Rotation(false, lambdaArn, rules, period, since);
    }

    @Nullable
    Instant next() {
        return enabled && period != null ? since.plus(period) : null;
    }

    private static Reply copy(Request rules) {
        return new Reply()
                .with(
                        "AutomaticallyAfterDays",
                        rules.integer("AutomaticallyAfterDays", 1, 1000).orElse(null))
                .with("Duration", rules.text("Duration", 2, 3).orElse(null))
                .with(
                        "ScheduleExpression",
                        rules.text("ScheduleExpression", 1, 256).orElse(null));
    }

    private static @Nullable Duration period(Request rules) {
        Optional<Integer> days = rules.integer("AutomaticallyAfterDays");
        Optional<String> schedule = rules.text("ScheduleExpression");
        if (days.isPresent() && schedule.isPresent()) {
            throw new AwsError(
                    "InvalidParameterException",
                    "You can't specify both AutomaticallyAfterDays and ScheduleExpression.");
        }
        Matcher rate = RATE.matcher(schedule.orElse(""));
        if (rate.matches()) {
            int count = Integer.parseInt(rate.group(1));
            return rate.group(2).equals("day") ? Duration.ofDays(count) : Duration.ofHours(count);
        }
        return days.map(Duration::ofDays).orElse(null);
    }
}
