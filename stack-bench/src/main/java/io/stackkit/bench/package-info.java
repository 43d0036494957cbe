/// Benchmarks of the allocators and their peers.
@NullMarked
package io.stackkit.bench;

import org.jspecify.annotations.NullMarked;
