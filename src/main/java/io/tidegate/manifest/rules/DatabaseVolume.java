package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A database whose data is gone with its container. */
final class DatabaseVolume implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-volume",
          Severity.ERROR,
          "A database on no volume that outlives its container",
          "When the container is made anew, for an update or on another machine, the database is empty",
          "Mount a named volume, or a PersistentVolumeClaim, at its data directory",
          URI.create("https://docs.docker.com/engine/storage/volumes/"));

  private static final Pattern MAJOR = Pattern.compile("(\\d{1,3})(?:[.-].*)?");

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    return stack.containers().stream().flatMap(container -> evaluate(container).stream()).toList();
  }

  private static Optional<FileFinding> evaluate(Container container) {
    Optional<Database> database =
        container
            .database()
            .filter(found -> found.keeps() || RedisSettings.of(container).appends());
    if (database.isEmpty()) {
      return Optional.empty();
    }
    DataPlace data = DataPlace.of(container, database.get());
    if (!data.lost()) {
      return data.mount()
          .filter(mount -> isBeside(container, mount))
          .map(mount -> beside(container, mount));
    }
    Place place = data.mount().map(Mount::place).orElse(null);
    Severity severity =
        container.platform() == Platform.KUBERNETES ? Severity.ERROR : Severity.WARNING;
    return Optional.of(
        FileFinding.about(
            container,
            CARD,
            FileFinding.milder(container, severity),
            place,
            "%s keeps its data in %s, %s"
                .formatted(
                    database.get().kind(),
                    database.get().data().getFirst(),
                    data.mount().map(mount -> how(mount.kind())).orElse(without(container)))));
  }

  /**
   * The official image of PostgreSQL 18 keeps its data in a directory of its version, beside the one
   * that older images used.
   *
   * @see <a href="https://hub.docker.com/_/postgres">PGDATA</a>
   */
  private static boolean isBeside(Container container, Mount mount) {
    SourceText text = container.image();
    if (text == null || container.variable("PGDATA").isPresent()) {
      return false;
    }
    ImageName image = ImageName.of(text.value());
    Matcher major = MAJOR.matcher(image.tag());
    return image.name().equals("postgres")
        && major.matches()
        && Integer.parseInt(major.group(1)) >= 18
        && mount.target().matches("/var/lib/postgresql/data/?");
  }

  private static FileFinding beside(Container container, Mount mount) {
    return FileFinding.about(
        container,
        CARD,
        Severity.ERROR,
        mount.place(),
        "from version 18 on the image keeps its data beside %s and refuses to start with a volume"
                .formatted(mount.target())
            + " there; mount it at /var/lib/postgresql");
  }

  private static String without(Container container) {
    return container.platform() == Platform.COMPOSE
        ? "where no volume is mounted: at best the image makes an anonymous one, which nothing finds"
            + " again after docker compose down"
        : "where no volume is mounted";
  }

  private static String how(Mount.Kind kind) {
    return switch (kind) {
      case EMPTY_DIR -> "an emptyDir, which is gone with the pod";
      case TMPFS -> "in memory";
      case ANONYMOUS -> "an anonymous volume, which nothing finds again after docker compose down";
      case VOLUME, CLAIM_PER_REPLICA, HOST, FILES, OTHER -> "a volume";
    };
  }
}
