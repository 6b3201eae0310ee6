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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Behind {@link OnboardingTest}. Starts a backend once for the whole run, and a workspace for each class or method. */
final class OnboardingExtension implements AfterTestExecutionCallback, ExecutionCondition, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(OnboardingExtension.class);

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

    /** A container or an endpoint that is not there is no fault of the tests: they are skipped, with the reason. */
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        On on = annotation(context).map(OnboardingTest::value).orElse(On.MEMORY);
        if (on == On.CONTAINER || on == On.ENDPOINT) {
            try {
                return ConditionEvaluationResult.enabled(backend(context, on).description());
            } catch (BackendUnavailableException e) {
                return ConditionEvaluationResult.disabled(e.getMessage());
            }
        }
        return ConditionEvaluationResult.enabled("it needs nothing from outside");
    }

    /** A constructor's parameters are the method's too; JUnit before 5.12 does not ask, and constructs for the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return TestAws.class.isAssignableFrom(type) || type == Backend.class || PARAMETERS.containsKey(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Backend backend = backend(context, annotationOf(context).value());
        if (type == Backend.class) {
            return backend;
        }
        if (TestAws.class.isAssignableFrom(type)) {
            return backend.aws()
                    .filter(type::isInstance)
                    .orElseThrow(() -> new ParameterResolutionException(
                            "there is no " + type.getSimpleName() + " behind the backend " + backend.description()));
        }
        Function<Workspace, Object> part = PARAMETERS.get(type);
        return Objects.requireNonNull(part, "supportsParameter was asked").apply(workspace(context, backend));
    }

    /** The seed of the random values, where it may help. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            OnboardingTest test = annotationOf(context);
            Held held = context.getStore(NAMESPACE).get(workspaceKey(context, test), Held.class);
            if (held != null && held.value() instanceof Workspace workspace) {
                context.publishReportEntry(
                        "ONBOARDING_TEST_SEED",
                        Long.toString(workspace.fixtures().seed()));
            }
        }
    }

    private static ExtensionContext owner(ExtensionContext context, OnboardingTest test) {
        return test.isolation() == Isolation.METHOD ? context : topLevelClass(context);
    }

    /** Stores look into those of their parents too: without its owner in the key, a method would find its class's. */
    private static Object workspaceKey(ExtensionContext context, OnboardingTest test) {
        return List.of(owner(context, test).getUniqueId(), test.value());
    }

    private static Workspace workspace(ExtensionContext context, Backend backend) {
        OnboardingTest test = annotationOf(context);
        return once(owner(context, test), workspaceKey(context, test), Workspace.class, backend::newWorkspace);
    }

    /** One for the whole run. */
    private static Backend backend(ExtensionContext context, On on) {
        return once(context.getRoot(), on, Backend.class, () -> switch (on) {
            case MEMORY -> Backend.inMemory();
            case EMBEDDED -> Backend.embedded();
            case CONTAINER -> Backend.container();
            case ENDPOINT -> Backend.endpoint();
            case AUTO -> Backend.auto();
        });
    }

    private static OnboardingTest annotationOf(ExtensionContext context) {
        return annotation(context)
                .orElseThrow(() -> new IllegalStateException("the test class has no @OnboardingTest"));
    }

    private static Optional<OnboardingTest> annotation(ExtensionContext context) {
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            var found = AnnotationSupport.findAnnotation(at.get().getElement(), OnboardingTest.class);
            if (found.isPresent()) {
                return found;
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

    /** Makes the value once for the context; the store closes it when the context ends. */
    @SuppressWarnings("deprecation") // what JUnit 5 has; JUnit 6 still has it
    private static <V extends AutoCloseable> V once(
            ExtensionContext owner, Object key, Class<V> type, Supplier<V> made) {
        Held held = owner.getStore(NAMESPACE).getOrComputeIfAbsent(key, absent -> new Held(made.get()), Held.class);
        return type.cast(Objects.requireNonNull(held, "made above").value());
    }

    /** Closed by the stores of JUnit 5 and 6 alike. */
    @SuppressWarnings({"deprecation", "try"}) // what close() throws, interruption too, is the value's
    private record Held(AutoCloseable value) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() throws Exception {
            value.close();
        }
    }
}
