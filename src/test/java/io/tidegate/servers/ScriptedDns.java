package io.tidegate.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for a name server, at the wire: it knows one SRV record, whatever name is asked for, and
 * answers only when it is told to.
 */
public final class ScriptedDns implements AutoCloseable {
  private static final int SRV = 33;

  private final String host;
  private final int port;
  private final DatagramSocket socket;
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger questions = new AtomicInteger();

  /** Says that the service is at that host and port, as soon as it is {@link #release}d. */
  public ScriptedDns(String host, int port) {
    this.host = host;
    this.port = port;
    try {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("dns").start(this::listen);
  }

  /** Says, as soon as it is {@link #release}d, that there is no such service. */
  public static ScriptedDns withoutRecords() {
    return new ScriptedDns("", 0);
  }

  /** Its address, as JNDI takes it. */
  public String url() {
    return "dns://127.0.0.1:" + socket.getLocalPort();
  }

  /** How many questions it was asked. */
  public int questions() {
    return questions.get();
  }

  /** From now on it answers, also what it was asked before. */
  public void release() {
    released.countDown();
  }

  private void listen() {
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      try {
        socket.receive(packet);
      } catch (IOException closed) {
        return;
      }
      questions.incrementAndGet();
      Thread.ofPlatform().daemon().name("dns-answer").start(() -> answer(packet));
    }
  }

  private void answer(DatagramPacket asked) {
    try {
      released.await();
      byte[] answer = answer(ByteBuffer.wrap(asked.getData(), 0, asked.getLength()));
      socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
    } catch (InterruptedException | IOException closed) {
      // Nobody waits for it any more.
    }
  }

  /** Header, the question once more, and the record if one is asked for. */
  private byte[] answer(ByteBuffer asked) {
    int end = 12;
    while (asked.get(end) != 0) {
      end += asked.get(end) + 1;
    }
    int type = asked.getShort(end + 1);
    byte[] question = new byte[end + 5 - 12];
    asked.get(12, question);
    byte[] data = type == SRV && !host.isEmpty() ? record() : new byte[0];
    ByteBuffer answer = ByteBuffer.allocate(12 + question.length + 12 + data.length);
    answer.putShort(asked.getShort(0)).putShort((short) 0x8180).putShort((short) 1);
    answer.putShort((short) (data.length == 0 ? 0 : 1)).putInt(0).put(question);
    if (data.length > 0) {
      answer.putShort((short) 0xC00C).putShort((short) SRV).putShort((short) 1).putInt(60);
      answer.putShort((short) data.length).put(data);
    }
    byte[] bytes = new byte[answer.flip().remaining()];
    answer.get(bytes);
    return bytes;
  }

  private byte[] record() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(ByteBuffer.allocate(6).putInt(0).putShort((short) port).array());
    for (String label : List.of(host.split("\\.", -1))) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      data.write(bytes.length);
      data.writeBytes(bytes);
    }
    data.write(0);
    return data.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
