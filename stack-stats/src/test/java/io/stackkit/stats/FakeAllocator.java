package io.stackkit.stats;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Hands out scripted figures instead of memory: each reading of the Ms takes the next step of the
/// script, the last one stays.
class FakeAllocator implements StackAllocator {

  private final AllocatorOptions options;
  private final Deque<List<MachineStats>> script = new ArrayDeque<>();
  private final Deque<Long> sysScript = new ArrayDeque<>();
  LargeStats large = LargeStats.NONE;
  int readings;
  int trims;

  FakeAllocator(String spec) {
    this.options = AllocatorOptions.parse(spec);
    script.add(List.of());
    sysScript.add(0L);
  }

  FakeAllocator() {
    this("fake");
  }

  /// An M of which so many segments were allocated and freed.
  static MachineStats machine(int id, long allocations, long frees) {
    return new MachineStats(id, allocations - frees, 0, allocations, frees, 0, 0);
  }

  FakeAllocator reads(MachineStats... machines) {
    script.clear();
    return thenReads(machines);
  }

  FakeAllocator thenReads(MachineStats... machines) {
    script.add(List.of(machines));
    return this;
  }

  FakeAllocator sys(Long... bytes) {
    sysScript.clear();
    sysScript.addAll(Arrays.asList(bytes));
    return this;
  }

  private static <T> T step(Deque<T> script) {
    return script.size() > 1 ? script.remove() : script.element();
  }

  @Override
  public List<MachineStats> machines() {
    readings++;
    return step(script);
  }

  @Override
  public long sysBytes() {
    return step(sysScript);
  }

  @Override
  public LargeStats large() {
    return large;
  }

  @Override
  public AllocatorOptions options() {
    return options;
  }

  @Override
  public long trim() {
    trims++;
    return 4096;
  }

  @Override
  public StackSegment allocate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StackSegment allocate(long byteSize) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void free(StackSegment segment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return options.toSpec();
  }
}
