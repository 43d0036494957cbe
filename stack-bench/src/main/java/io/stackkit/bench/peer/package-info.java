/// What is measured: the kit's allocators and what a user would take instead of them, behind two
/// small interfaces, [io.stackkit.bench.peer.BlockSource] for blocks of 4096 bytes and
/// [io.stackkit.bench.peer.Scratch] for scratch memory in frames.
@NullMarked
package io.stackkit.bench.peer;

import org.jspecify.annotations.NullMarked;
