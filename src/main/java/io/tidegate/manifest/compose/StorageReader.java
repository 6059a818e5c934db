package io.tidegate.manifest.compose;

import io.tidegate.manifest.appfile.AppFile;
import io.tidegate.manifest.stack.Storage;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.manifest.stack.Storage.MountedFile;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is mounted into a service, and the configuration files that come with it. */
final class StorageReader {
  private static final List<String> CONFIGURATIONS = List.of("redis.conf", "valkey.conf");

  private final YamlNode project;
  private final SourceFile file;
  private final Map<Path, Optional<SourceFile>> mounted = new HashMap<>();
  private long mountedCharacters;

  StorageReader(YamlNode project, SourceFile file) {
    this.project = project;
    this.file = file;
  }

  Storage read(YamlNode service) {
    List<Mount> mounts = new ArrayList<>();
    Map<String, MountedFile> files = new HashMap<>();
    for (YamlNode volume : service.items("volumes")) {
      Mount mount =
          new Mount(type(volume), volume.word("source"), volume.word("target"), volume.location());
      mounts.add(mount);
      if (mount.type() == MountType.HOST) {
        configurations(mount, files);
      }
    }
    tmpfs(service, mounts);
    configs(service, mounts, files);
    return new Storage(mounts, files, true);
  }

  private MountType type(YamlNode volume) {
    String source = volume.word("source");
    return switch (volume.word("type")) {
      case "bind" -> source.matches("/dev/shm(/.*)?") ? MountType.TMPFS : MountType.HOST;
      case "tmpfs" -> MountType.TMPFS;
      case "volume", "" -> {
        if (source.isEmpty()) {
          yield MountType.ANONYMOUS;
        }
        boolean memory =
            project.entries("volumes").containsKey(source)
                && "tmpfs".equals(declared(source).word("driver_opts", "type"));
        yield memory ? MountType.TMPFS : MountType.VOLUME;
      }
      default -> MountType.OTHER;
    };
  }

  private YamlNode declared(String volume) {
    YamlNode there = project.at("volumes", volume);
    return there == null ? project : there;
  }

  private static void tmpfs(YamlNode service, List<Mount> mounts) {
    List<YamlNode> items = new ArrayList<>(service.items("tmpfs"));
    if (service.at("tmpfs") instanceof YamlNode.Scalar one) {
      items.add(one);
    }
    for (YamlNode item : items) {
      if (item instanceof YamlNode.Scalar scalar) {
        int options = scalar.text().indexOf(':');
        String target = options < 0 ? scalar.text() : scalar.text().substring(0, options);
        mounts.add(new Mount(MountType.TMPFS, "", target, scalar.location()));
      }
    }
  }

  /** A mounted configuration is read where it can be: what it says decides what is kept. */
  private void configurations(Mount mount, Map<String, MountedFile> files) {
    Path path = file.pathBeside(mount.source());
    if (path == null) {
      return;
    }
    if (Files.isDirectory(path)) {
      for (String name : CONFIGURATIONS) {
        file(mount.source() + "/" + name, mount.target() + "/" + name, mount.location(), files);
      }
    } else if (AppFile.isKnown(mount.target())) {
      file(mount.source(), mount.target(), mount.location(), files);
    }
  }

  private void file(String source, String target, Location mount, Map<String, MountedFile> files) {
    inside(source)
        .ifPresent(found ->
            files.put(
                target,
                new MountedFile(target, found.text(), mount, Location.start(found.name()))));
  }

  /**
   * A small text file in the folder of the Compose file or below it; empty where there is none that can
   * be read. Neither {@code ..} nor a link leads out of that folder. Each is read once, and all of them
   * together may be no larger than one Compose file.
   */
  private Optional<SourceFile> inside(String name) {
    Path path = file.pathBeside(name);
    Path folder = file.pathBeside(".");
    if (path == null || folder == null) {
      return Optional.empty();
    }
    try {
      if (!path.toRealPath().startsWith(folder.toRealPath())) {
        return Optional.empty();
      }
      Optional<SourceFile> known = mounted.get(path);
      if (known == null) {
        known = mountedCharacters > SourceFile.LARGEST_BYTES ? Optional.empty() : file.beside(name);
        mountedCharacters += known.map(found -> found.text().length()).orElse(0);
        mounted.put(path, known);
      }
      return known;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void configs(YamlNode service, List<Mount> mounts, Map<String, MountedFile> files) {
    for (YamlNode item : service.items("configs")) {
      String name = item.wordOrAt("source");
      String written = item.word("target");
      String target = written.isEmpty() ? "/" + name : written;
      Location location = item.location();
      mounts.add(new Mount(MountType.FILES, name, target, location));
      YamlNode config = project.at("configs", name);
      if (config != null) {
        if (config.at("content") instanceof YamlNode.Scalar content) {
          files.put(target, MountedFile.of(target, content, location));
        } else {
          file(config.word("file"), target, location, files);
        }
      }
    }
  }
}
