package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnderwayTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void tellsATerminalWhatIsWaitedForAndTakesItAway() {
    var line = new Underway(terminal(true), "mart daily_revenue");
    line.show();
    line.clear();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .matches("\r\u001b\\[Kmart daily_revenue … \\d+ s\r\u001b\\[K");
  }

  @Test
  void isSilentElsewhere() {
    var line = new Underway(terminal(false), "mart daily_revenue");
    line.show();
    line.clear();
    assertThat(printed.size()).isZero();
  }

  private Terminal terminal(boolean isTty) {
    var print = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new Terminal(print, print, isTty, 100);
  }
}
