package io.tidegate.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which no whole request arrives in time. Idle time-outs alone let a client
 * hold a connection for ever by sending a byte now and then.
 */
final class RequestDeadline extends ChannelDuplexHandler {
  /** From the connection to the end of its first request. */
  static final Duration FIRST = Duration.ofSeconds(5);

  /** From an answer to the end of the next request: kubelet and Prometheus keep connections. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  private final Duration first;
  private final Duration next;
  private @Nullable ScheduledFuture<?> closing;

  RequestDeadline(Duration first, Duration next) {
    this.first = first;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    closeIn(first, context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancel();
    super.channelInactive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof LastHttpContent) {
      // From here on it is the answer that must get out: a client that does not read is no better.
      closeIn(next, context);
    }
    super.channelRead(context, message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof LastHttpContent) {
      closeIn(next, context);
    }
    super.write(context, message, promise);
  }

  private void closeIn(Duration time, ChannelHandlerContext context) {
    cancel();
    Runnable close =
        () -> {
          var _ = context.close();
        };
    closing = context.executor().schedule(close, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    ScheduledFuture<?> pending = closing;
    if (pending != null) {
      pending.cancel(false);
      closing = null;
    }
  }
}
