package dev.lode.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class LandedTest {
  private final UUID first = new UUID(0, 1);
  private final UUID second = new UUID(0, 2);
  private final UUID third = new UUID(0, 3);
  private final Landed landed = new Landed(2);

  @Test
  void keepsTheHighestPosition() {
    landed.landed(first, 5);
    landed.landed(first, 3);
    assertThat(landed.position(first)).isEqualTo(5);
    assertThat(landed.position(second)).isZero();
  }

  @Test
  void knowsThatWhatItNeverSawIsNew() {
    assertThat(landed.knows(first)).isTrue();
  }

  @Test
  void knowsThatItForgot() {
    landed.landed(first, 1);
    landed.landed(second, 2);
    landed.landed(third, 3);
    assertThat(landed.position(first)).isEqualTo(1);
    landed.trim();
    assertThat(landed.knows(second)).isFalse();
    assertThat(landed.knows(first)).isTrue();
    assertThat(landed.knows(third)).isTrue();
    assertThat(landed.knows(new UUID(0, 4))).isFalse();
  }
}
