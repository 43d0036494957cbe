package io.stackkit.bench.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jctools.queues.MpmcArrayQueue;

/// One bounded queue of JCTools as a pool for all threads.
final class QueueSource implements BlockSource {

  /// 512 MiB of free blocks; what does not fit is lost to the pool.
  private static final int CAPACITY = 1 << 17;

  private final Chunks chunks = new Chunks();
  private final Chunks.Cutter cutter = chunks.cutter();
  private final MpmcArrayQueue<MemorySegment> queue = new MpmcArrayQueue<>(CAPACITY);

  @Override
  public Hand hand() {
    return new QueueHand(queue, cutter);
  }

  @Override
  public long sysBytes() {
    return chunks.sysBytes();
  }

  @Override
  public void close() {
    chunks.close();
  }

  private static final class QueueHand extends ObjectHand<MemorySegment> {

    private final MpmcArrayQueue<MemorySegment> queue;
    private final Chunks.Cutter cutter;

    QueueHand(MpmcArrayQueue<MemorySegment> queue, Chunks.Cutter cutter) {
      this.queue = queue;
      this.cutter = cutter;
    }

    @Override
    MemorySegment allocate() {
      MemorySegment block = queue.relaxedPoll();
      return block == null ? cut() : block;
    }

    private MemorySegment cut() {
      synchronized (cutter) {
        return cutter.block();
      }
    }

    @Override
    void touch(MemorySegment block) {
      block.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @Override
    void free(MemorySegment block) {
      queue.relaxedOffer(block);
    }
  }
}
