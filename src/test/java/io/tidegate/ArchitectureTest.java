package io.tidegate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migrator;
import io.tidegate.migration.MigratorCatalog;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Probe;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** The shape that the code base must keep. */
@AnalyzeClasses(packages = "io.tidegate", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /** What engines share; each other package beside them is an engine. */
  private static final Set<String> SHARED = Set.of("jdbc", "network");

  private static final String ENGINE = "io.tidegate.engine.";

  private static final String COMPOSITION = "io.tidegate.cli.Composition";

  @ArchTest
  static final ArchRule no_cycles = slices().matching("io.tidegate.(**)").should().beFreeOfCycles();

  @ArchTest
  static void only_the_composition_depends_on_an_engines_package(
      com.tngtech.archunit.core.domain.JavaClasses classes) {
    Set<String> engines =
        classes.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ENGINE))
            .filter(name -> !SHARED.contains(name.substring(ENGINE.length())))
            .collect(Collectors.toSet());
    assertThat(engines).hasSizeGreaterThan(5);
    for (String engine : engines) {
      noClasses()
          .that()
          .resideOutsideOfPackage(engine)
          .and()
          .doNotHaveFullyQualifiedName(COMPOSITION)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(engine)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule http_reads_state_and_never_probes =
      noClasses()
          .that()
          .resideInAPackage("io.tidegate.web..")
          .should()
          .dependOnClassesThat(
              oneOf(
                  Engine.class,
                  EngineCatalog.class,
                  Probe.class,
                  Migrator.class,
                  MigratorCatalog.class,
                  Migration.class))
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("io.tidegate.readiness..");

  @ArchTest
  static final ArchRule the_framework_is_at_the_edge =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tidegate.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "jakarta.inject..");

  @ArchTest
  static final ArchRule lettuce_is_of_the_redis_engine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tidegate.engine.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule netty_is_of_the_server_and_of_redis =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.tidegate.web..", "io.tidegate.engine.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule only_the_program_ends_the_process =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.tidegate.Tidegate")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);

  @ArchTest
  static final ArchRule contracts_do_not_depend_on_what_uses_them =
      noClasses()
          .that()
          .resideInAPackage("io.tidegate.target")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tidegate.agent..",
              "io.tidegate.readiness..",
              "io.tidegate.cli..",
              "io.tidegate.policy..",
              "io.tidegate.web..",
              "io.tidegate.migration..",
              "io.tidegate.config..")
          .orShould()
          .dependOnClassesThat(oneOf(LoggerFactory.class));

  private static DescribedPredicate<JavaClass> oneOf(Class<?>... types) {
    List<String> names = java.util.Arrays.stream(types).map(Class::getName).toList();
    return DescribedPredicate.describe(
        "one of " + names, type -> names.contains(type.getFullName()));
  }
}
