package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceText;
import io.tidegate.manifest.source.Tree;
import io.tidegate.manifest.stack.Confinement;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Deployer;
import io.tidegate.manifest.stack.Development;
import io.tidegate.manifest.stack.ServiceHealthCheck;
import io.tidegate.manifest.stack.Subject;
import io.tidegate.manifest.stack.Variable;
import io.tidegate.manifest.stack.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one service, complete and in its long form. */
final class ServiceReader {
  private final Tree project;
  private final SourceFile file;
  private final boolean development;
  private final Sources sources;

  ServiceReader(Tree project, SourceFile file, boolean development, Sources sources) {
    this.project = project;
    this.file = file;
    this.development = development;
    this.sources = sources;
  }

  Container read(String name, Place place, Tree.Mapping service) {
    return new Container(
        subject(name, place, service),
        Deployer.COMPOSE,
        name,
        hosts(name, service),
        isAwaitedToEnd(name) ? Container.Life.ONCE : Container.Life.SERVES,
        development || Development.byProfile(service),
        replicas(service),
        service.text("image"),
        command(service),
        environment(service),
        new StorageReader(project, file, sources).read(service),
        PortReader.read(service),
        health(service),
        memory(service),
        confinement(service),
        dependencies(service));
  }

  private static Subject subject(String name, Place place, Tree service) {
    List<String> acceptances = new ArrayList<>();
    for (Tree labels : labels(service)) {
      String accepted = labels.word(Subject.ACCEPT);
      if (!accepted.isEmpty()) {
        acceptances.add(accepted);
      }
    }
    return new Subject("service " + name, place, acceptances);
  }

  private static List<Tree> labels(Tree service) {
    List<Tree> labels = new ArrayList<>();
    for (Tree there : new @Nullable Tree[] {service.at("labels"), service.at("annotations")}) {
      if (there != null) {
        labels.add(there);
      }
    }
    return labels;
  }

  private static Set<String> hosts(String name, Tree service) {
    Set<String> hosts = new HashSet<>();
    hosts.add(name);
    hosts.add(service.word("container_name"));
    hosts.add(service.word("hostname"));
    for (Tree.Entry network : service.entries("networks").values()) {
      for (Tree alias : network.value().items("aliases")) {
        hosts.add(alias instanceof Tree.Scalar scalar ? scalar.text() : "");
      }
    }
    hosts.remove("");
    return hosts;
  }

  private boolean isAwaitedToEnd(String name) {
    return project.entries("services").values().stream()
        .anyMatch(other ->
            other.value().word("depends_on", name, "condition").equals(Dependency.COMPLETED));
  }

  private static Replicas replicas(Tree service) {
    Replicas replicas = Replicas.ONE;
    if (service.word("deploy", "mode").equals("global")) {
      SourceText mode = service.text("deploy", "mode");
      replicas =
          new Replicas(
              Integer.MAX_VALUE,
              "deploy.mode is global: one on each node",
              mode == null ? null : mode.place());
    }
    return replicas
        .or(count("deploy.replicas", service.text("deploy", "replicas")))
        .or(count("scale", service.text("scale")));
  }

  private static Replicas count(String key, @Nullable SourceText text) {
    if (text == null || !text.value().matches("\\d{1,6}")) {
      return Replicas.ONE;
    }
    return new Replicas(Integer.parseInt(text.value()), key + " is " + text.value(), text.place());
  }

  private static List<SourceText> command(Tree service) {
    List<SourceText> words = new ArrayList<>();
    for (String key : List.of("entrypoint", "command")) {
      SourceText line = service.text(key);
      if (line != null) {
        Words.split(line.value()).forEach(word -> words.add(line.with(word)));
      }
      for (Tree item : service.items(key)) {
        SourceText word = item.text();
        if (word != null) {
          words.add(word);
        }
      }
    }
    return words;
  }

  private List<Variable> environment(Tree service) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (String name : envFiles(service)) {
      Sources.text(file, name).stream()
          .flatMap(text -> EnvFile.read(text).stream())
          .forEach(line ->
              variables.put(
                  line.name(),
                  new Variable(
                      line.name(),
                      line.place(),
                      SourceText.of(line.value(), line.place()),
                      Variable.Origin.ENV_FILE)));
    }
    service
        .entries("environment")
        .forEach((name, entry) ->
            variables.put(
                name,
                new Variable(name, entry.key(), entry.value().text(), Variable.Origin.INLINE)));
    return List.copyOf(variables.values());
  }

  private static List<String> envFiles(Tree service) {
    List<String> files = new ArrayList<>();
    files.add(service.word("env_file"));
    for (Tree item : service.items("env_file")) {
      files.add(item instanceof Tree.Scalar scalar ? scalar.text() : item.word("path"));
    }
    return files;
  }

  private static List<ServiceHealthCheck> health(Tree service) {
    Tree.Entry check = service.entries().get("healthcheck");
    if (check == null) {
      return List.of();
    }
    Tree.Entry test = check.value().map().get("test");
    Place place = test == null ? check.key() : test.key();
    List<String> words = new ArrayList<>();
    if (test != null) {
      SourceText line = test.value().text();
      if (line != null) {
        words.addAll(Words.split(line.value()));
      }
      for (Tree item : test.value().items()) {
        words.addAll(
            item instanceof Tree.Scalar scalar && words.contains("CMD-SHELL")
                ? Words.split(scalar.text())
                : List.of(item instanceof Tree.Scalar scalar ? scalar.text() : ""));
      }
      words.removeIf(word -> word.equals("CMD") || word.equals("CMD-SHELL"));
    }
    if (check.value().isTrue("disable") || words.equals(List.of("NONE"))) {
      return List.of(new ServiceHealthCheck(ServiceHealthCheck.Kind.DISABLED, List.of(), place));
    }
    ServiceHealthCheck.Kind kind =
        words.isEmpty() ? ServiceHealthCheck.Kind.OF_IMAGE : ServiceHealthCheck.Kind.COMMAND;
    return List.of(new ServiceHealthCheck(kind, words, place));
  }

  private static @Nullable SourceText memory(Tree service) {
    SourceText limit = service.text("deploy", "resources", "limits", "memory");
    return limit != null ? limit : service.text("mem_limit");
  }

  private static Confinement confinement(Tree service) {
    SourceText privileged = service.isTrue("privileged") ? service.text("privileged") : null;
    List<String> dropped = new ArrayList<>();
    for (Tree item : service.items("cap_drop")) {
      dropped.add(item instanceof Tree.Scalar scalar ? scalar.text() : "");
    }
    return new Confinement(
        service.text("user"), false, privileged, service.isTrue("read_only"), dropped);
  }

  private static List<Dependency> dependencies(Tree service) {
    List<Dependency> dependencies = new ArrayList<>();
    service
        .entries("depends_on")
        .forEach((name, entry) -> {
          String condition = entry.value().word("condition");
          dependencies.add(
              new Dependency(
                  name, condition.isEmpty() ? "service_started" : condition, entry.key()));
        });
    return dependencies;
  }
}
