package io.stackkit.stats;

import static io.stackkit.stats.FakeAllocator.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.LargeStats;
import java.lang.management.ManagementFactory;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

class StackJmxTest {

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final FakeAllocator allocator =
      new FakeAllocator("fake,cacheSize=64")
          .reads(machine(0, 9, 0), machine(1, 0, 4))
          .sys(16L * 4096);

  @Test
  void attributesAreReadAnewThroughTheServer() throws Exception {
    try (StackRegistration registration = StackJmx.register("read anew", allocator)) {
      ObjectName name = new ObjectName(registration.name());

      assertThat(server.getAttribute(name, "StacksInuse")).isEqualTo(5L * 4096);
      assertThat(server.getAttribute(name, "StacksIdle")).isEqualTo(11L * 4096);
      assertThat(server.getAttribute(name, "StacksSys")).isEqualTo(16L * 4096);
      assertThat(server.getAttribute(name, "SegmentSize")).isEqualTo(4096);
      assertThat(server.getAttribute(name, "Options")).isEqualTo("fake,cacheSize=64");

      allocator.reads(machine(0, 9, 9));
      assertThat(server.getAttribute(name, "StacksInuse")).isEqualTo(0L);
    }
  }

  @Test
  void usageComesInOnePieceThatNeedsNoneOfOurClasses() throws Exception {
    allocator.large = new LargeStats(1024, 2048, 3, 1);
    try (StackRegistration registration = StackJmx.register("one piece", allocator)) {
      ObjectName name = new ObjectName(registration.name());

      CompositeData usage = (CompositeData) server.getAttribute(name, "Usage");

      assertThat(usage.get("inuse")).isEqualTo(5L * 4096);
      assertThat(usage.get("allocations")).isEqualTo(9L);
      assertThat(usage.get("frees")).isEqualTo(4L);
      assertThat(usage.get("machines")).isEqualTo(2);
      assertThat(usage.get("largeIdle")).isEqualTo(2048L);
      assertThat(usage.get("exact")).isEqualTo(true);
      CompositeData[] machines = (CompositeData[]) server.getAttribute(name, "Machines");
      assertThat(machines).extracting(m -> m.get("inUse")).containsExactly(9L, -4L);
    }
  }

  @Test
  void everyAttributeCanBeRead() throws Exception {
    try (StackRegistration registration = StackJmx.register("all", allocator)) {
      ObjectName name = new ObjectName(registration.name());
      MBeanInfo info = server.getMBeanInfo(name);

      assertThat(info.getAttributes()).hasSize(7);
      for (var attribute : info.getAttributes()) {
        assertThat(server.getAttribute(name, attribute.getName())).isNotNull();
      }
    }
  }

  @Test
  void operations() throws Exception {
    try (StackRegistration registration = StackJmx.register("operations", allocator)) {
      ObjectName name = new ObjectName(registration.name());

      assertThat(server.invoke(name, "trim", null, null)).isEqualTo(4096L);
      assertThat(allocator.trims).isEqualTo(1);
      assertThat((String) server.invoke(name, "format", null, null)).contains("fake,cacheSize=64");
    }
  }

  @Test
  void closingUnregistersOnceAndForAll() throws Exception {
    StackRegistration first = StackJmx.register("again", allocator);
    ObjectName name = new ObjectName(first.name());
    first.close();
    assertThat(server.isRegistered(name)).isFalse();

    try (StackRegistration second = StackJmx.register("again", allocator)) {
      first.close();
      assertThat(server.isRegistered(new ObjectName(second.name()))).isTrue();
    }
  }

  @Test
  void takenNameIsAnErrorThatLeavesTheFirst() throws Exception {
    try (StackRegistration first = StackJmx.register("taken", allocator)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> StackJmx.register("taken", new FakeAllocator()))
          .withMessageContaining("name: \"taken\" is taken")
          .withMessageContaining("choose another name");
      assertThat(server.getAttribute(new ObjectName(first.name()), "StacksInuse"))
          .isEqualTo(5L * 4096);
    }
  }

  @Test
  void anyTextMayBeAName() throws Exception {
    try (StackRegistration registration = StackJmx.register("a,b=\"c\"*?\n:", allocator)) {
      assertThat(server.isRegistered(new ObjectName(registration.name()))).isTrue();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackJmx.register("", allocator))
        .withMessageContaining("name");
  }
}
