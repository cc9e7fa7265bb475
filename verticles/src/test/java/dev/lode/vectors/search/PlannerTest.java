package dev.lode.vectors.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.vectors.search.Planner.Plan;
import dev.lode.vectors.search.Planner.Way;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private final Planner planner = new Planner(200_000, 400);

  @Test
  void readsWholeVectorsWhereFewAreKept() {
    assertThat(planner.plan(800, 100_000, 10)).isEqualTo(new Plan(Way.EXACT, 10));
    assertThat(planner.plan(3, 10_000_000, 10)).isEqualTo(new Plan(Way.EXACT, 3));
    assertThat(planner.plan(15_000, 10_000_000, 10)).isEqualTo(new Plan(Way.EXACT, 10));
  }

  @Test
  void sievesWhatCanBeScanned() {
    assertThat(planner.plan(100_000, 100_000, 10)).isEqualTo(new Plan(Way.SIEVE, 50));
    assertThat(planner.plan(10_000, 100_000, 100)).isEqualTo(new Plan(Way.SIEVE, 300));
  }

  @Test
  void asksTheGraphWhereAScanTakesTooLong() {
    assertThat(planner.plan(1_000_000, 1_000_000, 10)).isEqualTo(new Plan(Way.GRAPH, 400));
    assertThat(planner.plan(500_000, 1_000_000, 1000)).isEqualTo(new Plan(Way.GRAPH, 3000));
  }

  @Test
  void alwaysHasEnoughCandidates() {
    RandomCases.check(
        1000,
        random -> new Case(count(random), count(random), random.between(1, 1000)),
        drawn -> {
          int kept = Math.min(drawn.kept(), drawn.total());

          assertThat(planner.plan(kept, drawn.total(), drawn.topK()).candidates())
              .isBetween(Math.min(drawn.topK(), kept), kept);
        });
  }

  private record Case(int total, int kept, int topK) {}

  /** Up to three millions, of every magnitude. */
  private static int count(RandomCases random) {
    return random.between(1, 3_000_000 >> random.between(0, 21));
  }
}
