/// The allocator `cached`, the default: a cache per M, of which what it has grown by is in others'
/// reach, over a depot in shards. Memory is bounded by the most that was in use.
package io.stackkit.cached;
