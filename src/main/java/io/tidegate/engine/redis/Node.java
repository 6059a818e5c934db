package io.tidegate.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.engine.redis.ReplyLimit.TooMuchException;
import io.tidegate.target.ServiceUrl.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A connection to one server. */
final class Node implements AutoCloseable {
  private final HostPort address;
  private final StatefulRedisConnection<String, String> connection;
  private final ReplyLimit wire;

  private Node(
      HostPort address, StatefulRedisConnection<String, String> connection, ReplyLimit wire) {
    this.address = address;
    this.connection = connection;
    this.wire = wire;
  }

  /**
   * Connects, without logging in.
   *
   * @param wire gives the handler of the channel that was made last
   * @throws IOException if that fails, is interrupted or takes until the deadline
   */
  static Node open(
      RedisClient client,
      RedisURI uri,
      HostPort address,
      Deadline deadline,
      Supplier<ReplyLimit> wire)
      throws IOException {
    CompletableFuture<StatefulRedisConnection<String, String>> connection =
        client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
    boolean used = false;
    try {
      Node node = new Node(address, answer(connection, deadline), wire.get());
      used = true;
      return node;
    } finally {
      if (!used) {
        // If it comes about after all, nobody waits for it.
        var _ = connection.thenCompose(StatefulRedisConnection::closeAsync);
      }
    }
  }

  HostPort address() {
    return address;
  }

  /** Runs one command. A server's error is a reply; a failure on the way ends the attempt. */
  Reply run(Deadline deadline, String... words) throws NotReadyException {
    return run(deadline, List.of(words));
  }

  /** Runs one command, given as its words. */
  Reply run(Deadline deadline, List<String> words) throws NotReadyException {
    CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
    words.stream().skip(1).forEach(arguments::add);
    AsyncCommand<String, String, Reply> command =
        new AsyncCommand<>(new Command<>(new Word(words.getFirst()), new ReplyOutput(), arguments));
    String greeting = wire.greeting();
    try {
      if (greeting.isEmpty()) {
        connection.dispatch(command);
        Reply reply = answer(command.toCompletableFuture(), deadline);
        greeting = wire.greeting();
        if (greeting.isEmpty()) {
          return reply;
        }
      }
    } catch (RedisCommandExecutionException e) {
      return new Reply.Refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      greeting = wire.greeting();
      if (greeting.isEmpty()) {
        throw new NotReadyException(RedisFaults.of(wire.behind(e), address));
      }
    }
    // The reason why it will not answer, or no Redis.
    throw new NotReadyException(RedisFaults.unasked(greeting, address));
  }

  private static <T> T answer(CompletableFuture<T> future, Deadline deadline) throws IOException {
    try {
      return future.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("the attempt's time is over");
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** What happened on the way, out of what Lettuce and the future have wrapped it in. */
  private static IOException failure(ExecutionException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case RedisCommandExecutionException refused -> throw refused;
        case TooMuchException _ -> {
          return TooMuchException.describe();
        }
        case IOException failure -> {
          return failure;
        }
        default -> {
          // Its cause may tell more.
        }
      }
    }
    return RedisFaults.ofLettuce(thrown);
  }

  @Override
  public void close() {
    var _ = connection.closeAsync();
  }

  /** Any command's name: Lettuce's own list has not all that a user may ask. */
  private record Word(String text) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
