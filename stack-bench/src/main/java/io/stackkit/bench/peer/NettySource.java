package io.stackkit.bench.peer;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;

/// Netty's pools of direct buffers.
final class NettySource implements BlockSource {

  private final ByteBufAllocator allocator;

  private NettySource(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  static NettySource adaptive() {
    return new NettySource(new AdaptiveByteBufAllocator(true));
  }

  /// The pool with a cache per thread, for every thread or only for Netty's own ones.
  static NettySource pooled(boolean cacheForAllThreads) {
    return new NettySource(
        new PooledByteBufAllocator(
            true,
            PooledByteBufAllocator.defaultNumHeapArena(),
            PooledByteBufAllocator.defaultNumDirectArena(),
            PooledByteBufAllocator.defaultPageSize(),
            PooledByteBufAllocator.defaultMaxOrder(),
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            cacheForAllThreads));
  }

  @Override
  public Hand hand() {
    return new NettyHand(allocator);
  }

  @Override
  public long sysBytes() {
    return ((ByteBufAllocatorMetricProvider) allocator).metric().usedDirectMemory();
  }

  @Override
  public void close() {
    // The pools have no close; the JVM that measures ends.
  }

  private static final class NettyHand extends ObjectHand<ByteBuf> {

    private final ByteBufAllocator allocator;

    NettyHand(ByteBufAllocator allocator) {
      this.allocator = allocator;
    }

    @Override
    ByteBuf allocate() {
      return allocator.directBuffer(BLOCK_BYTES, BLOCK_BYTES);
    }

    @Override
    void touch(ByteBuf block) {
      block.setLong(0, 1);
    }

    @Override
    void free(ByteBuf block) {
      block.release();
    }
  }
}
