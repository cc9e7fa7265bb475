package dev.lode.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.TableHistory.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Expiry EXPIRY = new Expiry(Duration.ofHours(1), 2, 5);

  @Test
  void keepsTheLeastEvenWhenTheyAreOld() {
    assertThat(expirable(history(4, Duration.ofDays(1)))).containsExactly(2L, 1L);
  }

  @Test
  void keepsASnapshotForItsAgeAfterTheNextOneCame() {
    // The fourth is 75 minutes old, and was the head until 50 minutes ago.
    var history = history(6, Duration.ofMinutes(25));

    assertThat(expirable(history)).containsExactly(3L, 2L, 1L);
  }

  @Test
  void keepsNoMoreThanTheMostWhereCommitsAreMany() {
    assertThat(expirable(history(8, Duration.ofSeconds(1)))).containsExactly(3L, 2L, 1L);
  }

  @Test
  void keepsAllFromTheSlowestConsumerOn() {
    assertThat(expirable(history(8, Duration.ofDays(1)), 8L, 3L)).containsExactly(2L, 1L);
  }

  @Test
  void doesNotWaitForAConsumerWhosePlaceIsGoneAlready() {
    assertThat(expirable(history(4, Duration.ofDays(1)), 4711L)).containsExactly(2L, 1L);
  }

  @Test
  void keepsWhatHasAName() {
    var history = new ArrayList<>(history(4, Duration.ofDays(1)));
    history.set(3, new Entry(1, history.get(3).committedAt(), false, true));

    assertThat(expirable(history)).containsExactly(2L);
  }

  @Test
  void keepsTheHeadBelowAnyNumberOfCompactions() {
    var history = new ArrayList<Entry>();
    for (long id = 6; id > 0; id--) {
      history.add(new Entry(id, NOW.minus(Duration.ofDays(7 - id)), id > 2, false));
    }

    assertThat(expirable(history)).containsExactly(1L);
  }

  @Test
  void forgetsNothingOfATableThatHasNoSnapshots() {
    assertThat(expirable(List.of())).isEmpty();
  }

  /** Snapshot {@code count} is the newest, one {@code step} old. */
  private static List<Entry> history(int count, Duration step) {
    var history = new ArrayList<Entry>();
    for (int age = 1; age <= count; age++) {
      history.add(new Entry(count - age + 1, NOW.minus(step.multipliedBy(age)), false, false));
    }
    return history;
  }

  private static Set<Long> expirable(Collection<Entry> history, Long... consumed) {
    return EXPIRY.expirable(List.copyOf(history), List.of(consumed), NOW);
  }
}
