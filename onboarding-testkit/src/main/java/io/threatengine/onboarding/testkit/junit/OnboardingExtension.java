package io.threatengine.onboarding.testkit.junit;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.BackendUnavailableException;
import io.threatengine.onboarding.testkit.CallRecorder;
import io.threatengine.onboarding.testkit.Faults;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.PythonRows;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The same as {@link OnboardingTest} in a field of the test class, for what an annotation cannot say: other settings.
 *
 * <pre>{@code
 * class BillingTest {
 *     @RegisterExtension
 *     static final OnboardingExtension ONBOARDING = OnboardingExtension.on(On.EMBEDDED)
 *             .withSettings(settings -> settings.toBuilder().dueIndex(DueIndex.sharded(4)).build());
 *
 *     @Test
 *     void billsTheTenant(Onboarding onboarding) {
 *         Tenant tenant = onboarding.tenants().create("acme");
 *     }
 * }
 * }</pre>
 *
 * <p>In a static field it gives the methods of the class, nested classes included, one workspace, unless {@link #isolatedBy} says
 * otherwise. In a field of the instance it is as old as the instance: each method has its own, unless the class has the life cycle
 * {@code PER_CLASS}; JUnit cannot ask it for parameters of the constructor then, nor of static methods. Parameters are those of {@link
 * OnboardingTest}.
 *
 * <p>A class or method fails that leaves something open which was opened over its workspace: a {@code ScheduleRunner} that runs, a
 * {@code CachingVault} of its own, a {@link Workspace} of an injected {@link Backend}. The message names each. What {@link
 * Workspace#leftOpen()} cannot see is not missed. Tables and secrets are deleted in any case.
 *
 * <p>Immutable but for what JUnit keeps for it; works with classes and methods in parallel. On JUnit 5.10 and later, and on JUnit 6.
 */
public final class OnboardingExtension
        implements AfterAllCallback, AfterEachCallback, BeforeAllCallback, ExecutionCondition, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(OnboardingExtension.class);

    private static final Logger LOGGER = System.getLogger(OnboardingExtension.class.getName());
    private static final String SEED = "ONBOARDING_TEST_SEED";

    /** Of an artifact that JUnit brings and this one does not name. */
    private static final String ABORTED = "org.opentest4j.TestAbortedException";

    private static final Map<Class<?>, Function<Workspace, Object>> PARAMETERS = Map.ofEntries(
            Map.entry(Workspace.class, workspace -> workspace),
            Map.entry(Onboarding.class, Workspace::onboarding),
            Map.entry(OnboardingSettings.class, Workspace::settings),
            Map.entry(OnboardingStorage.class, Workspace::storage),
            Map.entry(CredentialVault.class, Workspace::vault),
            Map.entry(SettableClock.class, Workspace::clock),
            Map.entry(Faults.class, Workspace::faults),
            Map.entry(CallRecorder.class, Workspace::calls),
            Map.entry(Fixtures.class, Workspace::fixtures),
            Map.entry(PythonRows.class, Workspace::pythonRows),
            Map.entry(TenantRepository.class, workspace -> workspace.storage().tenants()),
            Map.entry(ProviderRepository.class, workspace -> workspace.storage().providers()),
            Map.entry(AccountRepository.class, workspace -> workspace.storage().accounts()),
            Map.entry(ScheduleRepository.class, workspace -> workspace.storage().schedules()),
            Map.entry(
                    ExecutionRepository.class, workspace -> workspace.storage().executions()),
            Map.entry(
                    ScanResultRepository.class, workspace -> workspace.storage().scanResults()));

    private final @Nullable Wish registered;

    /** Of a field of the class, or of an instance that serves the whole class: JUnit calls {@link #beforeAll} then only. */
    private volatile boolean ofTheClass;

    /** Behind {@link OnboardingTest}, which says what is wanted. */
    OnboardingExtension() {
        this.registered = null;
    }

    private OnboardingExtension(On on, Isolation isolation, UnaryOperator<OnboardingSettings> change) {
        this.registered = new Wish(on, isolation, change, this);
    }

    /** What the tests run on. One backend is started for all test classes that ask for it. */
    public static OnboardingExtension on(On on) {
        return new OnboardingExtension(Objects.requireNonNull(on, "on"), Isolation.CLASS, UnaryOperator.identity());
    }

    /**
     * Who shares tables and secrets, instead of the methods of a class.
     *
     * @throws IllegalStateException if this is not of {@link #on}
     */
    public OnboardingExtension isolatedBy(Isolation isolation) {
        Wish wish = ofOn();
        return new OnboardingExtension(wish.on, Objects.requireNonNull(isolation, "isolation"), wish.change);
    }

    /**
     * Other settings of storage and vault. The fakes go by none of them.
     *
     * @param change is given settings with names of their own for tables and secrets; it comes after the changes asked for before
     * @throws IllegalStateException if this is not of {@link #on}
     */
    public OnboardingExtension withSettings(UnaryOperator<OnboardingSettings> change) {
        Objects.requireNonNull(change, "change");
        Wish wish = ofOn();
        return new OnboardingExtension(wish.on, wish.isolation, settings -> change.apply(wish.change.apply(settings)));
    }

    private Wish ofOn() {
        if (registered == null) {
            throw new IllegalStateException("make it by OnboardingExtension.on(…)");
        }
        return registered;
    }

    /** For JUnit. */
    @Override
    public void beforeAll(ExtensionContext context) {
        ofTheClass = true;
    }

    /** A container or an endpoint that is not there is no fault of the tests: they are skipped, with the reason. */
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        On on = wish(context).map(Wish::on).orElse(On.MEMORY);
        if (on == On.CONTAINER || on == On.ENDPOINT) {
            try {
                return ConditionEvaluationResult.enabled(backend(context, on).description());
            } catch (BackendUnavailableException e) {
                return ConditionEvaluationResult.disabled(e.getMessage());
            }
        }
        return ConditionEvaluationResult.enabled("it needs nothing from outside");
    }

    /** For JUnit: a constructor's parameters are the method's too; JUnit before 5.12 does not ask, and constructs for the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** For JUnit. */
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return TestAws.class.isAssignableFrom(type) || type == Backend.class || PARAMETERS.containsKey(type);
    }

    /** For JUnit. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Wish wish = wishOf(context);
        Backend backend = backend(context, wish.on);
        if (type == Backend.class) {
            return once(
                    owner(context, wish),
                    key(context, wish, Backend.class),
                    SharedBackend.class,
                    () -> new SharedBackend(backend),
                    SharedBackend::closeAll);
        }
        if (TestAws.class.isAssignableFrom(type)) {
            return backend.aws()
                    .filter(type::isInstance)
                    .orElseThrow(() -> new ParameterResolutionException(
                            "there is no " + type.getSimpleName() + " behind the backend " + backend.description()));
        }
        Function<Workspace, Object> part = PARAMETERS.get(type);
        Workspace workspace = once(
                owner(context, wish),
                key(context, wish, Workspace.class),
                Workspace.class,
                () -> backend.newWorkspace(wish.change),
                made -> {
                    made.close();
                    return made.leftOpen();
                });
        return Objects.requireNonNull(part, "supportsParameter was asked").apply(workspace);
    }

    /** For JUnit. */
    @Override
    public void afterEach(ExtensionContext context) {
        tellSeed(context);
    }

    /** For JUnit. */
    @Override
    public void afterAll(ExtensionContext context) {
        tellSeed(context);
    }

    /** The seed of the random values, where it may help. Logged too, since build tools do not show what is reported to JUnit. */
    private void tellSeed(ExtensionContext context) {
        if (context.getExecutionException()
                .filter(thrown -> !thrown.getClass().getName().equals(ABORTED))
                .isEmpty()) {
            return;
        }
        Held held = context.getStore(NAMESPACE).get(key(context, wishOf(context), Workspace.class), Held.class);
        if (held != null && held.value instanceof Workspace workspace) {
            String seed = Long.toString(workspace.fixtures().seed());
            context.publishReportEntry(SEED, seed);
            LOGGER.log(Level.WARNING, "Random values of " + context.getDisplayName() + " again: " + SEED + "=" + seed);
        }
    }

    /** Whose end is the end of what was made. */
    private ExtensionContext owner(ExtensionContext context, Wish wish) {
        boolean ofTheMethod = wish.isolation == Isolation.METHOD || (registered != null && !ofTheClass);
        return ofTheMethod ? context : topLevelClass(context);
    }

    /** Stores look into those of their parents too: without its owner in the key, a method would find its class's. */
    private Object key(ExtensionContext context, Wish wish, Class<?> what) {
        return List.of(owner(context, wish).getUniqueId(), wish.identity, what);
    }

    /** One for the whole run. */
    private static Backend backend(ExtensionContext context, On on) {
        return once(
                context.getRoot(),
                on,
                Backend.class,
                () -> switch (on) {
                    case MEMORY -> Backend.inMemory();
                    case EMBEDDED -> Backend.embedded();
                    case CONTAINER -> Backend.container();
                    case ENDPOINT -> Backend.endpoint();
                    case AUTO -> Backend.auto();
                },
                backend -> {
                    backend.close();
                    return List.of();
                });
    }

    private Wish wishOf(ExtensionContext context) {
        return wish(context)
                .orElseThrow(() -> new IllegalStateException(
                        "the test class has no @OnboardingTest, and no OnboardingExtension in a field"));
    }

    private Optional<Wish> wish(ExtensionContext context) {
        if (registered != null) {
            return Optional.of(registered);
        }
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            var found = AnnotationSupport.findAnnotation(at.get().getElement(), OnboardingTest.class);
            if (found.isPresent()) {
                OnboardingTest test = found.get();
                return Optional.of(new Wish(test.value(), test.isolation(), UnaryOperator.identity(), test.value()));
            }
            at = at.get().getParent();
        }
        return Optional.empty();
    }

    private static ExtensionContext topLevelClass(ExtensionContext context) {
        ExtensionContext top = context;
        while (top.getParent().isPresent() && !top.getParent().get().equals(top.getRoot())) {
            top = top.getParent().get();
        }
        return top;
    }

    /**
     * Makes the value once for the context; the store closes it when the context ends.
     *
     * @param end closes it and says what was left open
     */
    @SuppressWarnings("deprecation") // what JUnit 5 has; JUnit 6 still has it
    private static <V> V once(
            ExtensionContext owner, Object key, Class<V> type, Supplier<V> making, Function<V, List<String>> end) {
        Held held = owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        key,
                        absent -> {
                            V made = making.get();
                            return new Held(made, () -> end.apply(made));
                        },
                        Held.class);
        return type.cast(Objects.requireNonNull(held, "made above").value);
    }

    /** @param identity who shares: those who wish the same, with one annotation's value or one extension */
    private record Wish(On on, Isolation isolation, UnaryOperator<OnboardingSettings> change, Object identity) {}

    /** Closed by the stores of JUnit 5 and 6 alike. */
    @SuppressWarnings("deprecation")
    private record Held(Object value, Supplier<List<String>> end)
            implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            List<String> leaks = end.get();
            if (!leaks.isEmpty()) {
                throw new AssertionError("a test has left something open:"
                        + leaks.stream().map(leak -> "\n  " + leak).collect(Collectors.joining()));
            }
        }
    }
}
