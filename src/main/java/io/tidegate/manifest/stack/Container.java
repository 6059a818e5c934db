package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.SourceText;
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
}
