/// The figures of allocators, in the words of their contract: *in use*, *idle*, *obtained from the
/// system*.
///
/// | what you want | what you take |
/// |---|---|
/// | figures in code, in a test, in a log line | [MemStats][io.stackkit.stats.MemStats] |
/// | a management console | [StackJmx][io.stackkit.stats.StackJmx] |
/// | a line in a flight recording | [StackJfr][io.stackkit.stats.StackJfr] |
/// | a metrics system | [StackMeters][io.stackkit.stats.StackMeters], with Micrometer on the path |
///
/// Everything here reads from outside: it works over any
/// [StackAllocator][io.stackkit.api.StackAllocator], takes no lock of its own, and costs the
/// allocators nothing while nobody reads.
///
/// The modules `java.management` and `jdk.jfr`, which every full JDK has, are required as such.
/// Micrometer is not: only `StackMeters` needs it, and nothing else here loads that class. On the
/// module path, an application that uses `StackMeters` requires `micrometer.core` itself.
package io.stackkit.stats;
