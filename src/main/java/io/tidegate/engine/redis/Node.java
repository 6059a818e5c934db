package io.tidegate.engine.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.tidegate.engine.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection to one server. */
final class Node implements AutoCloseable {
  private final HostPort address;
  private final StatefulRedisConnection<String, String> connection;
  private final Waiting waiting;

  Node(HostPort address, StatefulRedisConnection<String, String> connection, Waiting waiting) {
    this.address = address;
    this.connection = connection;
    this.waiting = waiting;
  }

  HostPort address() {
    return address;
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  /** Runs one command. A server's error is a reply; a failure on the way ends the attempt. */
  Reply run(Deadline deadline, String... words) throws NotReadyException, InterruptedException {
    return run(deadline, List.of(words));
  }

  /** Runs one command, given as its words. */
  Reply run(Deadline deadline, List<String> words) throws NotReadyException, InterruptedException {
    CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
    words.stream().skip(1).forEach(arguments::add);
    CompletableFuture<Reply> reply =
        connection
            .async()
            .dispatch(new Word(words.getFirst()), new ArrayOutput<>(StringCodec.UTF8), arguments)
            .toCompletableFuture()
            .handle((elements, thrown) -> {
              if (thrown == null) {
                return new Reply.Value(elements == null ? List.of() : elements);
              }
              Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
              for (Throwable e : List.of(thrown, cause)) {
                if (e instanceof RedisCommandExecutionException refused) {
                  return new Reply.Refused(String.valueOf(refused.getMessage()));
                }
              }
              throw new java.util.concurrent.CompletionException(thrown);
            });
    return waiting.of(reply, deadline, address);
  }

  @Override
  public void close() {
    var _ = connection.closeAsync();
  }

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
