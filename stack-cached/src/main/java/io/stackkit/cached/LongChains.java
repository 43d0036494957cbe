package io.stackkit.cached;

import java.util.concurrent.atomic.AtomicInteger;

/// Rights to a hot chain of twice the length. What stands on an open shelf serves everybody; the
/// hot chain does not. So what all Ms may have there beyond `cacheSize` stays within the share of
/// the peak in use that an allocator that adapts may hold anyway, and the bound on memory is the
/// same. As the peak only grows, nobody ever has to give a right back but an M that is emptied.
final class LongChains {

  private final int adaptive;
  private final AtomicInteger granted = new AtomicInteger();

  /// Makes it with no right granted.
  ///
  /// @param adaptive percent of the peak in use
  LongChains(int adaptive) {
    this.adaptive = adaptive;
  }

  /// Grants a right, if there is another one. Any thread may ask.
  ///
  /// @param segments how many more a chain then has, the same for every M
  /// @param peak the most segments that were seen in use
  /// @return whether it is granted
  boolean tryGrant(int segments, long peak) {
    while (true) {
      int now = granted.get();
      if ((now + 1L) * segments * 100 > peak * adaptive) {
        return false;
      }
      if (granted.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /// Takes a right back.
  void giveBack() {
    granted.decrementAndGet();
  }
}
