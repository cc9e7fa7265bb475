package dev.lode.fold;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PauseTest {
  private final Pause pause = new Pause();
  private long head;

  private int movesUntilOver() {
    int moves = 0;
    while (!pause.isOver()) {
      pause.see(++head);
      pause.see(head);
      moves++;
    }
    return moves;
  }

  @Test
  void growsWithEachFailureUpToSomeLength() {
    assertThat(movesUntilOver()).isZero();
    for (int expected = 1; expected <= 1024; expected *= 2) {
      pause.begin("why");
      assertThat(movesUntilOver()).isEqualTo(expected);
    }
    pause.begin("why");
    assertThat(movesUntilOver()).isEqualTo(1024);
  }

  @Test
  void forgivesWhatWentWellForAsLong() {
    pause.begin("why");
    pause.begin("why");
    assertThat(movesUntilOver()).isEqualTo(2);
    pause.wentWell();
    assertThat(pause.begin("why")).isFalse();
    assertThat(movesUntilOver()).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      pause.see(++head);
    }
    pause.wentWell();
    assertThat(pause.begin("why")).isTrue();
    assertThat(movesUntilOver()).isEqualTo(1);
  }

  @Test
  void tellsAnotherReasonFromTheSameInOtherNumbers() {
    assertThat(pause.begin("cannot allocate 16.0 MiB")).isTrue();
    assertThat(pause.begin("cannot allocate 17.5 MiB")).isFalse();
    assertThat(pause.begin("cannot read")).isTrue();
  }
}
