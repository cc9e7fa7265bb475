package dev.lode.vectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lode.vectors.search.Fusion.Ranked;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final List<Ranked> MEANING = List.of(at("a", 5), at("b", 4), at("c", 1));
  private static final List<Ranked> WORDS = List.of(at("c", 12), at("d", 9), at("b", 3));

  @Test
  void addsScoresOfOneScale() {
    var fused = Fusion.SUM.fuse(MEANING, WORDS);

    assertThat(fused).extracting(Ranked::id).containsExactly("a", "b", "c", "d");
    double[] scores = {1, 0.75 + 0.25, 1, 0.75};
    for (int i = 0; i < scores.length; i++) {
      assertThat(fused.get(i).score()).isEqualTo(scores[i], within(1e-12));
    }
  }

  @Test
  void addsReciprocalRanks() {
    assertThat(Fusion.RRF.fuse(MEANING, WORDS))
        .extracting(Ranked::id)
        .containsExactly("c", "b", "a", "d");
    assertThat(Fusion.RRF.fuse(MEANING, WORDS).getFirst().score()).isEqualTo(1.0 / 63 + 1.0 / 61);
  }

  @Test
  void keepsARankingThatHasNothingBesideIt() {
    assertThat(Fusion.SUM.fuse(MEANING, List.of()))
        .extracting(Ranked::id)
        .containsExactly("a", "b", "c");
    assertThat(Fusion.RRF.fuse(List.of(), WORDS))
        .extracting(Ranked::id)
        .containsExactly("c", "d", "b");
  }

  @Test
  void countsEqualScoresAsAllBest() {
    assertThat(Fusion.SUM.fuse(List.of(at("y", 3), at("z", 3)), List.of(at("x", 1))))
        .containsExactly(at("x", 1.0), at("y", 1.0), at("z", 1.0));
  }

  @Test
  void putsWhatIsDeeperBehindWhatWasFused() {
    var deeper = List.of(at("a", 5), at("b", 4), at("c", 1), at("d", 0.5), at("e", 0), at("f", -1));
    for (Fusion fusion : Fusion.values()) {
      var fused = fusion.fuse(MEANING, WORDS);
      var all = fusion.followed(fused, MEANING, deeper);

      assertThat(all.subList(0, 4)).isEqualTo(fused);
      assertThat(all.subList(4, 6)).extracting(Ranked::id).containsExactly("e", "f");
      assertThat(all).isSortedAccordingTo(Fusion.BEST_FIRST);
    }
  }

  private static Ranked at(String id, double score) {
    return new Ranked(id, score, id.charAt(0));
  }
}
