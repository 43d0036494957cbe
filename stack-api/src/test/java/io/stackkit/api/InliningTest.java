package io.stackkit.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The ways off the hot paths are too long for HotSpot to inline, as the essays of their classes
/// explain: else what is hot would depend on the order in which methods were compiled.
class InliningTest {

  @ParameterizedTest
  @CsvSource({
    // taken less than once in four calls: MaxInlineSize
    "spi/HotPath, fill, 35",
    "spi/HotPath, makeRoom, 35",
    "segmented/SegmentChain, enlarge, 35",
    // taken more often by some callers: FreqInlineSize
    "segmented/StackCore, takeSlowly, 325",
    "segmented/StackCore, popSlowly, 325",
  })
  void theWayOffAHotPathStaysACall(String type, String method, int inlined) throws IOException {
    assertThat(lengths(type, method)).hasSize(1).allMatch(length -> length > inlined);
  }

  @ParameterizedTest
  @CsvSource({
    "spi/HotPath, take, 1",
    "spi/HotPath, giveOrRelease, 1",
    "segmented/StackCore, take, 2",
    "segmented/StackCore, pop, 2",
  })
  void aHotPathIsInlined(String type, String method, int overloads) throws IOException {
    assertThat(lengths(type, method)).hasSize(overloads).allMatch(length -> length <= 325);
  }

  /// Else a frame would be on the heap where its close was seldom seen: in a recursion that was
  /// compiled on its way down. Where code was seen to come less than once in a hundred times,
  /// MaxTrivialSize decides.
  @ParameterizedTest
  @CsvSource({
    "segmented/StackFrame, close, 6",
    "segmented/StackFrame, allocate, 35",
  })
  void aFramesPartIsInlinedWhereItIsSeldom(String type, String method, int inlined)
      throws IOException {
    assertThat(lengths(type, method)).hasSize(1).allMatch(length -> length <= inlined);
  }

  private static List<Integer> lengths(String type, String method) throws IOException {
    byte[] bytes;
    try (InputStream in = StackAllocator.class.getResourceAsStream(type + ".class")) {
      bytes = in.readAllBytes();
    }

    return ClassFile.of().parse(bytes).methods().stream()
        .filter(candidate -> candidate.methodName().equalsString(method))
        .map(found -> found.code().orElseThrow())
        .map(CodeAttribute.class::cast)
        .map(CodeAttribute::codeLength)
        .toList();
  }
}
