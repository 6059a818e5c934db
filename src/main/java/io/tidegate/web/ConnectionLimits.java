package io.tidegate.web;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives every connection its deadline, and bounds how many there are. */
@Singleton
final class ConnectionLimits implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  /**
   * File descriptors are shared with the probes: whoever opens connections by the thousand must not
   * take them away from the watch.
   */
  static final int MAX_CONNECTIONS = 1024;

  private final AtomicInteger open = new AtomicInteger();

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(null));
    return event.getBean();
  }

  private final class Customizer implements NettyServerCustomizer {
    private final @Nullable Channel channel;

    Customizer(@Nullable Channel channel) {
      this.channel = channel;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      if (role == ChannelRole.CONNECTION) {
        var _ = channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (open.incrementAndGet() > MAX_CONNECTIONS) {
          var _ = channel.close();
        }
      }
      return new Customizer(channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      Channel built = channel;
      if (built != null) {
        built
            .pipeline()
            .addAfter(
                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                "request-deadline",
                new RequestDeadline(RequestDeadline.FIRST, RequestDeadline.KEEP_ALIVE));
      }
    }
  }
}
