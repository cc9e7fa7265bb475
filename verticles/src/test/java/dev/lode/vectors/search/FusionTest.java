package dev.lode.vectors.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.vectors.search.Fusion.Ranked;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final List<Ranked> MEANING = List.of(at("a", 5), at("b", 4), at("c", 1));
  private static final List<Ranked> WORDS = List.of(at("c", 12), at("d", 9), at("b", 2));

  @Test
  void addsScoresStretchedToOne() {
    assertThat(Fusion.SUM.fuse(MEANING, WORDS, 10))
        .containsExactly(at("a", 1.0), at("c", 1.0), at("b", 0.75), at("d", 0.7));
  }

  @Test
  void addsReciprocalRanks() {
    assertThat(Fusion.RRF.fuse(MEANING, WORDS, 10))
        .extracting(Ranked::id)
        .containsExactly("c", "b", "a", "d");
    assertThat(Fusion.RRF.fuse(MEANING, WORDS, 1).getFirst().score())
        .isEqualTo(1.0 / 63 + 1.0 / 61);
  }

  @Test
  void keepsARankingThatHasNothingBesideIt() {
    assertThat(Fusion.SUM.fuse(MEANING, List.of(), 2))
        .extracting(Ranked::id)
        .containsExactly("a", "b");
    assertThat(Fusion.RRF.fuse(List.of(), WORDS, 2))
        .extracting(Ranked::id)
        .containsExactly("c", "d");
  }

  @Test
  void countsEqualScoresAsAllBest() {
    assertThat(Fusion.SUM.fuse(List.of(at("y", 3), at("z", 3)), List.of(at("x", 1)), 10))
        .containsExactly(at("x", 1.0), at("y", 1.0), at("z", 1.0));
  }

  private static Ranked at(String id, double score) {
    return new Ranked(id, score, id.charAt(0));
  }
}
