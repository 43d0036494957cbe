package io.stackkit.cached;

import java.util.ArrayDeque;

/// The stack cache of one M as the Go commit has it, a ring and a list of nodes, to compare with.
/// Segments are numbers; a fresh batch has the next ones.
///
/// Two things are told otherwise than in Go: positions wrap by comparison, as a cache size here
/// need not divide 2^32, and a node's own segment has no place apart, since a batch here is handed
/// out newest first as a whole (a fresh one from its lowest address up).
final class GoRing {

  private final int[] ring;
  private final int batch;
  private final ArrayDeque<int[]> nodes = new ArrayDeque<>();
  private int pos;
  private int cnt;
  private int fresh;
  private long refills;
  private long releases;

  GoRing(int cacheSize, int batchSize) {
    this.ring = new int[cacheSize];
    this.batch = batchSize;
  }

  int allocate() {
    if (cnt == 0) {
      refill();
    }
    pos = pos == 0 ? ring.length - 1 : pos - 1;
    cnt--;
    return ring[pos];
  }

  void free(int segment) {
    if (cnt == ring.length) {
      release();
    }
    ring[pos] = segment;
    pos = next(pos);
    cnt++;
  }

  private void refill() {
    int[] node = nodes.poll();
    if (node == null) {
      node = new int[batch];
      for (int i = 0; i < batch; i++) {
        node[i] = fresh + batch - 1 - i;
      }
      fresh += batch;
    }
    for (int segment : node) {
      ring[pos] = segment;
      pos = next(pos);
    }
    cnt += batch;
    refills++;
  }

  private void release() {
    int[] node = new int[batch];
    int from = pos - cnt < 0 ? pos - cnt + ring.length : pos - cnt;
    for (int i = 0; i < batch; i++) {
      node[i] = ring[from];
      from = next(from);
    }
    cnt -= batch;
    nodes.push(node);
    releases++;
  }

  private int next(int at) {
    return at + 1 == ring.length ? 0 : at + 1;
  }

  int cnt() {
    return cnt;
  }

  /// Segments obtained from the system.
  int obtained() {
    return fresh;
  }

  long refills() {
    return refills;
  }

  long releases() {
    return releases;
  }
}
