package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.rules.SqliteFiles.ConfiguredSqlite;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a database's data lies, and who else writes to it. */
final class VolumeRules {
  static final List<FileRule> ALL =
      List.of(
          new FileRule(
              new RuleCard(
                  "database-scaled",
                  Severity.ERROR,
                  "Several database servers on one volume",
                  "Two servers that write to the same files destroy the database",
                  "Run one replica with strategy Recreate, or a StatefulSet with volumeClaimTemplates"
                      + " and replication between its members",
                  URI.create(
                      "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/")),
              VolumeRules::scaled),
          new FileRule(
              new RuleCard(
                  "database-volume",
                  Severity.ERROR,
                  "A database on no volume that outlives its container",
                  "When the container is made anew, for an update or on another machine, the database"
                      + " is empty",
                  "Mount what outlives the container at its data directory: a named volume, a"
                      + " PersistentVolumeClaim, EFS on ECS, a disk on Render, a volume on Fly.io."
                      + " Where the data may be lost, accept the finding with a reason, as in: #"
                      + " tidegate: accept database-volume REASON",
                  URI.create("https://docs.docker.com/engine/storage/volumes/")),
              VolumeRules::volume));

  /** What they hold is on its way, and may be sent anew. */
  private static final Set<String> BROKERS = Set.of("Kafka", "RabbitMQ");

  /** Programs that copy a SQLite file elsewhere, and bring it back. */
  private static final String COPIES_SQLITE = "litestream";

  /** What its path or its variable calls temporary may be meant to be lost. */
  private static final Pattern TEMPORARY = Pattern.compile("(?i)/tmp/|/dev/shm/|cache");

  private static final Pattern MAJOR = Pattern.compile("(\\d{1,3})(?:[.-].*)?");

  /** In the tags of pgvector and TimescaleDB. */
  private static final Pattern PG_MAJOR = Pattern.compile("(?:.*-)?pg(\\d{1,3})(?:[.-].*)?");

  /** Images of PostgreSQL that declare a volume themselves. */
  private static final Set<String> DECLARE_VOLUME =
      Set.of("postgres", "postgis", "pgvector", "timescaledb");

  private VolumeRules() {}

  private static void scaled(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      Database database = container.database().orElse(null);
      Mount shared = database == null ? null : shared(container, database).orElse(null);
      if (database == null || shared == null) {
        continue;
      }
      String volume = "the volume " + shared.source();
      if (container.replicas().several()) {
        findings.add(
            container,
            Severity.ERROR,
            container.replicas().location(),
            "%s; all would write to %s".formatted(container.replicas().evidence(), volume));
      } else if (!container.storage().recreates()) {
        findings.add(
            container,
            Severity.WARNING,
            shared.location(),
            "a rolling update starts the new pod before the old one ends, and both would write to "
                + volume);
      }
      for (Container other : othersOn(shared, stack, container, database)) {
        findings.add(
            container,
            Severity.ERROR,
            shared.location(),
            "%s writes to %s too".formatted(other.subject().label(), volume));
      }
    }
  }

  private static Optional<Mount> shared(Container container, Database database) {
    return DataDirectory.of(container, database)
        .mount()
        .filter(mount -> mount.type() == MountType.VOLUME || mount.type() == MountType.HOST)
        // Each node has paths of its own: several pods may well have one each.
        .filter(
            mount -> mount.type() == MountType.VOLUME || container.platform() == Platform.COMPOSE);
  }

  /** The services of Compose declared before this one that have the same directory of a volume for their data. */
  private static List<Container> othersOn(
      Mount mount, Stack stack, Container container, Database database) {
    if (container.platform() != Platform.COMPOSE) {
      return List.of();
    }
    String own = DataDirectory.of(container, database).below(mount);
    return stack.containers().stream()
        .filter(other -> other.platform() == Platform.COMPOSE)
        .takeWhile(other -> !other.equals(container))
        .filter(other -> other.database().filter(database::equals).isPresent())
        .filter(other ->
            shared(other, database)
                .filter(same ->
                    same.source().equals(mount.source())
                        && DataDirectory.of(other, database).below(same).equals(own))
                .isPresent())
        .toList();
  }

  private static void volume(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      container
          .database()
          .filter(found ->
              found.keeps() || (found.is("Redis") && RedisSettings.of(container).appends()))
          .ifPresent(database -> volume(container, database, findings));
    }
    sqlite(stack, findings);
  }

  /**
   * SQLite where nothing that is mounted keeps anything. In Compose a container, with its files, is kept
   * until it is made anew, and its image may declare a volume.
   */
  private static void sqlite(Stack stack, Findings findings) {
    SqliteFiles files = new SqliteFiles();
    for (Container container : stack.containers()) {
      boolean looked =
          container.platform() != Platform.COMPOSE
              && container.life() == Container.Life.SERVES
              // Several are refused as such.
              && !container.replicas().several();
      if (looked && !keepsFiles(container)) {
        files.in(container).stream()
            .filter(found -> found.detection().isOnlyHere())
            .findFirst()
            // Containers of one pod share settings: what has the volume is what uses the file.
            .filter(found -> beside(container, stack).noneMatch(VolumeRules::keepsFiles))
            .ifPresent(found ->
                findings.addMilderInDevelopment(
                    container,
                    severity(found),
                    found.location(),
                    "%s is %s; %s"
                        .formatted(
                            found.setting(),
                            found.detection().describe(),
                            mounted(container, found.detection()))));
      }
    }
  }

  private static Severity severity(ConfiguredSqlite found) {
    String place = found.setting() + " " + found.detection().text();
    return found.detection().certainty() == Detection.Certainty.SURE
            && !TEMPORARY.matcher(place).find()
        ? Severity.ERROR
        : Severity.WARNING;
  }

  private static String mounted(Container container, Detection detection) {
    return container.storage().mounts().stream()
        .filter(mount -> mount.type().isLost() && detection.text().contains(mount.target() + "/"))
        .findFirst()
        .map(mount -> "%s is %s".formatted(mount.target(), describe(mount.type())))
        .orElse("no volume is mounted");
  }

  /** The containers of the same pod or task. */
  private static Stream<Container> beside(Container container, Stack stack) {
    return switch (container.platform()) {
      case KUBERNETES ->
          stack.containers().stream()
              .filter(other -> other.workload().equals(container.workload()));
      case ECS, NOMAD -> stack.containers().stream();
      case COMPOSE, RENDER, FLY -> Stream.empty();
    };
  }

  /** Whether something that is mounted may keep files, or a program brings a SQLite file back. */
  private static boolean keepsFiles(Container container) {
    SourceText image = container.image();
    return container.storage().mounts().stream().anyMatch(mount -> mount.type().mayKeep())
        || Stream.of(
                container.words().stream(),
                container.environment().stream().map(Variable::name),
                Stream.of(image == null ? "" : image.value()))
            .flatMap(texts -> texts)
            .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(COPIES_SQLITE));
  }

  private static void volume(Container container, Database database, Findings findings) {
    DataDirectory data = DataDirectory.of(container, database);
    if (!data.isLost()) {
      data.mount().ifPresent(mount -> imageVolume(container, database, mount, findings));
      data.mount()
          .filter(mount -> isBeside(container, mount))
          .ifPresent(mount ->
              findings.add(
                  container,
                  Severity.ERROR,
                  mount.location(),
                  "from version 18 on the image keeps its data beside %s and refuses to start with a"
                          .formatted(mount.target())
                      + " volume there; mount it at /var/lib/postgresql"));
      return;
    }
    Location location = data.mount().map(Mount::location).orElse(null);
    findings.addMilderInDevelopment(
        container,
        container.platform() == Platform.COMPOSE || BROKERS.contains(database.kind())
            ? Severity.WARNING
            : Severity.ERROR,
        location,
        "%s keeps its data in %s, %s"
            .formatted(
                database.kind(),
                data.folder(),
                data.mount()
                    .map(mount -> describe(mount.type()))
                    .orElse(withoutVolume(container))));
  }

  /** In Compose an image's own volume lies on top of what is mounted above it, and is made anew. */
  private static void imageVolume(
      Container container, Database database, Mount mount, Findings findings) {
    String own = container.imageName().flatMap(VolumeRules::declaredVolume).orElse("");
    boolean covered =
        container.platform() == Platform.COMPOSE
            && own.startsWith(mount.target().replaceFirst("/*$", "/"))
            && (DataDirectory.ofServer(container, database).orElse(own) + "/").startsWith(own + "/")
            && container.storage().mounts().stream().noneMatch(each -> each.target().equals(own));
    if (covered) {
      findings.addMilderInDevelopment(
          container,
          Severity.WARNING,
          mount.location(),
          "%s keeps its data in %s, for which the image makes an anonymous volume on top of %s, and nothing finds that again after docker compose down; mount at %s"
              .formatted(database.kind(), own, mount.target(), own));
    }
  }

  /**
   * The volume of the official images of PostgreSQL before 18 and those that are built on them, and of
   * MongoDB's.
   *
   * @see <a href="https://hub.docker.com/_/postgres">PGDATA</a>
   */
  private static Optional<String> declaredVolume(ImageName image) {
    if (image.name().equals("mongo")) {
      return Optional.of("/data/db");
    }
    Matcher major =
        (image.name().equals("postgres") || image.name().equals("postgis") ? MAJOR : PG_MAJOR)
            .matcher(image.tag());
    return DECLARE_VOLUME.contains(image.name())
            && major.matches()
            && Integer.parseInt(major.group(1)) < 18
        ? Optional.of("/var/lib/postgresql/data")
        : Optional.empty();
  }

  /**
   * The official image of PostgreSQL 18 keeps its data in a directory of its version, beside the one
   * that older images used.
   *
   * @see <a href="https://hub.docker.com/_/postgres">PGDATA</a>
   */
  private static boolean isBeside(Container container, Mount mount) {
    if (container.variable("PGDATA").isPresent()) {
      return false;
    }
    return container
        .imageName()
        .filter(image -> image.name().equals("postgres"))
        .map(image -> MAJOR.matcher(image.tag()))
        .filter(major -> major.matches() && Integer.parseInt(major.group(1)) >= 18)
        .filter(major -> mount.target().matches("/var/lib/postgresql/data/?"))
        .isPresent();
  }

  private static String withoutVolume(Container container) {
    return container.platform() == Platform.COMPOSE
        ? "where no volume is mounted: at best the image makes an anonymous one, which nothing finds"
            + " again after docker compose down"
        : "where no volume is mounted";
  }

  private static String describe(MountType kind) {
    return switch (kind) {
      case EMPTY_DIR -> "an emptyDir, which is gone with the pod";
      case EPHEMERAL -> "an ephemeral volume, whose claim is deleted with the pod";
      case OF_TASK -> "a directory of the task, which is gone with it";
      case TMPFS -> "in memory";
      case ANONYMOUS -> "an anonymous volume, which nothing finds again after docker compose down";
      case VOLUME, CLAIM_PER_REPLICA, HOST, FILES, OTHER -> "a volume";
    };
  }

  /**
   * Where a database's data lies.
   *
   * @param folder the directory; empty: it keeps nothing in one
   * @param mount what is mounted there; empty: nothing
   * @param uncertain whether a volume is mounted elsewhere, which may be the data directory of an image
   *     that we know too little of
   */
  record DataDirectory(String folder, Optional<Mount> mount, boolean uncertain) {
    /** Images whose server keeps its data where {@code PGDATA} says. */
    private static final Set<String> OBEY_PGDATA =
        Set.of("postgres", "postgis", "pgvector", "timescaledb", "timescaledb-ha");

    /** By which images are told where to keep their data: PostgreSQL, Kafka, Elasticsearch, RabbitMQ, InfluxDB. */
    private static final Set<String> VARIABLES =
        Set.of(
            "PGDATA",
            "KAFKA_LOG_DIRS",
            "KAFKA_CFG_LOG_DIRS",
            "path.data",
            "RABBITMQ_MNESIA_BASE",
            "RABBITMQ_MNESIA_DIR",
            "INFLUXD_ENGINE_PATH");

    private static final Pattern OFFICIAL =
        Pattern.compile("(?:docker\\.io/|(?:.*/)?library/)?(?:postgres|mysql|mariadb|mongo)");

    /** What names a file of settings or a directory, or runs something else first. */
    private static final Pattern ELSEWHERE =
        Pattern.compile("(?i)conf|data|defaults|dir|^-[DhfF]|\\bsh$|\\.sh$");

    /** Directories in which no server keeps its data, and single files. */
    private static final Pattern NO_DATA =
        Pattern.compile(
            "(?i)/(?:certs?|certificates|conf(?:ig)?|conf\\.d|plugins|logs?|backups?|dumps?|secrets?|ssl|tls)(?:/|$)"
                + "|\\.(?:conf|cnf|ini|ya?ml|json|xml|sql|sh|js|pem|crt|key)$");

    /** Kafka calls its data logs. */
    private static final Pattern KAFKAS_LOGS = Pattern.compile("(?i)/kafka(?:/.*)?/logs?(?:/|$)");

    private static final Pattern CONFIGURATION = Pattern.compile("^/etc/|\\.(?:conf|cnf|ya?ml)$");

    /** How a server is told where its data lies, by kind; a value with a variable in it is not known. */
    private static final Map<String, Pattern> OPTIONS =
        Map.of(
            "MySQL", option("datadir"),
            "MongoDB", option("dbpath"),
            "Redis", option("dir"),
            "InfluxDB", option("data-dir"),
            "CockroachDB", option("store(?:=path)?"));

    private static Pattern option(String name) {
      return Pattern.compile("(?<!\\S)--" + name + "[= ][\"']?(/[^\\s\"'$;&|<>(){}`,]*+)(?![${])");
    }

    static DataDirectory of(Container container, Database database) {
      Optional<String> certain = ofServer(container, database);
      List<String> folders = new ArrayList<>(certain.map(List::of).orElse(database.data()));
      folders.addAll(byVariables(container));
      List<Mount> mounts = container.storage().mounts();
      Optional<Mount> mount = mount(mounts, folders, certain.isEmpty());
      boolean uncertain =
          mount.isEmpty()
              && certain.isEmpty()
              && !isKnown(container)
              && mounts.stream()
                  .filter(DataDirectory::mayHoldData)
                  .anyMatch(other ->
                      other.type() == MountType.VOLUME
                          || other.type() == MountType.CLAIM_PER_REPLICA);
      return new DataDirectory(folders.isEmpty() ? "" : folders.getFirst(), mount, uncertain);
    }

    /**
     * What holds the data: of what is mounted over it the last, which covers the others, unless only
     * what is mounted below a directory keeps anything.
     */
    private static Optional<Mount> mount(List<Mount> all, List<String> folders, boolean below) {
      List<Mount> mounts =
          all.stream().filter(candidate -> candidate.type() != MountType.FILES).toList();
      Optional<Mount> over =
          mounts.stream()
              .filter(candidate -> folders.stream().anyMatch(candidate::holds))
              .max(Comparator.comparingInt(candidate -> candidate.target().length()));
      if (!below || over.filter(candidate -> candidate.type().mayKeep()).isPresent()) {
        return over;
      }
      List<Mount> within =
          mounts.stream()
              .filter(candidate ->
                  folders.stream().anyMatch(folder -> candidate.target().startsWith(folder + "/")))
              .filter(DataDirectory::mayHoldData)
              .toList();
      return within.stream()
          .filter(candidate -> candidate.type().mayKeep())
          .findFirst()
          .or(() -> over)
          .or(() -> within.stream().findFirst());
    }

    private static boolean mayHoldData(Mount mount) {
      return !NO_DATA.matcher(mount.target()).find() || KAFKAS_LOGS.matcher(mount.target()).find();
    }

    /** Whether it is an official image that nothing tells to keep its data elsewhere than it does by itself. */
    private static boolean isKnown(Container container) {
      return container
              .imageName()
              .filter(image -> OFFICIAL.matcher(image.repository()).matches())
              .isPresent()
          && container.variable("PGDATA").isEmpty()
          && container.words().stream().noneMatch(word -> ELSEWHERE.matcher(word).find())
          && container.storage().mounts().stream()
              .noneMatch(mount -> CONFIGURATION.matcher(mount.target()).find());
    }

    /** The directory that the server surely has, since it is told so; empty: its image's own. */
    private static Optional<String> ofServer(Container container, Database database) {
      Pattern option = OPTIONS.get(database.kind());
      if (option != null) {
        // Of several the server takes the last.
        return option
            .matcher(String.join(" ", container.words()))
            .results()
            .reduce((_, later) -> later)
            .map(told -> withoutLastSlash(told.group(1)));
      }
      boolean obeys =
          container.imageName().map(ImageName::name).filter(OBEY_PGDATA::contains).isPresent();
      return pgData(container).filter(folder -> obeys && folder.startsWith("/"));
    }

    /** Where variables say that it lies; of an image that does not know them they mean nothing. */
    private static List<String> byVariables(Container container) {
      return container.environment().stream()
          .filter(variable -> VARIABLES.contains(variable.name()))
          .flatMap(variable -> Stream.of(variable.known().split(",", -1)))
          .map(String::strip)
          .filter(folder -> folder.startsWith("/"))
          .map(DataDirectory::withoutLastSlash)
          .toList();
    }

    private static Optional<String> pgData(Container container) {
      return container
          .variable("PGDATA")
          .map(Variable::known)
          .filter(value -> !value.isEmpty())
          .map(DataDirectory::withoutLastSlash);
    }

    private static String withoutLastSlash(String path) {
      return path.replaceFirst("(?<=.)/+$", "");
    }

    /** Its place in what is mounted; empty: all of it. */
    String below(Mount mounted) {
      String target = mounted.target().replaceFirst("/+$", "");
      return folder.startsWith(target + "/") ? folder.substring(target.length()) : "";
    }

    /** Whether the data is gone with the container. */
    boolean isLost() {
      return mount.map(there -> there.type().isLost()).orElse(!uncertain);
    }
  }
}
