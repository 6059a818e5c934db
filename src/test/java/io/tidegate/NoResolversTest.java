package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.spi.InetAddressResolverProvider;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.SLF4JServiceProvider;

final class NoResolversTest {

  @Test
  void services_areThoseOfTheClassPath_andNobodyLooksUpNames() throws Exception {
    assertThat(sees(() -> ServiceLoader.load(SLF4JServiceProvider.class).findFirst())).isPresent();
    assertThat(sees(() -> ServiceLoader.load(InetAddressResolverProvider.class).findFirst()))
        .isEmpty();
    assertThat(sees(() -> InetAddress.getByName("localhost").isLoopbackAddress())).isTrue();
  }

  @Test
  void threads_inheritIt() throws Exception {
    ClassLoader program = sees(() -> Thread.currentThread().getContextClassLoader());
    ClassLoader[] started = new ClassLoader[1];
    sees(() -> {
      Thread.ofVirtual()
          .start(() -> started[0] = Thread.currentThread().getContextClassLoader())
          .join();
      return true;
    });
    assertThat(started[0]).hasSameClassAs(program).isInstanceOf(NoResolvers.class);
  }

  /** What a thread sees that has installed it. */
  private static <T> T sees(Callable<T> question) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          NoResolvers.install();
          return question.call();
        });
    Thread.ofPlatform().start(task);
    return task.get();
  }
}
