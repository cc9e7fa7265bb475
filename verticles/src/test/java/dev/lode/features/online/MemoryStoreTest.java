package dev.lode.features.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.features.online.OnlineStore.Entity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
  private static final List<Object> KEY = List.of(1L, "23");
  private static final Entity ENTITY = new Entity("view", "acme", KEY);

  private final MemoryStore store = new MemoryStore();

  private static OnlineRow row(long time, long created, long sequence) {
    return new OnlineRow(time, created, sequence, List.of(sequence));
  }

  private OnlineRow find(long now) {
    return store.find("view", "acme", List.of(KEY), now).result().getFirst();
  }

  @Test
  void theGreatestWinsHoweverRowsAreShuffledRepeatedAndLate() {
    for (int seed = 0; seed < 2000; seed++) {
      var random = new Random(seed);
      var rows = new ArrayList<OnlineRow>();
      for (int sequence = 0; sequence < 12; sequence++) {
        rows.add(row(random.nextInt(8), random.nextInt(8), sequence));
      }
      var arrivals = new ArrayList<>(rows);
      arrivals.addAll(rows.subList(0, 6));
      Collections.shuffle(arrivals, random);
      store.clear("view");
      long now = 0;
      for (int i = 0; i < arrivals.size(); i++) {
        store.put(ENTITY, arrivals.get(i), now);
        now += random.nextInt(2);
        long at = now;
        var best =
            arrivals.subList(0, i + 1).stream()
                .filter(each -> each.timeMicros() <= at && each.createdMicros() <= at)
                .max(
                    Comparator.comparingLong(OnlineRow::timeMicros)
                        .thenComparingLong(OnlineRow::createdMicros)
                        .thenComparingLong(OnlineRow::sequence));
        assertThat(find(at)).as("seed %d", seed).isEqualTo(best.orElse(null));
      }
    }
  }

  @Test
  void aRowIsNoCandidateBeforeItsTimeOrItsRecording() {
    store.put(ENTITY, row(10, 5, 1), 10);
    store.put(ENTITY, row(20, 5, 2), 10);
    store.put(ENTITY, row(15, 30, 3), 10);
    assertThat(find(9)).isNull();
    assertThat(find(19)).isEqualTo(row(10, 5, 1));
    assertThat(find(20)).isEqualTo(row(20, 5, 2));
  }

  @Test
  void keepsNoMoreThanMayBeAsked() {
    for (int i = 0; i < 1000; i++) {
      store.put(ENTITY, row(i, i, i), i);
      store.put(ENTITY, row(5000, i, 1000 + i), i);
    }
    assertThat(store.size("view")).isEqualTo(new OnlineStore.Size(1, 2));
  }

  @Test
  void comparesTypedTuplesAndTenants() {
    store.put(ENTITY, row(1, 1, 1), 9);
    List<List<Object>> others =
        List.of(List.of(12L, "3"), List.of(1, "23"), List.of("1", "23"), List.of(1L, 23L));
    assertThat(store.find("view", "acme", others, 9).result()).containsOnlyNulls();
    assertThat(store.find("view", "other", List.of(KEY), 9).result()).containsOnlyNulls();
    assertThat(store.find("absent", "acme", List.of(KEY), 9).result()).containsOnlyNulls();
  }

  @Test
  void replacingAnEntityForgetsWhatWasDeleted() {
    store.put(ENTITY, row(7, 1, 2), 9);
    store.replace(ENTITY, List.of(row(3, 1, 1)), 9);
    assertThat(find(9)).isEqualTo(row(3, 1, 1));
    store.replace(ENTITY, List.of(), 9);
    assertThat(find(9)).isNull();
    assertThat(store.size("view")).isEqualTo(new OnlineStore.Size(0, 0));
  }
}
