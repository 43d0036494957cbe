/// The allocator `cached`: a bounded cache per M and a global list. The default.
package io.stackkit.cached;
