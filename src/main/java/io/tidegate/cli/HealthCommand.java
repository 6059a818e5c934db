package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code health}, for {@code --help} alone: {@link HealthCheck} answers it without picocli. */
@Command(
    name = HealthCheck.NAME,
    mixinStandardHelpOptions = true,
    description =
        "Asks the local agent's /ready: exits 0 if the app may take traffic, 69 if not. For a"
            + " container's HEALTHCHECK.")
final class HealthCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new IllegalStateException("health is answered before the command line is parsed");
  }
}
