package dev.lode.vectors.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * What a filter keeps of an index, deleted documents left out.
 *
 * @param leaves by segment; a null set keeps all of it
 */
record Kept(List<Leaf> leaves, int count) {

  record Leaf(LeafReaderContext context, FixedBitSet set, int count) {}

  static Kept of(IndexSearcher searcher, Query filter) throws IOException {
    Query query = searcher.rewrite(filter);
    Weight weight =
        query instanceof MatchAllDocsQuery
            ? null
            : searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
    var leaves = new ArrayList<Leaf>();
    int count = 0;
    for (LeafReaderContext context : searcher.getIndexReader().leaves()) {
      Leaf leaf = weight == null ? live(context) : matching(context, weight.scorer(context));
      if (leaf.count() > 0) {
        leaves.add(leaf);
        count += leaf.count();
      }
    }
    return new Kept(leaves, count);
  }

  private static Leaf live(LeafReaderContext context) throws IOException {
    if (context.reader().getLiveDocs() == null) {
      return new Leaf(context, null, context.reader().maxDoc());
    }
    var all = DocIdSetIterator.all(context.reader().maxDoc());
    return set(context, all);
  }

  private static Leaf matching(LeafReaderContext context, Scorer scorer) throws IOException {
    return scorer == null ? new Leaf(context, null, 0) : set(context, scorer.iterator());
  }

  private static Leaf set(LeafReaderContext context, DocIdSetIterator documents)
      throws IOException {
    Bits live = context.reader().getLiveDocs();
    var set = new FixedBitSet(context.reader().maxDoc());
    set.or(documents);
    if (live != null) {
      live.applyMask(set, 0);
    }
    return new Leaf(context, set, set.cardinality());
  }
}
