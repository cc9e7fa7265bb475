package dev.lode.vectors.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Gives each text a direction of its own, and remembers what it was asked. */
public final class CountingEmbedder implements Embedder {
  private static final int DIMENSION = 32;

  public final List<String> embedded = new ArrayList<>();

  @Override
  public String id() {
    return "counting";
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public int tokensMax() {
    return 64;
  }

  @Override
  public int tokens(String text) {
    return 2 + (int) Pattern.compile("\\S+").matcher(text).results().count();
  }

  @Override
  public List<Unit> embed(List<String> texts) {
    embedded.addAll(texts);
    return texts.stream().map(CountingEmbedder::direction).toList();
  }

  private static Unit direction(String text) {
    var random = new Random(text.hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Unit.of(vector);
  }
}
