package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.secret.Redactor;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes why a start is refused as an Event of the own pod, where {@code kubectl describe pod} shows it.
 * Where the service account may not do so, or outside Kubernetes, nothing is written and nothing fails.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">Event</a>
 */
public final class RefusalEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalEvents.class);

  /** A pod that is refused ends, and must not wait long to tell. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** What {@code events.k8s.io} takes of a note. */
  private static final int MAX_CHARACTERS = 1024;

  private final OwnPod pod;
  private final Clock clock;

  /** Takes where the API server is found. Nothing is asked before something is refused. */
  public RefusalEvents(ReplicaSettings settings, Clock clock) {
    this.pod = new OwnPod(settings);
    this.clock = clock;
  }

  /**
   * Writes the event, or gives up after a second.
   *
   * @param why what is refused, and what to do; cut to 1024 characters
   * @throws InterruptedException if the thread is interrupted while the API server is asked
   */
  public void write(String why) throws InterruptedException {
    if (!pod.inKubernetes()) {
      return;
    }
    try (ApiServer api = pod.api(PATIENCE)) {
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
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("kind", Resource.EVENT.kind());
      json.writeStringProperty("apiVersion", "v1");
      json.writeObjectPropertyStart("metadata");
      // A name may have 253 characters, of which the server takes some to make it unique.
      json.writeStringProperty("generateName", cut(name, 200) + ".tidegate-");
      json.writeStringProperty("namespace", namespace);
      json.writeEndObject();
      json.writeObjectPropertyStart("involvedObject");
      json.writeStringProperty("kind", Resource.POD.kind());
      json.writeStringProperty("apiVersion", "v1");
      json.writeStringProperty("name", name);
      json.writeStringProperty("namespace", namespace);
      json.writeStringProperty("uid", uid);
      json.writeEndObject();
      json.writeStringProperty("type", "Warning");
      json.writeStringProperty("reason", "StartRefused");
      json.writeStringProperty("message", cut(why, MAX_CHARACTERS));
      json.writeObjectPropertyStart("source");
      json.writeStringProperty("component", "tidegate");
      json.writeEndObject();
      json.writeStringProperty("firstTimestamp", now);
      json.writeStringProperty("lastTimestamp", now);
      json.writeNumberProperty("count", 1);
      json.writeEndObject();
    }
    return text.toByteArray();
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }
}
