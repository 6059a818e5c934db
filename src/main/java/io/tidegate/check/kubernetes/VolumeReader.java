package io.tidegate.check.kubernetes;

import io.tidegate.check.source.Text;
import io.tidegate.check.source.Tree;
import io.tidegate.check.stack.Container;
import io.tidegate.check.stack.Mount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what is mounted into a container, and the configuration files that ConfigMaps bring. */
final class VolumeReader {
  private final Cluster cluster;
  private final Manifest workload;

  VolumeReader(Cluster cluster, Manifest workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  Container.Storage read(Tree pod, Tree container) {
    List<Mount> mounts = new ArrayList<>();
    Map<String, String> files = new HashMap<>();
    for (Tree item : container.items("volumeMounts")) {
      String name = item.word("name");
      String target = item.word("mountPath");
      Tree volume = named(pod.items("volumes"), name);
      String source = volume == null ? name : volume.word("persistentVolumeClaim", "claimName");
      mounts.add(
          new Mount(kind(name, volume), source.isEmpty() ? name : source, target, item.place()));
      if (volume != null && volume.at("configMap") != null) {
        files(volume, item, files);
      }
    }
    boolean recreates =
        !workload.kind().equals("Deployment")
            || workload.tree().word("spec", "strategy", "type").equals("Recreate")
            || workload.tree().word("spec", "strategy", "rollingUpdate", "maxSurge").matches("0%?");
    return new Container.Storage(mounts, files, recreates);
  }

  private Mount.Kind kind(String name, @Nullable Tree volume) {
    if (volume == null) {
      boolean claimed =
          workload.tree().items("spec", "volumeClaimTemplates").stream()
              .anyMatch(template -> template.word("metadata", "name").equals(name));
      return claimed ? Mount.Kind.CLAIM_PER_REPLICA : Mount.Kind.OTHER;
    }
    if (volume.map().containsKey("emptyDir")) {
      return Mount.Kind.EMPTY_DIR;
    }
    if (volume.map().containsKey("persistentVolumeClaim")) {
      return Mount.Kind.VOLUME;
    }
    if (volume.map().containsKey("hostPath")) {
      return Mount.Kind.HOST;
    }
    boolean files =
        volume.map().keySet().stream()
            .anyMatch(List.of("configMap", "secret", "projected", "downwardAPI")::contains);
    return files ? Mount.Kind.FILES : Mount.Kind.OTHER;
  }

  private void files(Tree volume, Tree mount, Map<String, String> files) {
    Manifest map =
        cluster.find(workload, "ConfigMap", volume.word("configMap", "name")).orElse(null);
    if (map == null) {
      return;
    }
    String target = mount.word("mountPath");
    String part = mount.word("subPath");
    map.tree()
        .entries("data")
        .forEach((key, entry) -> {
          Text text = entry.value().text();
          String path = path(volume, key);
          if (text == null) {
            return;
          }
          if (part.isEmpty()) {
            files.put(target + (target.endsWith("/") ? "" : "/") + path, text.value());
          } else if (part.equals(path)) {
            files.put(target, text.value());
          }
        });
  }

  private static String path(Tree volume, String key) {
    for (Tree item : volume.items("configMap", "items")) {
      if (item.word("key").equals(key)) {
        return item.word("path");
      }
    }
    return key;
  }

  private static @Nullable Tree named(List<Tree> list, String name) {
    return list.stream().filter(item -> item.word("name").equals(name)).findFirst().orElse(null);
  }
}
