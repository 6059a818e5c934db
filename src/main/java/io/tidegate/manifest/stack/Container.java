package io.tidegate.manifest.stack;

import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container that will run.
 *
 * @param subject who it is, for findings
 * @param platform what deploys it
 * @param workload the name of its service, Deployment, ...
 * @param hosts the names under which others reach it
 * @param life how long it runs
 * @param development whether its files look like they are for development
 * @param replicas how many of it there may be
 * @param image null: it is built, or not said
 * @param command its words, entry point first; empty where the image decides
 * @param environment its variables
 * @param storage what is mounted into it
 * @param ports how it is reached from outside
 * @param health how it is found to be ready; empty where nothing is said
 * @param memory its memory limit; null: none
 * @param securityContext what it may do to its host
 * @param dependencies what starts before it
 */
public record Container(
    Subject subject,
    Platform platform,
    String workload,
    Set<String> hosts,
    Life life,
    boolean development,
    Replicas replicas,
    @Nullable SourceText image,
    List<SourceText> command,
    List<Variable> environment,
    Storage storage,
    List<PublishedPort> ports,
    List<ServiceHealthCheck> health,
    @Nullable SourceText memory,
    SecurityContext securityContext,
    List<Dependency> dependencies) {
  /** Copies the collections. */
  public Container {
    hosts = Set.copyOf(hosts);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    ports = List.copyOf(ports);
    health = List.copyOf(health);
    dependencies = List.copyOf(dependencies);
  }

  /** How long a container runs. */
  public enum Life {
    SERVES,
    /** A Job, or a container that runs before others. */
    ONCE
  }

  /** A variable by its name. */
  public Optional<Variable> variable(String name) {
    return environment.stream().filter(variable -> variable.name().equals(name)).findFirst();
  }

  /** The words of its command. */
  public List<String> words() {
    return command.stream().map(SourceText::value).toList();
  }

  /** The parts of its image's reference; empty: it is built here, or names none. */
  public Optional<ImageName> imageName() {
    return Optional.ofNullable(image).map(reference -> ImageName.of(reference.value()));
  }

  /** Whether it is Tidegate itself: by its image, or by its name where it is built here. */
  public boolean isTidegate() {
    return imageName().map(ImageName::name).orElse(workload).equals("tidegate");
  }

  /** The database or store that it runs, if its image is known for one and its command serves it. */
  public Optional<Database> database() {
    return life == Life.ONCE
        ? Optional.empty()
        : imageName().flatMap(Database::of).filter(database -> database.isServedBy(words()));
  }

  /**
   * A way into a container from outside of its network.
   *
   * @param how as in {@code ports publishes 5432} or {@code Service db of type NodePort}
   * @param everywhere whether every interface of the host listens
   */
  public record PublishedPort(String how, boolean everywhere, Location location) {}

  /**
   * A service that is to start first.
   *
   * @param condition as Compose calls it
   */
  public record Dependency(String service, String condition, Location location) {
    /** Only this waits until the other answers. */
    public static final String HEALTHY = "service_healthy";

    /** Waits until the other has ended well. */
    public static final String COMPLETED = "service_completed_successfully";

    /** Whether it is more than that the other has been started. */
    public boolean waits() {
      return condition.equals(HEALTHY) || condition.equals(COMPLETED);
    }
  }

  /**
   * How many replicas there may be at most.
   *
   * @param evidence as in {@code spec.replicas is 3}
   * @param location null where nothing is said, which means one
   */
  public record Replicas(int most, String evidence, @Nullable Location location) {
    /** Nothing is said. */
    public static final Replicas ONE = new Replicas(1, "no replicas are declared", null);

    /** What a key declares; nothing is said where its value is no number, or not known. */
    public static Replicas declared(String key, @Nullable SourceText text) {
      return text == null || !text.value().matches("\\d{1,6}")
          ? ONE
          : new Replicas(
              Integer.parseInt(text.value()), key + " is " + text.value(), text.location());
    }

    /** Whether there may be more than one. */
    public boolean several() {
      return most > 1;
    }

    /** The larger of the two. */
    public Replicas or(Replicas other) {
      return other.most > most ? other : this;
    }
  }

  /**
   * An environment variable of a container.
   *
   * @param location where the container gets it
   * @param value null: not known from the files
   * @param origin where its value stands
   */
  public record Variable(
      String name, Location location, @Nullable SourceText value, Origin origin) {

    /** Where a variable's value stands. */
    public enum Origin {
      /** In the deployment file itself. */
      INLINE,
      /** In a file of variables beside it. */
      ENV_FILE,
      CONFIG_MAP,
      SECRET
    }

    /** Those that a mapping of names to values declares. */
    public static List<Variable> inline(Map<String, YamlNode.Entry> entries) {
      return entries.entrySet().stream()
          .map(entry ->
              new Variable(
                  entry.getKey(),
                  entry.getValue().key(),
                  entry.getValue().value().text(),
                  Origin.INLINE))
          .toList();
    }

    /** The value if it is fully known, else nothing. */
    public String known() {
      return value != null && value.isKnown() ? value.value() : "";
    }

    /** The name only: the value may be secret. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * How the platform finds out whether a container is well.
   *
   * @param words the command's words; empty where it is none
   */
  public record ServiceHealthCheck(HealthCheckType type, List<String> words, Location location) {
    /** Copies the list. */
    public ServiceHealthCheck {
      words = List.copyOf(words);
    }

    /**
     * Reads the test of a health check as Docker has it: a command line, or a list that begins with
     * {@code CMD} or {@code CMD-SHELL}.
     *
     * @param test null: the image's own
     */
    public static ServiceHealthCheck ofDocker(@Nullable YamlNode test, Location location) {
      List<String> words = new ArrayList<>();
      if (test != null) {
        SourceText line = test.text();
        if (line != null) {
          words.addAll(ShellWords.split(line.value()));
        }
        for (String item : test.texts()) {
          words.addAll(words.contains("CMD-SHELL") ? ShellWords.split(item) : List.of(item));
        }
        words.removeIf(word -> word.equals("CMD") || word.equals("CMD-SHELL"));
      }
      if (words.equals(List.of("NONE"))) {
        return new ServiceHealthCheck(HealthCheckType.DISABLED, List.of(), location);
      }
      HealthCheckType type = words.isEmpty() ? HealthCheckType.OF_IMAGE : HealthCheckType.COMMAND;
      return new ServiceHealthCheck(type, words, location);
    }
  }

  /** What a health check does. */
  public enum HealthCheckType {
    COMMAND,
    TCP,
    HTTP,
    GRPC,
    /** The image's own, which is not known here. */
    OF_IMAGE,
    /** Said to be none. */
    DISABLED
  }

  /**
   * What a container may do to its host.
   *
   * @param user its user; null: not said, so that the image decides
   * @param mustNotBeRoot whether the platform refuses to start it as root
   * @param privileged where it is said to be; null: it is not
   * @param readOnlyRoot whether its root file system is read-only
   * @param dropped the capabilities taken from it
   */
  public record SecurityContext(
      @Nullable SourceText user,
      boolean mustNotBeRoot,
      @Nullable SourceText privileged,
      boolean readOnlyRoot,
      List<String> dropped) {
    /** Nothing is said. */
    public static final SecurityContext UNKNOWN =
        new SecurityContext(null, false, null, false, List.of());

    /** Copies the list. */
    public SecurityContext {
      dropped = List.copyOf(dropped);
    }

    /** Whether all capabilities are taken from it. */
    public boolean dropsAll() {
      return dropped.stream().anyMatch("ALL"::equalsIgnoreCase);
    }
  }

  /** What deploys a container. */
  public enum Platform {
    COMPOSE,
    KUBERNETES,
    ECS,
    NOMAD,
    RENDER,
    FLY;

    /** Whether memory, users and the health check of a database are chosen elsewhere than in its file. */
    public boolean isManaged() {
      return this == RENDER || this == FLY;
    }
  }
}
