package io.tidegate.servers;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * One message of MongoDB's wire protocol: {@code OP_MSG}, or {@code OP_QUERY}, in which a driver's
 * first word still comes.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/">MongoDB: wire
 *     protocol</a>
 */
final class MongoFrame {
  private static final int HEADER = 16;
  private static final int OP_REPLY = 1;
  private static final int OP_QUERY = 2004;
  private static final int OP_MSG = 2013;
  private static final int LONGEST = 48_000_000;

  private final byte[] whole;
  private final ByteBuffer bytes;

  private MongoFrame(byte[] whole) {
    this.whole = whole;
    bytes = little(whole);
  }

  /**
   * Reads one message.
   *
   * @throws EOFException if the other side has closed the connection
   */
  static MongoFrame read(InputStream in) throws IOException {
    byte[] length = in.readNBytes(4);
    if (length.length < 4) {
      throw new EOFException();
    }
    int size = little(length).getInt(0);
    if (size < HEADER || size > LONGEST) {
      throw new IOException("no message of MongoDB's protocol");
    }
    byte[] whole = Arrays.copyOf(length, size);
    if (in.readNBytes(whole, 4, size - 4) < size - 4) {
      throw new EOFException();
    }
    return new MongoFrame(whole);
  }

  /** The whole message with its header, as it came. */
  byte[] whole() {
    return whole;
  }

  /** The command, with its arguments. */
  BsonDocument command() {
    int start = HEADER + 4 + 1;
    if (opCode() == OP_QUERY) {
      int end = HEADER + 4;
      while (bytes.get(end) != 0) {
        end++;
      }
      start = end + 1 + 4 + 4;
    }
    return new RawBsonDocument(whole, start, bytes.getInt(start));
  }

  /** The message that answers this one. */
  byte[] answer(BsonDocument reply) {
    ByteBuffer body = new RawBsonDocument(reply, new BsonDocumentCodec()).getByteBuffer().asNIO();
    boolean old = opCode() == OP_QUERY;
    int size = HEADER + (old ? 20 : 5) + body.remaining();
    byte[] answer = new byte[size];
    ByteBuffer out = little(answer);
    out.putInt(size).putInt(0).putInt(bytes.getInt(4)).putInt(old ? OP_REPLY : OP_MSG);
    if (old) {
      out.putInt(8).putLong(0).putInt(0).putInt(1);
    } else {
      out.putInt(0).put((byte) 0);
    }
    out.put(body);
    return answer;
  }

  private int opCode() {
    return bytes.getInt(12);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
