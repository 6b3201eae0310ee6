package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.CallRecorder;
import io.threatengine.onboarding.testkit.Fault;
import io.threatengine.onboarding.testkit.Faults;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What users let go wrong: alike on the fakes and behind SDK clients. */
class FaultsTest {
    private static final int ALL_TRIES = 5;

    abstract static class OnAnyBackend {
        final String read;
        final String write;
        final int tries;
        Onboarding onboarding;
        Faults faults;
        CallRecorder calls;
        Tenant tenant;

        OnAnyBackend(String read, String write, int tries) {
            this.read = read;
            this.write = write;
            this.tries = tries;
        }

        @BeforeEach
        void use(Onboarding onboarding, Faults faults, CallRecorder calls) {
            this.onboarding = onboarding;
            this.faults = faults;
            this.calls = calls;
            tenant = onboarding.tenants().create("acme");
            calls.clear();
        }

        void get() {
            onboarding.tenants().get(tenant.id());
        }

        @Test
        void aCallFailsWithTheErrorThatTheFaultStandsFor() {
            faults.on(read).next(tries, Fault.throttled());
            assertThatThrownBy(this::get).isInstanceOf(ThrottledException.class);
            faults.on(read).next(tries, Fault.serverError());
            assertThatThrownBy(this::get).isInstanceOf(ServiceUnavailableException.class);
            faults.on(read).next(tries, Fault.timeout());
            assertThatThrownBy(this::get).isInstanceOf(ServiceUnavailableException.class);
            faults.on(read).next(1, Fault.denied());
            assertThatThrownBy(this::get).isInstanceOf(AccessDeniedException.class);

            assertThatCode(this::get).doesNotThrowAnyException();
            assertThat(faults.happened()).isEqualTo(3 * tries + 1);
            assertThat(calls.count(read)).isEqualTo(5);
            assertThat(calls.calls())
                    .filteredOn(call -> call.error().isPresent())
                    .hasSize(4);
        }

        @Test
        void everyKthRequestFailsAndNoOtherOperation() {
            faults.on(read).every(2, Fault.denied());
            assertThatCode(this::get).doesNotThrowAnyException();
            assertThatThrownBy(this::get).isInstanceOf(AccessDeniedException.class);
            assertThatCode(this::get).doesNotThrowAnyException();
            onboarding.tenants().create("another");

            faults.clear();

            assertThatCode(this::get).doesNotThrowAnyException();
        }

        @Test
        void theEffectOfACutDependsOnItsMoment() {
            faults.on(write).next(tries, Fault.cutBefore());
            assertThatThrownBy(() -> onboarding.tenants().create("never"))
                    .isInstanceOf(ServiceUnavailableException.class);
            assertThat(onboarding.tenants().named("never").stream()).isEmpty();

            var found = new AtomicInteger();
            faults.on(write)
                    .next(
                            tries,
                            Fault.cutAfter(() -> found.set((int) onboarding.tenants().named("nobody knows").stream()
                                    .count())));
            assertThatThrownBy(() -> onboarding.tenants().create("nobody knows"))
                    .isInstanceOf(ServiceUnavailableException.class);
            assertThat(found).hasValue(1);
        }

        @Test
        void aSlowAnswerIsTheAnswer() {
            faults.onAny().next(1, Fault.slow(Duration.ofMillis(1)));
            assertThat(onboarding.tenants().get(tenant.id())).isEqualTo(tenant);
            assertThat(faults.happened()).isEqualTo(1);
        }

        @Test
        void callsAreCountedAndAsserted() {
            get();
            calls.assertCalls("1 " + read);
            assertThatThrownBy(() -> calls.assertNone())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected the calls: none\nbut there were: 1 " + read);
            calls.clear();
            calls.assertNone();
        }
    }

    @Nested
    @OnboardingTest(isolation = Isolation.METHOD)
    class Embedded extends OnAnyBackend {
        Embedded() {
            super("GetItem", "TransactWriteItems", ALL_TRIES);
        }

        @Test
        void theSdkTriesAgain() {
            faults.on(read).next(ALL_TRIES - 1, Fault.throttled());

            onboarding.tenants().get(tenant.id());

            assertThat(faults.happened()).isEqualTo(ALL_TRIES - 1);
            assertThat(calls.calls()).singleElement().satisfies(call -> {
                assertThat(call.resource())
                        .hasValueSatisfying(table -> assertThat(table).endsWith("tenants"));
                assertThat(call.actions()).containsExactly("dynamodb:GetItem");
            });
        }
    }

    @Nested
    @OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
    class Memory extends OnAnyBackend {
        Memory() {
            super("TenantRepository.get", "TenantRepository.create", 1);
        }

        @Test
        void claimsGoWrongAndAreRecordedToo(OnboardingStorage storage, SettableClock clock) {
            DueSchedules.due(storage, clock, 1);
            calls.clear();
            faults.on("RunStore.write").next(1, Fault.cutAfter());
            assertThatThrownBy(() -> storage.claims().claimDue("worker", Duration.ofMinutes(5), 1))
                    .isInstanceOf(ServiceUnavailableException.class);

            assertThat(calls.calls()).last().satisfies(call -> {
                assertThat(call.operation()).isEqualTo("RunStore.write");
                assertThat(call.error()).contains("ServiceUnavailableException");
            });
            assertThat(storage.claims()
                            .claimDue("another", Duration.ofMinutes(5), 1)
                            .claims())
                    .as("the first has it, and does not know")
                    .isEmpty();
        }

        @Test
        void interruptionOfASlowAnswerIsWhatItIsBehindAnSdkClient() {
            faults.onAny().next(1, Fault.slow(Duration.ofMinutes(5)));
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(this::get).isInstanceOf(OperationInterruptedException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }

        @Test
        void aPortIsItself(OnboardingStorage storage) {
            assertThat(storage.tenants().equals(storage.tenants())).isTrue();
            assertThat((Object) storage.tenants()).isNotEqualTo(storage.providers());
        }
    }

    @Nested
    @OnboardingTest(On.MEMORY)
    class Refused {
        @Test
        void whatCanNeverHappen(Faults faults) {
            assertThatThrownBy(() -> faults.on("getItem")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> faults.onAny().next(0, Fault.denied()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
