package io.tidegate.engine.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.tidegate.engine.redis.ReplyLimit.TooMuchException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects one reply. What a reply announces is not believed: its number of elements and its depth are
 * held against limits before anything is made for them. Its bytes are counted by {@link ReplyLimit}.
 */
final class ReplyOutput extends CommandOutput<String, String, Reply> {
  /** Of one reply: every value and every array counts. The slots of a large cluster have thousands. */
  static final int MAX_PARTS = 1 << 17;

  /** Lettuce's own reader breaks at 32. */
  static final int MAX_DEPTH = 16;

  /** An array that is being read, and how many elements it still lacks. */
  private static final class Open {
    final List<@Nullable Object> elements;
    int missing;

    Open(List<@Nullable Object> elements, int missing) {
      this.elements = elements;
      this.missing = missing;
    }
  }

  private final List<@Nullable Object> all = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int partsLeft = MAX_PARTS;
  private boolean outermost = true;

  ReplyOutput() {
    super(StringCodec.UTF8, null);
  }

  @Override
  public Reply get() {
    return new Reply.Value(all);
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    add(bytes == null ? null : StringCodec.UTF8.decodeValue(bytes));
  }

  @Override
  public void set(long integer) {
    add(integer);
  }

  /** The first error of a reply is what it says. */
  @Override
  public void setError(ByteBuffer error) {
    count();
    if (!hasError()) {
      super.setError(error);
    }
    ended();
  }

  /** An array begins; -1: there is none. The outermost array's elements are the reply's own. */
  @Override
  public void multi(int announced) {
    count();
    if (announced > partsLeft || open.size() == MAX_DEPTH) {
      throw new TooMuchException();
    }
    List<@Nullable Object> elements = outermost ? all : new ArrayList<>();
    if (announced > 0) {
      outermost = false;
      open.push(new Open(elements, announced));
    } else if (!outermost) {
      place(announced < 0 ? null : elements);
    }
  }

  private void add(@Nullable Object value) {
    count();
    place(value);
  }

  private void count() {
    if (--partsLeft < 0) {
      throw new TooMuchException();
    }
  }

  private void place(@Nullable Object value) {
    Open into = open.peek();
    (into == null ? all : into.elements).add(value);
    outermost = false;
    ended();
  }

  /** One element is whole; with the last of an array the array is too. */
  private void ended() {
    Open into = open.peek();
    if (into != null && --into.missing == 0) {
      open.pop();
      if (!open.isEmpty()) {
        place(into.elements);
      }
    }
  }
}
