package dev.lode.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  @Test
  void neverUsesANumberTwice() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
  }

  @Test
  void tellsWhatToDoForEveryCode() {
    assertThat(ErrorCode.values()).allMatch(code -> code.hint().endsWith("."));
  }
}
