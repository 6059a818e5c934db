package io.tidegate.replicas.kubernetes;

import io.tidegate.json.JsonWriter;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.secret.Redactor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes why a start is refused as an Event of the own pod, where {@code kubectl describe pod} shows it.
 * Where the service account may not do so, or outside Kubernetes, nothing is written and nothing fails.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">Event</a>
 */
public final class RefusalEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalEvents.class);

  /**
   * A pod that is refused ends, and must not wait long to tell. On a small share of a processor, TLS and
   * two requests may take more than a second.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What {@code events.k8s.io} takes of a note. */
  private static final int MAX_CHARACTERS = 1024;

  private final OwnPod pod;
  private final Clock clock;
  private final Duration patience;

  /** Takes where the API server is found. Nothing is asked before something is refused. */
  public RefusalEvents(ReplicaSettings settings, Clock clock) {
    this(settings, clock, PATIENCE);
  }

  /** Takes how long it may take to write the event. */
  RefusalEvents(ReplicaSettings settings, Clock clock, Duration patience) {
    this.pod = new OwnPod(settings);
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Writes the event, or gives up after a few seconds.
   *
   * @param why what is refused, and what to do; cut to 1024 characters
   * @throws InterruptedException if the thread is interrupted while the API server is asked
   */
  public void write(String why) throws InterruptedException {
    if (!pod.inKubernetes()) {
      return;
    }
    try (ApiServer api = pod.api(patience)) {
      String name = pod.name();
      String uid = api.get(Resource.POD, name).at("metadata").text("uid");
      api.create(Resource.EVENT, event(api.namespace(), name, uid, Redactor.redact(why)));
    } catch (ReplicaLookupException e) {
      LOG.debug("the refusal is no event of the pod: {}", e.why());
    }
  }

  /** Events are found by the name and the uid of their object. */
  private byte[] event(String namespace, String name, String uid, String why) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    JsonWriter json = JsonWriter.onOneLine().beginObject();
    json.property("kind", Resource.EVENT.kind());
    json.property("apiVersion", "v1");
    json.name("metadata").beginObject();
    // A name may have 253 characters, of which the server takes some to make it unique.
    json.property("generateName", cut(name, 200) + ".tidegate-");
    json.property("namespace", namespace);
    json.endObject();
    json.name("involvedObject").beginObject();
    json.property("kind", Resource.POD.kind());
    json.property("apiVersion", "v1");
    json.property("name", name);
    json.property("namespace", namespace);
    json.property("uid", uid);
    json.endObject();
    json.property("type", "Warning");
    json.property("reason", "StartRefused");
    json.property("message", cut(why, MAX_CHARACTERS));
    json.name("source").beginObject();
    json.property("component", "tidegate");
    json.endObject();
    json.property("firstTimestamp", now);
    json.property("lastTimestamp", now);
    json.property("count", 1);
    return json.endObject().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }
}
