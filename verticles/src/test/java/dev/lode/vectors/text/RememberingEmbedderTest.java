package dev.lode.vectors.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RememberingEmbedderTest {
  private final CountingEmbedder asked = new CountingEmbedder();
  private final Embedder remembering = new RememberingEmbedder(asked, 2);

  @Test
  void asksOnceForTheSameText() {
    List<Unit> first = remembering.embed(List.of("a", "b", "a"));
    List<Unit> second = remembering.embed(List.of("b", "a"));

    assertThat(asked.embedded).containsExactly("a", "b");
    assertThat(first).containsExactly(second.get(1), second.get(0), second.get(1));
    assertThat(first.getFirst()).isNotEqualTo(first.get(1));
  }

  @Test
  void forgetsWhatWasUnusedLongest() {
    remembering.embed(List.of("a", "b"));
    remembering.embed(List.of("a"));
    remembering.embed(List.of("c"));
    remembering.embed(List.of("a"));
    remembering.embed(List.of("b"));

    assertThat(asked.embedded).containsExactly("a", "b", "c", "b");
  }
}
