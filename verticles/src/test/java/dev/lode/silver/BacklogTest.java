package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BacklogTest {
  /** Newest first: 10, 30, 100 and 101 rows. */
  private static final List<Snapshot> HISTORY =
      List.of(snapshot(4, 101), snapshot(3, 100), snapshot(2, 30), snapshot(1, 10));

  private static Snapshot snapshot(long id, long rows) {
    return new Snapshot(TableName.of("bronze.a_b"), id, null, id, Instant.EPOCH, rows, Map.of());
  }

  @Test
  void nothingIsLeftAtTheHead() {
    assertThat(Backlog.next(HISTORY, 4L, 10)).isEmpty();
    assertThat(Backlog.next(List.of(), null, 10)).isEmpty();
  }

  @Test
  void takesAllThatFits() {
    assertThat(Backlog.next(HISTORY, null, 1000)).contains(new Backlog(null, HISTORY.get(0), true));
    assertThat(Backlog.next(HISTORY, 2L, 71)).contains(new Backlog(2L, HISTORY.get(0), true));
  }

  @Test
  void stopsBeforeTheLimit() {
    assertThat(Backlog.next(HISTORY, null, 50)).contains(new Backlog(null, HISTORY.get(2), true));
    assertThat(Backlog.next(HISTORY, 1L, 90)).contains(new Backlog(1L, HISTORY.get(1), true));
  }

  @Test
  void oneCommitIsTakenHoweverLargeItIs() {
    assertThat(Backlog.next(HISTORY, null, 5)).contains(new Backlog(null, HISTORY.get(3), true));
    assertThat(Backlog.next(HISTORY, 2L, 5)).contains(new Backlog(2L, HISTORY.get(1), true));
  }

  @Test
  void whereTheStartIsForgottenAllIsTakenAndSaidToBeUnsure() {
    assertThat(Backlog.next(HISTORY, 99L, 5)).contains(new Backlog(99L, HISTORY.get(0), false));
  }
}
