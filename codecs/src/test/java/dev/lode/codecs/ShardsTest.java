package dev.lode.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {

  @Test
  void givesEveryKeyOneOwnerInRange() {
    var owners =
        IntStream.range(0, 1000)
            .mapToObj(i -> new Shards(4).owner("bronze.retail_entity_" + i))
            .collect(Collectors.toSet());
    assertThat(owners).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void givesTheSameOwnerOnEveryMachine() {
    assertThat(new Shards(4).owner("bronze.retail_invoice_line")).isEqualTo(2);
    assertThat(new Shards(1).owner("anything")).isZero();
  }

  @Test
  void refusesNoShards() {
    assertThatThrownBy(() -> new Shards(0)).hasMessage("Invalid shard count: 0 (must be >= 1)");
  }
}
