package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class HoldsTest {
  private final Holds holds = new Holds();

  @Test
  void letsFilesGoAtOnceWhereNobodyReads() {
    assertThat(holds.isPast(holds.mark())).isTrue();
  }

  @Test
  void keepsFilesForThoseWhoOpenedBeforeTheyWereUnreached() {
    Hold first = holds.open();
    Hold second = holds.open();
    long mark = holds.mark();

    first.close();
    assertThat(holds.isPast(mark)).isFalse();
    second.close();
    assertThat(holds.isPast(mark)).isTrue();
  }

  @Test
  void waitsForNobodyWhoOpenedLater() {
    Hold before = holds.open();
    long mark = holds.mark();
    Hold after = holds.open();

    before.close();
    assertThat(holds.isPast(mark)).isTrue();
    after.close();
  }

  @Test
  void removesAtOnceOrWhenThoseWhoOpenedBeforeAreGone() {
    var removed = new ArrayList<String>();
    holds.afterwards(() -> removed.add("unheld"));
    assertThat(removed).containsExactly("unheld");

    Hold before = holds.open();
    holds.afterwards(() -> removed.add("held"));
    Hold after = holds.open();
    holds.afterwards(() -> removed.add("held longer"));
    assertThat(removed).containsExactly("unheld");

    before.close();
    before.close();
    assertThat(removed).containsExactly("unheld", "held");
    after.close();
    assertThat(removed).containsExactly("unheld", "held", "held longer");
  }

  @Test
  void goesOnWhereARemovalFails() {
    var removed = new ArrayList<String>();
    Hold hold = holds.open();
    holds.afterwards(
        () -> {
          throw new UncheckedIOException("Cannot delete", new IOException("no disk"));
        });
    holds.afterwards(() -> removed.add("the next"));

    hold.close();
    assertThat(removed).containsExactly("the next");
  }
}
