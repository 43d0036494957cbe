package io.stackkit.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The shape of the modules, read from what the build made of them: it stands here because this is
/// the only module that sees all the others.
class ModulesTest {

  private static final String PROVIDER = "io.stackkit.api.spi.StackAllocatorProvider";

  /// Our jars, or the folders that become jars, on this test's class path.
  private static final Pattern OURS =
      Pattern.compile(".*\\bstack-[a-z]+(-[^/\\\\]*\\.jar|[/\\\\]target[/\\\\]classes)");

  private static final Map<String, ModuleReference> MODULES =
      Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
          .filter(entry -> OURS.matcher(entry).matches() && !entry.contains("stack-bench"))
          .flatMap(entry -> ModuleFinder.of(Path.of(entry)).findAll().stream())
          .collect(toMap(module -> module.descriptor().name(), module -> module));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.stackkit");

  /// Types that may stand in a signature for callers: the JDK's and our own. Not a library's, which
  /// would tie callers to its version.
  private static final Pattern PRESENTABLE =
      Pattern.compile("(java|javax|jdk|io\\.stackkit)\\..*|[a-z]+(\\[])*");

  /// Micrometer is what its bridge is about.
  private static final Pattern MICROMETER = Pattern.compile("io\\.micrometer\\..*");

  @Test
  void thereAreTheseAndNoOthers() {
    assertThat(MODULES)
        .containsOnlyKeys(
            "io.stackkit.api",
            "io.stackkit.fixalloc",
            "io.stackkit.cached",
            "io.stackkit.stats",
            "io.stackkit.config");
    assertThat(descriptors()).noneMatch(ModuleDescriptor::isAutomatic);
  }

  /// NullAway looks only at what is marked.
  @Test
  void areNullMarked() throws IOException {
    for (ModuleReference module : MODULES.values()) {
      assertThat(annotations(module))
          .as(module.descriptor().name())
          .contains("Lorg/jspecify/annotations/NullMarked;");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "api, ''",
    "fixalloc, io.stackkit.api",
    "cached, io.stackkit.api com.github.benmanes.caffeine",
    "stats, io.stackkit.api com.google.common jdk.jfr java.management micrometer.core",
    "config, io.stackkit.api tools.jackson.databind tools.jackson.core",
  })
  void requireNothingElse(String module, String allowed) {
    Set<String> required = module(module).requires().stream().map(Requires::name).collect(toSet());

    assertThat(required)
        .isSubsetOf(
            Stream.concat(Stream.of("java.base", "org.jspecify"), Stream.of(allowed.split(" ")))
                .toList());
  }

  @Test
  void requireOptionalModulesOnlyToCompile() {
    assertThat(descriptors())
        .flatMap(ModuleDescriptor::requires)
        .filteredOn(required -> Set.of("org.jspecify", "micrometer.core").contains(required.name()))
        .allMatch(required -> required.modifiers().contains(Requires.Modifier.STATIC));
  }

  @ParameterizedTest
  @CsvSource({
    "api, io.stackkit.api io.stackkit.api.segmented io.stackkit.api.spi",
    "fixalloc, ''",
    "cached, ''",
    "stats, io.stackkit.stats",
    "config, io.stackkit.config",
  })
  void exportToEveryone(String module, String packages) {
    assertThat(module(module).exports())
        .noneMatch(ModuleDescriptor.Exports::isQualified)
        .map(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrder(packages.isEmpty() ? new String[0] : packages.split(" "));
    assertThat(module(module).isOpen()).isFalse();
  }

  @Test
  void implementationsAreServices() {
    assertThat(module("api").uses()).containsExactly(PROVIDER);
    for (ModuleDescriptor module : descriptors()) {
      if (Set.of("io.stackkit.fixalloc", "io.stackkit.cached").contains(module.name())) {
        assertThat(module.provides())
            .as(module.name())
            .singleElement()
            .matches(provides -> provides.service().equals(PROVIDER))
            .matches(provides -> provides.providers().size() == 1);
      } else {
        assertThat(module.provides()).as(module.name()).isEmpty();
      }
    }
  }

  @Test
  void ownOnlyPackagesBelowTheirName() {
    for (ModuleDescriptor module : descriptors()) {
      assertThat(module.packages())
          .allMatch(name -> name.equals(module.name()) || name.startsWith(module.name() + "."));
    }
  }

  @Test
  void signaturesForCallersNameNoLibrary() {
    Set<String> exported =
        descriptors().stream()
            .flatMap(module -> module.exports().stream())
            .map(ModuleDescriptor.Exports::source)
            .collect(toSet());

    classes()
        .that()
        .resideInAnyPackage(exported.toArray(String[]::new))
        .should(nameOnlyPresentableTypes())
        .check(CLASSES);
  }

  @Test
  void nothingUsesUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("(sun\\.misc|jdk\\.internal\\..*)\\.Unsafe")
        .check(CLASSES);
  }

  private static ModuleDescriptor module(String name) {
    assertThat(MODULES).containsKey("io.stackkit." + name);
    return MODULES.get("io.stackkit." + name).descriptor();
  }

  private static List<ModuleDescriptor> descriptors() {
    return MODULES.values().stream().map(ModuleReference::descriptor).toList();
  }

  private static List<String> annotations(ModuleReference module) throws IOException {
    try (ModuleReader reader = module.open();
        InputStream bytes = reader.open("module-info.class").orElseThrow()) {
      return ClassFile.of()
          .parse(bytes.readAllBytes())
          .findAttribute(Attributes.runtimeVisibleAnnotations())
          .map(attribute -> attribute.annotations().stream())
          .orElse(Stream.empty())
          .map(annotation -> annotation.className().stringValue())
          .toList();
    }
  }

  private static ArchCondition<JavaClass> nameOnlyPresentableTypes() {
    return new ArchCondition<>("name only types of the JDK and of the kit where callers see them") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (!isForCallers(item)) {
          return;
        }
        Stream<JavaType> inherited =
            Stream.concat(item.getSuperclass().stream(), item.getInterfaces().stream());
        report(item.getName(), inherited, item, events);
        report(item.getName(), bounds(item.getTypeParameters()), item, events);
        for (JavaMember member : item.getMembers()) {
          if (isForCallers(member.getModifiers())) {
            report(member.getFullName(), signature(member), item, events);
          }
        }
      }
    };
  }

  private static Stream<JavaType> signature(JavaMember member) {
    return switch (member) {
      case JavaField field -> Stream.of(field.getType());
      case JavaCodeUnit code ->
          Stream.of(
                  Stream.of(code.getReturnType()),
                  code.getParameterTypes().stream(),
                  code.getExceptionTypes().stream(),
                  bounds(code.getTypeParameters()))
              .flatMap(types -> types);
      default -> throw new AssertionError(member);
    };
  }

  private static Stream<JavaType> bounds(List<? extends JavaTypeVariable<?>> typeParameters) {
    return typeParameters.stream().flatMap(parameter -> parameter.getUpperBounds().stream());
  }

  private static void report(
      String where, Stream<? extends JavaType> types, JavaClass owner, ConditionEvents events) {
    types
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getName)
        .filter(name -> !isPresentable(name, owner))
        .forEach(
            name -> events.add(SimpleConditionEvent.violated(owner, where + " names " + name)));
  }

  private static boolean isPresentable(String type, JavaClass owner) {
    return PRESENTABLE.matcher(type).matches()
        || (owner.getPackageName().startsWith("io.stackkit.stats")
            && MICROMETER.matcher(type).matches());
  }

  private static boolean isForCallers(JavaClass item) {
    return isForCallers(item.getModifiers())
        && item.getEnclosingClass().map(ModulesTest::isForCallers).orElse(true);
  }

  private static boolean isForCallers(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }
}
