package io.stackkit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The text of a configuration and the name of where it came from.
record Source(String name, String text) {

  /// No configuration that people write comes near; it keeps a wrong path, such as a device, from
  /// filling the memory.
  private static final int MAX_BYTES = 1 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  static Source of(String text) {
    return checked("config", text);
  }

  static Source read(Path file) {
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        throw wrong(file, Position.NONE, "is a directory (must be a file)", null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
    } catch (NoSuchFileException e) {
      String full = file.isAbsolute() ? "" : " (looked for " + file.toAbsolutePath() + ")";
      throw wrong(file, Position.NONE, "no such file" + full, e);
    } catch (AccessDeniedException e) {
      throw wrong(file, Position.NONE, "may not be read: access denied", e);
    } catch (IOException e) {
      throw wrong(file, Position.NONE, "cannot be read: " + reason(e), e);
    }
    if (bytes.length > MAX_BYTES) {
      throw wrong(file, Position.NONE, "is too large (must be <= 1m)", null);
    }
    return checked(file.toString(), decode(file, bytes));
  }

  /// Leaves out the file's name, which the message of a [FileSystemException] repeats.
  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : Json.oneLine(reason);
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      String message =
          "byte 0x%02x is not UTF-8 (save the file as UTF-8)".formatted(bytes[in.position()]);
      throw wrong(file, Position.after(out), message, null);
    }
    return out.toString();
  }

  private static Source checked(String name, String text) {
    Problems problems = new Problems(name);
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      problems.add(
          Position.START, "", "begins with a byte order mark (save it as UTF-8 without one)");
    }
    problems.throwIfAny();
    return new Source(name, text);
  }

  private static StackConfigException wrong(
      Path file, Position at, String message, @Nullable Exception cause) {
    Problems problems = new Problems(file.toString());
    problems.add(at, "", message);
    StackConfigException wrong = problems.exception();
    if (cause != null) {
      wrong.initCause(cause);
    }
    return wrong;
  }
}
