package io.tidegate.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message in the binary encoding of Protocol Buffers, field by field in the order added. A field
 * that has its default is written too, which receivers take as if it were not.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int I64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An integer, an enum's value or a boolean's 0 or 1. */
  ProtobufMessage integer(int field, long value) {
    tag(field, VARINT);
    return varint(value);
  }

  /** Eight bytes of any kind. */
  ProtobufMessage fixed(int field, long bits) {
    tag(field, I64);
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
    out.writeBytes(bytes);
    return this;
  }

  ProtobufMessage text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufMessage bytes(int field, byte[] bytes) {
    tag(field, LENGTH);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  ProtobufMessage message(int field, ProtobufMessage message) {
    return bytes(field, message.toBytes());
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void tag(int field, int type) {
    varint((field << 3) | type);
  }

  private ProtobufMessage varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
    return this;
  }
}
