package io.stackkit.api.spi;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The idle policy: every `trimIdle`, if no memory was needed from the system since the last look,
/// what is free goes back.
///
/// It runs only where the option asks for it, on the JDK's own timer and common pool, so that an
/// allocator that nobody calls any more gives back too. It holds the allocator weakly and ends with
/// it. A steady load pays for it by taking its slabs again, at most once every `trimIdle`.
final class IdleTrimmer implements Runnable {

  private final WeakReference<Reserve<?>> reserve;
  private final Executor later;
  private long seen;

  private IdleTrimmer(Reserve<?> reserve, Duration idle) {
    this.reserve = new WeakReference<>(reserve);
    this.later = CompletableFuture.delayedExecutor(idle.toMillis(), TimeUnit.MILLISECONDS);
  }

  static void start(Reserve<?> reserve, Duration idle) {
    IdleTrimmer trimmer = new IdleTrimmer(reserve, idle);
    trimmer.later.execute(trimmer);
  }

  @Override
  public void run() {
    @Nullable Reserve<?> target = reserve.get();
    if (target == null || target.isClosed()) {
      return;
    }
    long now = target.growths();
    try {
      if (now == seen) {
        target.trim();
      }
    } catch (IllegalStateException closedMeanwhile) {
      // and the next look is the last
    } finally {
      seen = now;
      later.execute(this);
    }
  }
}
