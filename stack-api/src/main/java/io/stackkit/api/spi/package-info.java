/// What implementers of an allocator use.
package io.stackkit.api.spi;
