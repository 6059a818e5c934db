package io.tidegate.bench;

import io.tidegate.servers.KubernetesPod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Nothing to do, outside and in a pod, where the replicas are counted by asking the API server. That is
 * a stand-in with real TLS, which answers at once.
 */
final class InPod implements Trial {
  private final WholeRuns runs = new WholeRuns(true);

  @Override
  public String heading() {
    return runs.heading();
  }

  @Override
  public void run(Field field, int changesets, int rounds)
      throws IOException, InterruptedException {
    try (KubernetesPod pod = new KubernetesPod(Files.createTempDirectory("bench-account"))) {
      runs.run(
          field.with(
              List.of(
                  Tools.cached(),
                  Tools.cached().with("Tidegate in a pod", pod.environment()),
                  Tools.liquibase())),
          changesets,
          rounds);
    }
  }
}
