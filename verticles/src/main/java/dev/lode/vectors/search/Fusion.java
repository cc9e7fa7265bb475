package dev.lode.vectors.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the rankings by meaning and by words become one. Ties go by id. */
public enum Fusion {
  /** Each ranking's scores stretched to 0..1, then added; what a ranking lacks counts 0 there. */
  SUM {
    @Override
    Map<String, Double> shares(List<Ranked> ranking) {
      double high = ranking.isEmpty() ? 0 : ranking.getFirst().score();
      double low = ranking.isEmpty() ? 0 : ranking.getLast().score();
      var shares = new HashMap<String, Double>();
      for (Ranked one : ranking) {
        shares.put(one.id(), high > low ? (one.score() - low) / (high - low) : 1.0);
      }
      return shares;
    }
  },

  /** Reciprocal rank fusion: 1 / (60 + rank), added. */
  RRF {
    @Override
    Map<String, Double> shares(List<Ranked> ranking) {
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

  abstract Map<String, Double> shares(List<Ranked> ranking);

  /** The best {@code topK} of both rankings, each best first. */
  public List<Ranked> fuse(List<Ranked> one, List<Ranked> other, int topK) {
    var sums = new HashMap<String, Double>(shares(one));
    shares(other).forEach((id, share) -> sums.merge(id, share, Double::sum));
    var documents = new HashMap<String, Integer>();
    one.forEach(ranked -> documents.put(ranked.id(), ranked.document()));
    other.forEach(ranked -> documents.put(ranked.id(), ranked.document()));
    var fused = new ArrayList<Ranked>(sums.size());
    sums.forEach((id, sum) -> fused.add(new Ranked(id, sum, documents.get(id))));
    fused.sort(BEST_FIRST);
    return List.copyOf(fused.subList(0, Math.min(topK, fused.size())));
  }
}
