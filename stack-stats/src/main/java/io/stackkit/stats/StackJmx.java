package io.stackkit.stats;

import com.google.common.base.Preconditions;
import com.google.common.base.Strings;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/// Shows allocators to management tools, as [StackMXBean]s of the platform's MBean server.
public final class StackJmx {

  private StackJmx() {}

  /// Registers an allocator as `io.stackkit:type=StackAllocator,name="…"`.
  ///
  /// @param name what to call it, any text; unique among the allocators registered in this JVM
  /// @param allocator the allocator to show
  /// @return the registration; closing it unregisters
  /// @throws IllegalArgumentException if the name is empty
  /// @throws IllegalStateException if the name is taken
  public static StackRegistration register(String name, StackAllocator allocator) {
    Preconditions.checkNotNull(allocator, "allocator");
    ObjectName objectName = objectName(name);
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      server.registerMBean(new Bean(allocator), objectName);
    } catch (InstanceAlreadyExistsException e) {
      throw new IllegalStateException(
          "name: \"%s\" is taken: %s is registered already; close that registration or choose another name"
              .formatted(name, objectName),
          e);
    } catch (JMException e) {
      throw new IllegalStateException("%s cannot be registered".formatted(objectName), e);
    }
    return new Registration(server, objectName, new AtomicBoolean());
  }

  private static ObjectName objectName(String name) {
    Preconditions.checkArgument(!Strings.isNullOrEmpty(name), "name: must not be empty");
    try {
      return new ObjectName("io.stackkit:type=StackAllocator,name=" + ObjectName.quote(name));
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException("name: \"%s\" cannot be registered".formatted(name), e);
    }
  }

  private record Registration(MBeanServer server, ObjectName objectName, AtomicBoolean closed)
      implements StackRegistration {

    @Override
    public String name() {
      return objectName.getCanonicalName();
    }

    @Override
    public void close() {
      if (closed.getAndSet(true)) {
        return;
      }
      try {
        server.unregisterMBean(objectName);
      } catch (InstanceNotFoundException _) {
        // someone unregistered it by its object name: it is gone, as wanted
      } catch (JMException e) {
        throw new IllegalStateException("%s cannot be unregistered".formatted(objectName), e);
      }
    }
  }

  private record Bean(StackAllocator allocator) implements StackMXBean {

    private MemStats read() {
      return MemStats.read(allocator);
    }

    @Override
    public String getOptions() {
      return allocator.options().toSpec();
    }

    @Override
    public int getSegmentSize() {
      return allocator.options().segmentSize();
    }

    @Override
    public StackUsage getUsage() {
      return StackUsage.of(read());
    }

    @Override
    public long getStacksInuse() {
      return read().stacksInuse();
    }

    @Override
    public long getStacksSys() {
      return allocator.sysBytes();
    }

    @Override
    public long getStacksIdle() {
      return read().stacksIdle();
    }

    @Override
    public List<MachineStats> getMachines() {
      return allocator.machines();
    }

    @Override
    public String format() {
      return read().format();
    }

    @Override
    public long trim() {
      return allocator.trim();
    }
  }
}
