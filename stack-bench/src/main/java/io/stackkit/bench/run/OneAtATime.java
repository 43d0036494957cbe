package io.stackkit.bench.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// One benchmark run at a time on a machine: two would measure each other. JMH looks after a fork
/// only, so that of two runs each would fail in the middle of the other one.
public final class OneAtATime implements AutoCloseable {

  private final FileChannel channel;

  private OneAtATime(FileChannel channel) {
    this.channel = channel;
  }

  /// Begins a run.
  ///
  /// @return what its end closes
  /// @throws UsageException if another run is under way
  /// @throws IOException if that cannot be found out
  public static OneAtATime begin() throws IOException {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return begin(Path.of(System.getProperty("java.io.tmpdir"), "stack-bench-" + user + ".lock"));
  }

  static OneAtATime begin(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new UsageException(
          "another run is under way (it has locked %s): wait for its end".formatted(file));
    }
    return new OneAtATime(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisJvm) {
      return null;
    }
  }

  /// Ends the run.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
