package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.Migrator;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.policy.Rule;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is listed by hand is complete: no class that is written is forgotten. */
final class CompositionTest {
  private static final JavaClasses OWN =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.tidegate");

  private final Composition parts = new Composition();

  @Test
  void everyRule_isListed() {
    assertThat(names(Composition.guard().rules().stream()).stream().distinct())
        .containsExactlyElementsOf(written(Rule.class));
  }

  @Test
  void everyRuleThatIsAConstant_isListed() throws ReflectiveOperationException {
    List<Object> constants = new ArrayList<>();
    for (JavaClass type : OWN) {
      for (JavaField field : type.getFields()) {
        if (field.getRawType().isAssignableTo(Rule.class)) {
          Field constant = field.reflect();
          constant.setAccessible(true);
          constants.add(constant.get(null));
        }
      }
    }
    assertThat(constants).hasSizeGreaterThan(5).isSubsetOf(Composition.guard().rules());
  }

  @Test
  void everyRuleOverFiles_isListed() throws ReflectiveOperationException {
    List<Object> declared = new ArrayList<>();
    for (JavaClass type : OWN) {
      for (JavaField field : type.getFields()) {
        if (type.getPackage().equals(OWN.get(FileRule.class).getPackage())
            && field.getModifiers().contains(JavaModifier.STATIC)
            && field.getRawType().isEquivalentTo(List.class)) {
          Field constant = field.reflect();
          constant.setAccessible(true);
          declared.addAll((List<?>) constant.get(null));
        }
      }
    }
    assertThat(declared)
        .hasSizeGreaterThan(10)
        .hasOnlyElementsOfType(FileRule.class)
        .containsExactlyInAnyOrderElementsOf(List.<Object>copyOf(FileRule.all()));
  }

  @Test
  void everyEngine_isListed() {
    assertThat(
            names(
                parts.engines().schemes().stream()
                    .map(scheme -> parts.engines().find(scheme).orElseThrow())
                    .distinct()))
        .isEqualTo(written(Engine.class));
  }

  @Test
  void engines_areMadeOnce() {
    assertThat(parts.engines()).isSameAs(parts.engines());
  }

  @Test
  void everyEngineThatTakesChangelogs_hasOneMigration(@TempDir Path changelog) throws IOException {
    Files.writeString(changelog.resolve("1.sql"), "SELECT 1;");
    assertThat(parts.engines().schemes())
        .filteredOn(scheme ->
            parts.engines().find(scheme).orElseThrow().traits().changelogs() != ChangelogKind.NONE)
        .contains("postgresql", "mysql", "sqlite", "mongodb")
        .allSatisfy(scheme -> {
          Target target = Targets.at(scheme, 1, "app").changelog(changelog).target();
          assertThat(parts.migrators().of(target).open(target, MigrationSettings.DEFAULT))
              .isNotNull();
        });
  }

  @ParameterizedTest
  @ValueSource(classes = {Migrator.class, SqlDialect.class, ReplicaSource.class})
  void everyOther_isMadeByAnotherClass(Class<?> kind) {
    assertThat(written(kind))
        .isNotEmpty()
        .allSatisfy(name -> {
          JavaClass type = OWN.get(name);
          assertThat(type.getConstructorCallsToSelf())
              .as("who makes %s", name)
              .anyMatch(call -> !call.getOriginOwner().equals(type));
        });
  }

  private static List<String> names(Stream<?> made) {
    return made.map(each -> each.getClass().getName()).sorted().toList();
  }

  private static List<String> written(Class<?> kind) {
    return OWN.stream()
        .filter(type -> type.isAssignableTo(kind) && !type.isInterface())
        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
        .map(JavaClass::getName)
        .sorted()
        .toList();
  }
}
