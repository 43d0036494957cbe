package io.stackkit.bench.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The limit: an array of free blocks per thread, without a bound, a check or a count. It is found
/// by a `ThreadLocal`, or held in a field by the thread that measures.
final class RingSource implements BlockSource {

  private final Chunks chunks = new Chunks();
  private final boolean lookup;
  private final ThreadLocal<Ring> ring = ThreadLocal.withInitial(this::newRing);

  RingSource(boolean lookup) {
    this.lookup = lookup;
  }

  private Ring newRing() {
    return new Ring(chunks.cutter());
  }

  @Override
  public Hand hand() {
    return lookup ? new LookupHand(ring) : new FieldHand(newRing());
  }

  @Override
  public long sysBytes() {
    return chunks.sysBytes();
  }

  @Override
  public void close() {
    chunks.close();
  }

  private static final class Ring {

    private final Chunks.Cutter cutter;
    private MemorySegment[] free = new MemorySegment[32];
    private int count;

    Ring(Chunks.Cutter cutter) {
      this.cutter = cutter;
    }

    MemorySegment pop() {
      return count == 0 ? cutter.block() : free[--count];
    }

    void push(MemorySegment block) {
      if (count == free.length) {
        free = Arrays.copyOf(free, 2 * count);
      }
      free[count++] = block;
    }
  }

  private static final class LookupHand extends ObjectHand<MemorySegment> {

    private final ThreadLocal<Ring> ring;

    LookupHand(ThreadLocal<Ring> ring) {
      this.ring = ring;
    }

    @Override
    MemorySegment allocate() {
      return ring.get().pop();
    }

    @Override
    void touch(MemorySegment block) {
      block.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @Override
    void free(MemorySegment block) {
      ring.get().push(block);
    }
  }

  private static final class FieldHand extends ObjectHand<MemorySegment> {

    private final Ring ring;

    FieldHand(Ring ring) {
      this.ring = ring;
    }

    @Override
    MemorySegment allocate() {
      return ring.pop();
    }

    @Override
    void touch(MemorySegment block) {
      block.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @Override
    void free(MemorySegment block) {
      ring.push(block);
    }
  }
}
