package dev.lode.vectors.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** How the rankings by meaning and by words become one. Ties go by id. */
public enum Fusion {
  /**
   * Scores by meaning stretched to 0..1, those by words as a part of the best, then added; what a
   * ranking lacks counts 0 there. Measured on texts and on titles: see load-tests.
   */
  SUM {
    @Override
    Map<String, Double> byMeaning(List<Ranked> ranking, List<Ranked> deeper) {
      double high = ranking.isEmpty() ? 0 : ranking.getFirst().score();
      double low = ranking.isEmpty() ? 0 : ranking.getLast().score();
      var shares = new HashMap<String, Double>();
      for (Ranked one : deeper) {
        double share = high > low ? (one.score() - low) / (high - low) : 1.0;
        shares.put(one.id(), share);
      }
      return shares;
    }

    @Override
    Map<String, Double> byWords(List<Ranked> ranking) {
      var shares = new HashMap<String, Double>();
      for (Ranked one : ranking) {
        shares.put(one.id(), one.score() / ranking.getFirst().score());
      }
      return shares;
    }
  },

  /** Reciprocal rank fusion: 1 / (60 + rank), added. */
  RRF {
    @Override
    Map<String, Double> byMeaning(List<Ranked> ranking, List<Ranked> deeper) {
      return byWords(deeper);
    }

    @Override
    Map<String, Double> byWords(List<Ranked> ranking) {
      var shares = new HashMap<String, Double>();
      for (int rank = 1; rank <= ranking.size(); rank++) {
        shares.put(ranking.get(rank - 1).id(), 1.0 / (60 + rank));
      }
      return shares;
    }
  };

  /** Best first, then by id: every ranking is in this order. */
  public static final Comparator<Ranked> BEST_FIRST =
      Comparator.comparingDouble(Ranked::score).reversed().thenComparing(Ranked::id);

  /** One place in a ranking. {@code document} is the store's own name of it. */
  public record Ranked(String id, double score, int document) {}

  /** The shares of {@code deeper}, which goes on where {@code ranking} ends, on its scale. */
  abstract Map<String, Double> byMeaning(List<Ranked> ranking, List<Ranked> deeper);

  abstract Map<String, Double> byWords(List<Ranked> ranking);

  /** Both rankings as one; all best first. */
  public List<Ranked> fuse(List<Ranked> meaning, List<Ranked> words) {
    var sums = new HashMap<String, Double>(byMeaning(meaning, meaning));
    byWords(words).forEach((id, share) -> sums.merge(id, share, Double::sum));
    var documents = new HashMap<String, Integer>();
    words.forEach(ranked -> documents.put(ranked.id(), ranked.document()));
    meaning.forEach(ranked -> documents.put(ranked.id(), ranked.document()));
    var fused = new ArrayList<Ranked>(sums.size());
    sums.forEach((id, sum) -> fused.add(new Ranked(id, sum, documents.get(id))));
    fused.sort(BEST_FIRST);
    return fused;
  }

  /**
   * What was fused to some depth, and behind it what is deeper by meaning: how far one looks does
   * not change what comes first.
   *
   * @param meaning what was fused
   * @param deeper the same ranking, and more of it
   */
  public List<Ranked> followed(List<Ranked> fused, List<Ranked> meaning, List<Ranked> deeper) {
    var placed = new HashSet<String>();
    fused.forEach(one -> placed.add(one.id()));
    Map<String, Double> shares = byMeaning(meaning, deeper);
    var all = new ArrayList<>(fused);
    for (Ranked one : deeper) {
      if (placed.add(one.id())) {
        all.add(new Ranked(one.id(), shares.get(one.id()), one.document()));
      }
    }
    return all;
  }
}
