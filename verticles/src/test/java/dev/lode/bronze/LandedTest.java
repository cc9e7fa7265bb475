package dev.lode.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Fingerprint;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LandedTest {
  private final UUID first = new UUID(0, 1);
  private final UUID second = new UUID(0, 2);
  private final UUID third = new UUID(0, 3);
  private final Landed landed = new Landed(2);

  private static Landed.Body body(long position) {
    return new Landed.Body(position, Fingerprint.NONE, false);
  }

  @Test
  void keepsHowFarABodyHasLanded() {
    landed.landed(first, body(3));
    landed.landed(first, body(5));
    assertThat(landed.body(first).position()).isEqualTo(5);
    assertThat(landed.body(second)).isEqualTo(Landed.Body.NONE);
  }

  @Test
  void knowsThatWhatItNeverSawIsNew() {
    assertThat(landed.knows(first)).isTrue();
    assertThat(landed.unread(List.of(first))).isEmpty();
  }

  @Test
  void namesTheBodiesWhoseRecordsNobodyHasReadYet() {
    landed.landed(first, new Landed.Body(3, null, true));
    landed.landed(second, body(1));
    assertThat(landed.unread(List.of(first, second, third))).containsExactly(first);
  }

  @Test
  void knowsThatItForgot() {
    landed.landed(first, body(1));
    landed.landed(second, body(2));
    landed.landed(third, body(3));
    assertThat(landed.body(first).position()).isEqualTo(1);
    landed.trim();
    assertThat(landed.knows(second)).isFalse();
    assertThat(landed.knows(first)).isTrue();
    assertThat(landed.knows(third)).isTrue();
    assertThat(landed.knows(new UUID(0, 4))).isFalse();
  }
}
