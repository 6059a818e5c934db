package io.tidegate.engine.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose server sends more than a reply may have, and keeps what Lettuce would drop:
 * what a server says before it is asked, as one that has too many clients does and hangs up, and why a
 * TLS handshake failed.
 */
final class ReplyLimit extends ChannelDuplexHandler {
  /** From a request to the next. INFO has some KiB, the slots of a large cluster some hundred. */
  static final int MAX_BYTES = 4 << 20;

  private static final int LONGEST_GREETING = 512;

  private final AtomicReference<String> greeting = new AtomicReference<>("");
  private final AtomicReference<@Nullable SSLException> handshake = new AtomicReference<>();
  private boolean asked;
  private int read;

  /** What the server said before it was asked anything; empty: nothing. */
  String greeting() {
    return greeting.get();
  }

  /** Keeps why a handshake fails: the end of its connection may be told first. */
  void watch(SslHandler tls) {
    var _ =
        tls.handshakeFuture()
            .addListener(done -> {
              if (done.cause() instanceof SSLException e
                  && !(e.getCause() instanceof ClosedChannelException)) {
                handshake.set(e);
              }
            });
  }

  /** What is behind a failure: that of the handshake, where the connection ended with it. */
  IOException behind(IOException failure) {
    SSLException refused = handshake.get();
    return refused == null || failure instanceof InterruptedIOException ? failure : refused;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    asked = true;
    read = 0;
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      read += bytes.readableBytes();
      if (!asked) {
        var _ = greeting.accumulateAndGet(bytes.toString(StandardCharsets.UTF_8), String::concat);
      }
      if (read > MAX_BYTES || greeting.get().length() > LONGEST_GREETING) {
        ReferenceCountUtil.release(message);
        context.fireExceptionCaught(new TooMuchException());
        var _ = context.close();
        return;
      }
      if (!asked) {
        ReferenceCountUtil.release(message);
        return;
      }
    }
    super.channelRead(context, message);
  }

  /** A server's reply is beyond the limits. */
  static final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchException() {
      super(null, null, false, false);
    }

    /** The same as a failure on the way, in words. */
    static ProtocolException describe() {
      return new ProtocolException(
          "answers with more than %d MiB, %d elements or %d levels of them"
              .formatted(ReplyLimit.MAX_BYTES >> 20, ReplyOutput.MAX_PARTS, ReplyOutput.MAX_DEPTH));
    }
  }
}
