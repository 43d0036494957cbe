package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Closing while a native call uses memory: all the rest is released.
@Timeout(60)
class BusyMemoryTest {

  @Test
  void aFixedSegmentInANativeCallKeepsItsSlabOnly() throws Exception {
    closeWhileReadingInto(1);
  }

  @Test
  void aLargeSegmentInANativeCallKeepsItselfOnly() throws Exception {
    closeWhileReadingInto(2L * TestAllocator.SEGMENT_BYTES);
  }

  /// Whoever looks for idle memory then is not to blame, and the memory comes back afterwards.
  @Test
  void aLargeSegmentThatIsFreedInANativeCallComesBackLater() throws Exception {
    long byteSize = 16L * TestAllocator.SEGMENT_BYTES;
    try (TestAllocator allocator = new TestAllocator(1, 1, byteSize)) {
      StackSegment used = allocator.allocate(byteSize);
      MemorySegment memory = used.memory();
      Pipe pipe = Pipe.open();
      Thread reader = startReading(pipe, memory.asByteBuffer());

      used.close();
      assertThat(allocator.trim()).isZero();
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> allocator.allocate(byteSize));
      assertThatExceptionOfType(StackExhaustedException.class).isThrownBy(allocator::allocate);
      assertThat(memory.scope().isAlive()).isTrue();

      endReading(pipe, reader);
      allocator.allocate(byteSize).close();
      assertThat(memory.scope().isAlive()).isFalse();
      assertThat(allocator.large().inUseBytes()).isZero();
    }
  }

  private static void closeWhileReadingInto(long byteSize) throws Exception {
    TestAllocator allocator = TestAllocator.unlimited(1, 1);
    StackSegment used = allocator.allocate(byteSize);
    StackSegment fixed = allocator.allocate();
    StackSegment large = allocator.allocate(4L * TestAllocator.SEGMENT_BYTES);
    Pipe pipe = Pipe.open();
    Thread reader = startReading(pipe, used.memory().asByteBuffer());

    assertThatIllegalStateException()
        .isThrownBy(allocator::close)
        .withMessageContaining("3 segments in use")
        .withMessageContaining("1 pieces");

    assertThat(fixed.memory().scope().isAlive()).isFalse();
    assertThat(large.memory().scope().isAlive()).isFalse();
    assertThat(used.memory().scope().isAlive()).isTrue();
    endReading(pipe, reader);
  }

  private static Thread startReading(Pipe pipe, ByteBuffer buffer) {
    Thread reader = Thread.ofPlatform().start(() -> read(pipe, buffer));
    while (Arrays.stream(reader.getStackTrace())
        .noneMatch(f -> f.getMethodName().equals("read0"))) {
      Thread.onSpinWait();
    }
    return reader;
  }

  private static void endReading(Pipe pipe, Thread reader) throws Exception {
    pipe.sink().write(ByteBuffer.allocate(1));
    reader.join();
    pipe.sink().close();
    pipe.source().close();
  }

  private static void read(Pipe pipe, ByteBuffer buffer) {
    try {
      pipe.source().read(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
