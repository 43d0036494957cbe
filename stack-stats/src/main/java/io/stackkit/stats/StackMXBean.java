package io.stackkit.stats;

import io.stackkit.api.MachineStats;
import java.util.List;

/// An allocator as management tools see it. Registered by [StackJmx].
///
/// Every attribute is read anew when it is asked for, by way of [MemStats], which says what the
/// figures mean. Figures that are to fit together come in one piece from [#getUsage()].
public interface StackMXBean {

  /// Returns what the allocator was made with.
  ///
  /// @return a spec string such as `cached,cacheSize=64`
  String getOptions();

  /// Returns the size of a segment.
  ///
  /// @return bytes
  int getSegmentSize();

  /// Returns all totals, from one reading.
  ///
  /// @return the totals
  StackUsage getUsage();

  /// Returns the bytes in use.
  ///
  /// @return bytes, as [MemStats#stacksInuse()]
  long getStacksInuse();

  /// Returns the bytes obtained from the system.
  ///
  /// @return bytes, as [MemStats#stacksSys()]
  long getStacksSys();

  /// Returns the bytes obtained but not in use.
  ///
  /// @return bytes, as [MemStats#stacksIdle()]
  long getStacksIdle();

  /// Returns the figures of every M.
  ///
  /// @return one record per M, by ascending id
  List<MachineStats> getMachines();

  /// Returns the table of [MemStats#format()].
  ///
  /// @return lines to read
  String format();

  /// Gives idle memory back to the system, as [io.stackkit.api.StackAllocator#trim()].
  ///
  /// @return the bytes that were given back
  long trim();
}
