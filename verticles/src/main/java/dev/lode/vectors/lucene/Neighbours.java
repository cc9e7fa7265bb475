package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.vectors.search.Fusion.Ranked;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.Planner.Plan;
import dev.lode.vectors.text.Unit;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.BitSetIterator;

/**
 * The nearest documents to a vector among those that a filter keeps, found as the planner says. The
 * final scores are cosines of whole vectors, however the candidates were found.
 */
final class Neighbours {
  /**
   * Filtered graph searches that skip neighbours lose recall: walk through what is filtered out.
   */
  private static final KnnSearchStrategy THROUGH = new KnnSearchStrategy.Hnsw(0);

  /**
   * Where a filter keeps more than one in this many, reading all codes in a row is faster than
   * reading some of them here and there.
   */
  private static final int DENSE = 7;

  private final Planner planner;
  private final CodesCache codes;

  Neighbours(Planner planner, CodesCache codes) {
    this.planner = requireNonNull(planner, "planner is null");
    this.codes = requireNonNull(codes, "codes is null");
  }

  /** Makes the codes that searches will want. */
  void warm(IndexReader reader) throws IOException {
    if (planner.sieves(reader.numDocs())) {
      for (LeafReaderContext leaf : reader.leaves()) {
        for (FieldInfo field : leaf.reader().getFieldInfos()) {
          if (field.hasVectorValues()) {
            codes.of(leaf.reader(), leaf.reader().getFloatVectorValues(field.name));
          }
        }
      }
    }
  }

  /** Best first; min(topK, kept) of them. */
  List<Ranked> nearest(IndexSearcher searcher, Unit vector, Query filter, int topK)
      throws IOException {
    Kept kept = Kept.of(searcher, filter);
    if (kept.count() == 0) {
      return List.of();
    }
    Plan plan = planner.plan(kept.count(), searcher.getIndexReader().numDocs(), topK);
    var ids = new Ids(searcher.getIndexReader().leaves());
    var best = new Best(Math.min(topK, kept.count()), ids);
    var sought = new Sought(vector, filter, kept, plan.candidates());
    switch (plan.way()) {
      case EXACT -> exact(sought, best);
      case SIEVE -> rescore(searcher, vector, sieve(sought, ids), best);
      case GRAPH -> graph(searcher, sought, best);
    }
    return best.bestFirst();
  }

  private record Sought(Unit vector, Query filter, Kept kept, int candidates) {}

  private static void exact(Sought sought, Best best) throws IOException {
    for (Kept.Leaf leaf : sought.kept().leaves()) {
      FloatVectorValues vectors = vectors(leaf.context(), sought.vector().dimension());
      if (vectors != null) {
        exact(vectors.rescorer(sought.vector().array()), leaf, best);
      }
    }
  }

  private static void exact(VectorScorer scorer, Kept.Leaf leaf, Best best) throws IOException {
    DocIdSetIterator all = scorer.iterator();
    int base = leaf.context().docBase;
    if (leaf.set() == null) {
      for (int doc = all.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = all.nextDoc()) {
        best.offer(cosine(scorer.score()), base + doc);
      }
      return;
    }
    var kept = new BitSetIterator(leaf.set(), leaf.count());
    for (int doc = kept.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = kept.nextDoc()) {
      if (all.advance(doc) == doc) {
        best.offer(cosine(scorer.score()), base + doc);
      }
    }
  }

  /** Documents that are among the nearest by their codes. */
  private int[] sieve(Sought sought, Ids ids) throws IOException {
    var best = new Best(sought.candidates(), ids);
    for (Kept.Leaf leaf : sought.kept().leaves()) {
      FloatVectorValues vectors = vectors(leaf.context(), sought.vector().dimension());
      if (vectors != null) {
        Codes its = codes.of(leaf.context().reader(), vectors);
        if (its == null) {
          exact(vectors.rescorer(sought.vector().array()), leaf, best);
        } else {
          sieve(its.scores(sought.vector().array()), vectors, leaf, best);
        }
      }
    }
    return best.documents();
  }

  private static void sieve(
      Codes.Scores scores, FloatVectorValues vectors, Kept.Leaf leaf, Best best)
      throws IOException {
    if (leaf.count() * DENSE > leaf.context().reader().maxDoc()) {
      sieveAll(scores, vectors, leaf, best);
    } else {
      sieveKept(scores, vectors, leaf, best);
    }
  }

  private static void sieveAll(
      Codes.Scores scores, FloatVectorValues vectors, Kept.Leaf leaf, Best best) {
    int base = leaf.context().docBase;
    for (int ordinal = 0; ordinal < vectors.size(); ordinal++) {
      float score = scores.of(ordinal);
      if (best.wants(score)) {
        int doc = vectors.ordToDoc(ordinal);
        if (leaf.set() == null || leaf.set().get(doc)) {
          best.offer(score, base + doc);
        }
      }
    }
  }

  private static void sieveKept(
      Codes.Scores scores, FloatVectorValues vectors, Kept.Leaf leaf, Best best)
      throws IOException {
    int base = leaf.context().docBase;
    var ordinals = vectors.iterator();
    var kept = new BitSetIterator(leaf.set(), leaf.count());
    for (int doc = kept.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = kept.nextDoc()) {
      if (ordinals.advance(doc) == doc) {
        best.offer(scores.of(ordinals.index()), base + doc);
      }
    }
  }

  private static void graph(IndexSearcher searcher, Sought sought, Best best) throws IOException {
    var query =
        new KnnFloatVectorQuery(
            Fields.vector(sought.vector().dimension()),
            sought.vector().array(),
            sought.candidates(),
            sought.filter(),
            THROUGH);
    ScoreDoc[] found = searcher.search(query, sought.candidates()).scoreDocs;
    if (found.length < sought.candidates()) {
      exact(sought, best);
    } else {
      int[] documents = Arrays.stream(found).mapToInt(one -> one.doc).sorted().toArray();
      rescore(searcher, sought.vector(), documents, best);
    }
  }

  private static void rescore(IndexSearcher searcher, Unit vector, int[] documents, Best best)
      throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = null;
    VectorScorer scorer = null;
    for (int document : documents) {
      LeafReaderContext its = leaves.get(ReaderUtil.subIndex(document, leaves));
      if (its != leaf) {
        leaf = its;
        scorer = vectors(leaf, vector.dimension()).rescorer(vector.array());
      }
      scorer.iterator().advance(document - leaf.docBase);
      best.offer(cosine(scorer.score()), document);
    }
  }

  private static FloatVectorValues vectors(LeafReaderContext leaf, int dimension)
      throws IOException {
    return leaf.reader().getFloatVectorValues(Fields.vector(dimension));
  }

  /** Lucene adds one and halves, so that no score is negative. */
  private static float cosine(float score) {
    return 2 * score - 1;
  }
}
