package io.stackkit.bench.peer;

import static io.stackkit.bench.peer.Need.GROWTH;
import static io.stackkit.bench.peer.Need.MANY_THREADS;
import static io.stackkit.bench.peer.Need.OWN_BLOCKS;
import static io.stackkit.bench.peer.Need.SCRATCH;
import static io.stackkit.bench.peer.Need.SHARED_BLOCKS;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocators;
import java.util.Locale;
import java.util.Optional;

/// What stands at the start in a benchmark: an allocator of the kit, or a peer.
///
/// Written as an allocator's spec string (`cached,cacheSize=64`), as `local:` and a spec string for
/// the view that a thread holds of its own, as `arena:` and a spec string for segmented stacks
/// whose frames are arenas, as `dirty:` and a spec string for arenas that do not zero their memory,
/// or as the name of a [Peer].
///
/// @param name how it was written
/// @param view how the kit's allocator is reached; a peer has [View#NONE]
/// @param spec the spec string, or the peer's name
public record Contender(String name, View view, String spec) {

  /// How an allocator of the kit is reached.
  public enum View {
    /// By the allocator itself.
    PLAIN("", Sets.immutableEnumSet(GROWTH, OWN_BLOCKS, SHARED_BLOCKS, MANY_THREADS, SCRATCH)),
    /// By [io.stackkit.api.StackAllocator#local()].
    LOCAL("local:", Sets.immutableEnumSet(OWN_BLOCKS, SHARED_BLOCKS, MANY_THREADS)),
    /// By [io.stackkit.api.segmented.SegmentedStack#pushArena()].
    ARENA("arena:", Sets.immutableEnumSet(SCRATCH)),
    /// The same without [io.stackkit.api.segmented.StackSettings#zeroArenas()].
    DIRTY("dirty:", Sets.immutableEnumSet(SCRATCH)),
    /// Not of the kit.
    NONE("", ImmutableSet.of());

    private final String prefix;
    private final ImmutableSet<Need> fills;

    View(String prefix, ImmutableSet<Need> fills) {
      this.prefix = prefix;
      this.fills = fills;
    }

    /// Finds a view.
    ///
    /// @param key a name as [#key()] has it
    /// @return the view
    public static View named(String key) {
      return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /// Returns its name.
    ///
    /// @return such as `local`
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Returns what stands before a spec string.
    ///
    /// @return such as `local:`
    public String prefix() {
      return prefix;
    }
  }

  /// Reads a contender.
  ///
  /// @param text as described above
  /// @return the contender
  /// @throws IllegalArgumentException if it is neither a peer nor a right spec string
  public static Contender parse(String text) {
    if (Peer.named(text).isPresent()) {
      return new Contender(text, View.NONE, text);
    }
    View view = View.PLAIN;
    for (View candidate : View.values()) {
      if (!candidate.prefix.isEmpty() && text.startsWith(candidate.prefix)) {
        view = candidate;
      }
    }
    String spec = text.substring(view.prefix.length());
    AllocatorOptions options = AllocatorOptions.parse(spec);
    if (StackAllocators.available().stream()
        .noneMatch(provider -> provider.name().equals(options.allocator()))) {
      throw new IllegalArgumentException(
          "allocator: \"%s\" is neither an allocator of the kit nor a peer (there are: %s, %s)"
              .formatted(
                  text,
                  String.join(
                      ", ", StackAllocators.available().stream().map(p -> p.name()).toList()),
                  String.join(", ", Peer.names())));
    }
    return new Contender(text, view, spec);
  }

  /// Tells whether this contender can stand in workloads of a kind.
  ///
  /// @param need the kind
  /// @return whether it can
  public boolean fills(Need need) {
    Optional<Peer> peer = Peer.named(name);
    return peer.isPresent() ? peer.get().fills(need) : view.fills.contains(need);
  }

  /// Tells whether its frames are arenas.
  ///
  /// @return whether they are
  public boolean handsOutArenas() {
    return view == View.ARENA
        || view == View.DIRTY
        || Peer.named(name).filter(Peer::handsOutArenas).isPresent();
  }

  /// Opens a source of blocks.
  ///
  /// @return an open source that the caller closes
  /// @throws IllegalArgumentException if this contender has none
  public BlockSource openBlocks() {
    Optional<Peer> peer = Peer.named(name);
    if (peer.isPresent()) {
      return peer.get().openBlocks();
    }
    if (!view.fills.contains(OWN_BLOCKS)) {
      throw new IllegalArgumentException(name + ": has frames only, no blocks");
    }
    return new KitSource(spec, view == View.LOCAL);
  }

  /// Opens a source of scratch memory.
  ///
  /// @return an open source that the caller closes
  /// @throws IllegalArgumentException if this contender has none
  public ScratchSource openScratch() {
    Optional<Peer> peer = Peer.named(name);
    if (peer.isPresent()) {
      return peer.get().openScratch();
    }
    if (!view.fills.contains(SCRATCH)) {
      throw new IllegalArgumentException(name + ": has blocks only, no frames");
    }
    return new KitScratchSource(spec, view);
  }
}
