/// The allocator `fixalloc`: a free list per M, unbounded. The baseline.
package io.stackkit.fixalloc;
