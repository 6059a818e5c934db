package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.SourceText;
import io.tidegate.manifest.source.Tree;
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
 * @param confinement what it may do to its host
 * @param dependencies what starts before it
 */
public record Container(
    Subject subject,
    Deployer platform,
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
    Confinement confinement,
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

  /**
   * What is mounted into a container.
   *
   * @param mounts all mounts
   * @param files the files in the container, as far as they are known, by path
   * @param recreates whether a new one starts only after the old one has ended
   */
  public record Storage(List<Mount> mounts, Map<String, MountedFile> files, boolean recreates) {
    /** Copies the collections. */
    public Storage {
      mounts = List.copyOf(mounts);
      files = Map.copyOf(files);
    }

    /** The names of the files: their text may hold secrets. */
    @Override
    public String toString() {
      return "Storage" + mounts + files.keySet();
    }
  }

  /** A variable by its name. */
  public Optional<Variable> variable(String name) {
    return environment.stream().filter(variable -> variable.name().equals(name)).findFirst();
  }

  /** The words of its command. */
  public List<String> words() {
    return command.stream().map(SourceText::value).toList();
  }

  /** Whether it is Tidegate itself: by its image, or by its name where it is built here. */
  public boolean isTidegate() {
    return (image == null ? workload : ImageName.of(image.value()).name()).equals("tidegate");
  }

  /** The database or store that it runs, if its image is known for one and its command serves it. */
  public Optional<Backend> backend() {
    return life == Life.ONCE || image == null
        ? Optional.empty()
        : Backend.of(ImageName.of(image.value())).filter(backend -> backend.isServedBy(words()));
  }

  /**
   * A way into a container from outside of its network.
   *
   * @param how as in {@code ports publishes 5432} or {@code Service db of type NodePort}
   * @param everywhere whether every interface of the host listens
   */
  public record PublishedPort(String how, boolean everywhere, Place place) {}

  /**
   * A service that is to start first.
   *
   * @param condition as Compose calls it
   */
  public record Dependency(String service, String condition, Place place) {
    /** Only this waits until the other answers. */
    public static final String HEALTHY = "service_healthy";

    /** Waits until the other has ended well. */
    public static final String COMPLETED = "service_completed_successfully";
  }

  /**
   * How many replicas there may be at most.
   *
   * @param evidence as in {@code spec.replicas is 3}
   * @param place null where nothing is said, which means one
   */
  public record Replicas(int most, String evidence, @Nullable Place place) {
    /** Nothing is said. */
    public static final Replicas ONE = new Replicas(1, "no replicas are declared", null);

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
   * Something mounted into a container.
   *
   * @param source a volume's name or a path; empty where it has none
   * @param target the path in the container
   */
  public record Mount(Kind kind, String source, String target, Place place) {

    /** What is mounted. */
    public enum Kind {
      /** A volume with a name, which outlives its container. */
      VOLUME,
      /** A claim that each replica has for itself. */
      CLAIM_PER_REPLICA,
      /** A path of the host. */
      HOST,
      /** A volume that nothing finds again once its container is gone. */
      ANONYMOUS,
      EMPTY_DIR,
      TMPFS,
      /** Files that come with the deployment: configurations, secrets. */
      FILES,
      /** Anything else: it is not judged. */
      OTHER;

      /** Whether what is written there is gone with the container or the pod. */
      public boolean isLost() {
        return this == ANONYMOUS || this == EMPTY_DIR || this == TMPFS;
      }
    }

    /** Whether a path in the container lies in it. */
    public boolean holds(String path) {
      String folder = target.endsWith("/") ? target : target + "/";
      return (path + "/").startsWith(folder);
    }
  }

  /**
   * A file in a container that comes with its deployment.
   *
   * @param path in the container
   * @param mount where it is mounted
   * @param lines where its first line begins; null where its lines stand nowhere as they are, or may not
   *     be shown
   */
  public record MountedFile(String path, String text, Place mount, @Nullable Place lines) {

    /** A file whose text stands in a YAML file, or is made of what stands there. */
    public static MountedFile of(String path, Tree.Scalar text, Place mount) {
      return new MountedFile(path, text.text(), mount, text.lines());
    }

    /** A place in it: its own, or where it is mounted. */
    public Place at(int line, int column) {
      return lines == null
          ? mount
          : new Place(lines.file(), lines.line() + line - 1, lines.column() + column - 1);
    }

    /** The path only: the text may hold secrets. */
    @Override
    public String toString() {
      return path;
    }
  }
}
