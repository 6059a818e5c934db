package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.stack.Container.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the ports that a service publishes on its host.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/services/#ports">ports</a>
 */
final class PortReader {
  private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "::", "[::]");

  private PortReader() {}

  static List<PublishedPort> read(YamlNode service) {
    List<PublishedPort> ports = new ArrayList<>();
    for (YamlNode item : service.items("ports")) {
      if (item instanceof YamlNode.Scalar scalar) {
        ports.add(shortForm(scalar.text(), scalar.place()));
      } else {
        ports.add(longForm(item));
      }
    }
    SourceText mode = service.text("network_mode");
    if (mode != null && mode.value().equals("host")) {
      ports.add(new PublishedPort("network_mode is host", true, mode.place()));
    }
    return ports;
  }

  /** {@code [HOST:][PUBLISHED:]TARGET[/PROTOCOL]}. */
  private static PublishedPort shortForm(String text, Place place) {
    String[] parts = text.replaceAll("^\\[.*]:", "IPV6:").split(":", -1);
    String host = "";
    if (text.startsWith("[")) {
      host = text.substring(0, text.indexOf(']') + 1);
    } else if (parts.length > 2) {
      host = parts[0];
    }
    return new PublishedPort("ports has " + text, EVERYWHERE.contains(host), place);
  }

  private static PublishedPort longForm(YamlNode item) {
    String host = item.word("host_ip");
    String target = item.word("target");
    SourceText published = item.text("published");
    return new PublishedPort(
        "ports has target " + target,
        EVERYWHERE.contains(host),
        published == null ? item.place() : published.place());
  }
}
