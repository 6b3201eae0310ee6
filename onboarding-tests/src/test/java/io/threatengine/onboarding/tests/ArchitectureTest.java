package io.threatengine.onboarding.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.threatengine.onboarding", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.threatengine.onboarding";
    private static final String[] AROUND_CORE = {
        ROOT + ".aws..",
        ROOT + ".cli..",
        ROOT + ".cron..",
        ROOT + ".dynamodb..",
        ROOT + ".secrets..",
        ROOT + ".infrastructure..",
        ROOT + ".testkit.."
    };

    @ArchTest
    static final ArchRule coreKnowsJavaOnly = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .and()
            .resideOutsideOfPackages(AROUND_CORE)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", ROOT, ROOT + ".*", "org.jspecify..", "com.google.auto.value..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(AROUND_CORE);

    @ArchTest
    static final ArchRule dynamoDbAndSecretsDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage(ROOT + ".dynamodb..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".secrets..");

    @ArchTest
    static final ArchRule secretsAndDynamoDbDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage(ROOT + ".secrets..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".dynamodb..");

    @ArchTest
    static final ArchRule whatServicesNeedNothingOfTheInfrastructure = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".aws..", ROOT + ".dynamodb..", ROOT + ".secrets..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".infrastructure..");

    @ArchTest
    static final ArchRule nothingNeedsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".cli..");

    @ArchTest
    static final ArchRule theCommandLineAloneKnowsItsParser = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    /** What a command does, a module does for it. */
    @ArchTest
    static final ArchRule theCommandLineCallsNoService = noClasses()
            .that()
            .resideInAPackage(ROOT + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule theCacheAndTheDocumentsKnowNoService = noClasses()
            .that()
            .resideInAPackage(ROOT + ".secrets..")
            .and()
            .haveNameMatching(".*\\.(Cach|Credential|ContentRules|Json).*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule cronAloneKnowsTheCronLibrary = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cron..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.cronutils..");

    @ArchTest
    static final ArchRule theCronLibraryIsNotSeenOutside = noClasses()
            .that()
            .resideInAPackage(ROOT + ".cron..")
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.cronutils..");

    /** It is an optional dependency: whoever has no meters needs no class of it. */
    @ArchTest
    static final ArchRule theMetersAloneKnowMicrometer = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".secrets.CachingVaultMetrics")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule packagesHaveNoCircles =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theFrontDoorStandsAboveAllOfCore = noClasses()
            .that()
            .resideInAPackage(ROOT + ".*")
            .and()
            .resideOutsideOfPackages(AROUND_CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule everyErrorIsOurs = classes()
            .that()
            .areAssignableTo(RuntimeException.class)
            .and()
            .resideOutsideOfPackage(ROOT + ".testkit..")
            .should()
            .resideInAnyPackage(ROOT + ".error", ROOT + ".internal");

    /**
     * A credential, once read, never gets to a disk: not through a log, a cache or a migration of ours. The command line writes
     * templates where it is told to, and its standard streams are files to Java.
     */
    @ArchTest
    static final ArchRule nothingIsWrittenToADisk = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".testkit..", ROOT + ".tests..")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".cli.TextFiles")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".cli.Shell")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)|java\\.nio\\.file\\.Files"
                    + "|java\\.nio\\.channels\\.(Asynchronous)?FileChannel");
}
