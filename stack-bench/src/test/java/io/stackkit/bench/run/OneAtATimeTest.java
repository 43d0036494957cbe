package io.stackkit.bench.run;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneAtATimeTest {

  @TempDir Path folder;

  @Test
  void aSecondRunIsRefusedUntilTheFirstHasEnded() throws IOException {
    Path file = folder.resolve("lock");
    try (OneAtATime _ = OneAtATime.begin(file)) {
      assertThatExceptionOfType(UsageException.class)
          .isThrownBy(() -> OneAtATime.begin(file))
          .withMessageContaining("wait");
    }
    OneAtATime.begin(file).close();
  }
}
