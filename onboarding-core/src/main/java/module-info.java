/**
 * The language of Threat Engine onboarding: entities, repository and vault ports, use cases, settings and errors.
 * Knows no cloud SDK and no JSON library.
 */
// The internal package is shared with our own modules, which this one cannot see while it is compiled.
@SuppressWarnings("module")
module io.threatengine.onboarding.core {
    requires static transitive org.jspecify;
    requires static java.compiler;

    exports io.threatengine.onboarding;
    exports io.threatengine.onboarding.account;
    exports io.threatengine.onboarding.claim;
    exports io.threatengine.onboarding.credential;
    exports io.threatengine.onboarding.error;
    exports io.threatengine.onboarding.execution;
    exports io.threatengine.onboarding.provider;
    exports io.threatengine.onboarding.run;
    exports io.threatengine.onboarding.scan;
    exports io.threatengine.onboarding.schedule;
    exports io.threatengine.onboarding.setup;
    exports io.threatengine.onboarding.storage;
    exports io.threatengine.onboarding.tenant;
    exports io.threatengine.onboarding.internal to
            io.threatengine.onboarding.aws,
            io.threatengine.onboarding.cron,
            io.threatengine.onboarding.dynamodb,
            io.threatengine.onboarding.secrets,
            io.threatengine.onboarding.testkit;

    uses io.threatengine.onboarding.schedule.CronCalendar;
}
