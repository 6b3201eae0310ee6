/**
 * The operator's command: {@code java -jar onboarding-cli-all.jar --help}. It parses arguments, calls the library and shows what came of it; what
 * it shows, how its documents look and what its exit codes mean is in {@code docs/cli.md}. No API: {@link
 * io.threatengine.onboarding.cli.OnboardingCli#main} is the way in.
 */
@NullMarked
package io.threatengine.onboarding.cli;

import org.jspecify.annotations.NullMarked;
