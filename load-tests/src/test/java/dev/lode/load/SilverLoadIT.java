package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** That the benchmark of Silver compares equal work. */
class SilverLoadIT {
  @Test
  void lodeAndSparkFindWhatTheGeneratorKnows() throws Exception {
    try (var load = new SilverLoad(10_000);
        var spark = new SilverSpark(load.folder(), load.serveCatalog())) {
      load.refine(1);
      spark.refine(1);
      assertThat(load.expected().failed()).containsOnlyKeys(Sales.RULES);
      assertThat(load.outcome(1)).isEqualTo(load.expected());
      assertThat(spark.outcome(1)).isEqualTo(load.expected());
    }
  }
}
