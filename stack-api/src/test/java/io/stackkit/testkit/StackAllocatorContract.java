package io.stackkit.testkit;

import org.junit.jupiter.api.Timeout;

/// What every [io.stackkit.api.StackAllocator] keeps: all parts of the contract. The tests of an
/// implementation extend this class and say what it is:
///
/// ```java
/// final class CachedContractTest extends StackAllocatorContract {
///   @Override
///   public AllocatorOptions options() {
///     return AllocatorOptions.parse("cached");
///   }
/// }
/// ```
///
/// Every test closes its allocator by try-with-resources, so a segment that a test or an
/// implementation loses fails it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class StackAllocatorContract
    implements SegmentContract,
        SizeContract,
        MisuseContract,
        FiguresContract,
        ThreadContract,
        ThreadDeathContract,
        VirtualThreadContract,
        LimitContract,
        LimitRaceContract,
        ZeroingContract,
        LifecycleContract,
        TrimContract,
        BoundContract,
        RandomProgramContract {}
