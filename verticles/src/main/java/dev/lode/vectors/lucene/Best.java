package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.vectors.search.Fusion.Ranked;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the best of what it is offered; of equal scores, the lesser ids. */
final class Best {
  private final int size;
  private final Ids ids;
  private final PriorityQueue<Place> worstFirst = new PriorityQueue<>();
  private float worst = Float.NEGATIVE_INFINITY;

  Best(int size, Ids ids) {
    this.size = size;
    this.ids = requireNonNull(ids, "ids is null");
  }

  /** Whether something of this score may be kept. */
  boolean wants(float score) {
    return score >= worst;
  }

  void offer(float score, int document) {
    if (!wants(score)) {
      return;
    }
    worstFirst.add(new Place(score, document));
    if (worstFirst.size() > size) {
      worstFirst.poll();
    }
    if (worstFirst.size() == size) {
      worst = worstFirst.element().score;
    }
  }

  List<Ranked> bestFirst() {
    return worstFirst.stream()
        .sorted(java.util.Comparator.reverseOrder())
        .map(place -> new Ranked(place.id(), place.score, place.document))
        .toList();
  }

  /** In the order of their numbers. */
  int[] documents() {
    return worstFirst.stream().mapToInt(place -> place.document).sorted().toArray();
  }

  /** Looks its id up only when a tie, or the answer, needs it. */
  private final class Place implements Comparable<Place> {
    final float score;
    final int document;
    private String id;

    Place(float score, int document) {
      this.score = score;
      this.document = document;
    }

    String id() {
      if (id == null) {
        id = ids.of(document);
      }
      return id;
    }

    @Override
    public int compareTo(Place other) {
      int byScore = Float.compare(score, other.score);
      return byScore != 0 ? byScore : other.id().compareTo(id());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Place place && place.document == document;
    }

    @Override
    public int hashCode() {
      return document;
    }
  }
}
