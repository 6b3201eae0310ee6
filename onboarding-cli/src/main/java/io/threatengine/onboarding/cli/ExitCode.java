package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.error.VersionConflictException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParameterException;

/** What the process ends with. The numbers never change. */
enum ExitCode {
    OK(0, "Done. plan: nothing to do. verify: no error and no warning.", List.of()),
    FAILED(1, "It failed, or is not well. verify: there are errors. Lists: a row could not be read.", List.of()),
    USAGE(
            2,
            "The command, an option or a setting is wrong; nothing was called.",
            List.of(ParameterException.class, InvalidValueException.class)),
    PENDING(
            3,
            "Something is left to do. plan: changes. verify: warnings, but no errors. backfill: problems.",
            List.of()),
    CONFLICT(
            4,
            "What exists stands in the way: a conflict in the plan, a table or key that is missing, a change by somebody else.",
            List.of(
                    NotSetUpException.class,
                    AlreadyExistsException.class,
                    IllegalTransitionException.class,
                    RotationConflictException.class,
                    VersionConflictException.class)),
    DENIED(5, "AWS refused the caller; the message names the action.", List.of(AccessDeniedException.class)),
    UNAVAILABLE(
            6,
            "A service could not be reached, or throttled; try again later.",
            List.of(ServiceUnavailableException.class, ThrottledException.class, OperationInterruptedException.class));

    private final int number;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // each is a List.of
    private final List<Class<? extends RuntimeException>> errors;

    ExitCode(int number, String meaning, List<Class<? extends RuntimeException>> errors) {
        this.number = number;
        this.meaning = meaning;
        this.errors = errors;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    /** The errors that end with it; of {@link #FAILED} none, since all others do. */
    List<Class<? extends RuntimeException>> errors() {
        return errors;
    }

    static ExitCode of(Throwable failure) {
        return Arrays.stream(values())
                .filter(code -> code.errors.stream().anyMatch(error -> error.isInstance(failure)))
                .findFirst()
                .orElse(FAILED);
    }

    /** For the usage help. */
    static Map<String, String> help() {
        var lines = new LinkedHashMap<String, String>();
        for (ExitCode code : values()) {
            lines.put(Integer.toString(code.number), code.meaning);
        }
        return lines;
    }
}
