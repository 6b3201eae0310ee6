package io.threatengine.onboarding.schedule;

import java.util.ServiceLoader;

/** Finds the cron library when the first expression asks for it. */
final class CronCalendars {
    private static final CronCalendar FOUND = ServiceLoader.load(
                    CronCalendar.class, CronCalendar.class.getClassLoader())
            .findFirst()
            .or(() -> ServiceLoader.load(CronCalendar.class).findFirst())
            .orElse((expression, zone) -> {
                throw new IllegalStateException(
                        "No cron library is on the class path. Add io.threatengine:onboarding-cron at run time.");
            });

    private CronCalendars() {}

    static CronCalendar get() {
        return FOUND;
    }
}
