package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.stack.Storage;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.manifest.stack.Storage.MountedFile;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what is mounted into a container, and the files that ConfigMaps and Secrets bring. */
final class VolumeReader {
  private final Cluster cluster;
  private final KubernetesObject workload;

  VolumeReader(Cluster cluster, KubernetesObject workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  Storage read(YamlNode pod, YamlNode container) {
    List<Mount> mounts = new ArrayList<>();
    Map<String, MountedFile> files = new HashMap<>();
    for (YamlNode item : container.items("volumeMounts")) {
      String name = item.word("name");
      String target = item.word("mountPath");
      // A claim of each replica replaces a volume of its name.
      YamlNode volume = isClaimed(name) ? null : named(pod.items("volumes"), name);
      String source = volume == null ? name : volume.word("persistentVolumeClaim", "claimName");
      mounts.add(
          new Mount(type(name, volume), source.isEmpty() ? name : source, target, item.location()));
      if (volume != null) {
        sources(volume, item, files);
        for (YamlNode projected : volume.items("projected", "sources")) {
          sources(projected, item, files);
        }
      }
    }
    boolean recreates =
        !workload.rollsOver()
            || workload.node().word("spec", "strategy", "type").equals("Recreate")
            || workload.node().word("spec", "strategy", "rollingUpdate", "maxSurge").matches("0%?");
    return new Storage(mounts, files, recreates);
  }

  private boolean isClaimed(String name) {
    return workload.node().items("spec", "volumeClaimTemplates").stream()
        .anyMatch(template -> template.word("metadata", "name").equals(name));
  }

  private MountType type(String name, @Nullable YamlNode volume) {
    if (volume == null) {
      return isClaimed(name) ? MountType.CLAIM_PER_REPLICA : MountType.OTHER;
    }
    if (volume.map().containsKey("emptyDir")) {
      return MountType.EMPTY_DIR;
    }
    if (volume.map().containsKey("ephemeral")) {
      return MountType.EPHEMERAL;
    }
    if (volume.map().containsKey("persistentVolumeClaim")) {
      return MountType.VOLUME;
    }
    if (volume.map().containsKey("hostPath")) {
      return MountType.HOST;
    }
    boolean files =
        volume.map().keySet().stream()
            .anyMatch(List.of("configMap", "secret", "projected", "downwardAPI")::contains);
    return files ? MountType.FILES : MountType.OTHER;
  }

  /** A volume names a Secret by another key than one of several sources does. */
  private void sources(YamlNode source, YamlNode mount, Map<String, MountedFile> files) {
    files("ConfigMap", source.word("configMap", "name"), source.at("configMap"), mount, files);
    files("Secret", source.word("secret", "secretName"), source.at("secret"), mount, files);
    files("Secret", source.word("secret", "name"), source.at("secret"), mount, files);
  }

  private void files(
      String kind,
      String name,
      @Nullable YamlNode source,
      YamlNode mount,
      Map<String, MountedFile> files) {
    KubernetesObject object =
        name.isEmpty() ? null : cluster.find(workload, kind, name).orElse(null);
    if (source == null || object == null) {
      return;
    }
    String target = mount.word("mountPath");
    String part = mount.word("subPath");
    for (String data : List.of("data", "stringData")) {
      object
          .node()
          .entries(data)
          .forEach((key, entry) -> {
            String path = path(source, key);
            boolean whole = part.isEmpty();
            SourceText text = EnvironmentReader.value(kind, data, entry.value());
            if (text != null && !path.isEmpty() && (whole || part.equals(path))) {
              String at = whole ? target + (target.endsWith("/") ? "" : "/") + path : target;
              files.put(at, file(kind, at, text, entry.value(), mount));
            }
          });
    }
  }

  /** No line of a Secret is shown, so that its files are shown by where they are mounted. */
  private static MountedFile file(
      String kind, String path, SourceText text, YamlNode written, YamlNode mount) {
    return !kind.equals("Secret") && written instanceof YamlNode.Scalar scalar
        ? MountedFile.of(path, scalar, mount.location())
        : new MountedFile(path, text.value(), mount.location(), null);
  }

  /** Where a key is found in the volume; empty where others are listed and it is not. */
  private static String path(YamlNode source, String key) {
    List<YamlNode> items = source.items("items");
    return items.stream()
        .filter(item -> item.word("key").equals(key))
        .map(item -> item.word("path"))
        .findFirst()
        .orElse(items.isEmpty() ? key : "");
  }

  private static @Nullable YamlNode named(List<YamlNode> list, String name) {
    return list.stream().filter(item -> item.word("name").equals(name)).findFirst().orElse(null);
  }
}
