package dev.lode.vectors.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.vectors.search.Planner.Plan;
import dev.lode.vectors.search.Planner.Way;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

  @Property
  void alwaysHasEnoughCandidates(
      @ForAll @IntRange(min = 1, max = 3_000_000) int total,
      @ForAll @IntRange(min = 1, max = 3_000_000) int kept,
      @ForAll @IntRange(min = 1, max = 1000) int topK) {
    int reallyKept = Math.min(kept, total);

    assertThat(planner.plan(reallyKept, total, topK).candidates())
        .isBetween(Math.min(topK, reallyKept), reallyKept);
  }
}
