package io.tidegate.replicas;

import java.util.Optional;

/** One way to learn how many replicas there are. All are asked, in order of trust. */
public interface ReplicaSource {

  /**
   * Its place in the order of trust: the lowest that answers decides. The Kubernetes API is 100, what
   * is declared 200, DNS 300, a replica's index 400, who can only say why nothing tells 500, and the
   * sessions on the servers of targets 600.
   */
  int order();

  /**
   * What it can tell now; empty if it does not apply here. Bounded: a few seconds at most.
   *
   * @throws InterruptedException if the thread is interrupted while asking
   */
  Optional<ReplicaCount> count() throws InterruptedException;
}
