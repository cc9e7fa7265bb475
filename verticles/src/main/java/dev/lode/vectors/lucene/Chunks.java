package dev.lode.vectors.lucene;

import dev.lode.vectors.search.Fusion.Ranked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;

/** Which chunks make which document: they stand in a row, the first at the head. */
final class Chunks {
  private final IndexSearcher searcher;
  private final List<LeafReaderContext> leaves;
  private final long perDocument;

  Chunks(DocumentSearcher searcher) throws IOException {
    this.searcher = searcher;
    this.leaves = searcher.getIndexReader().leaves();
    int chunks = searcher.getIndexReader().numDocs();
    int documents = searcher.documents();
    this.perDocument = documents == 0 ? 1 : Math.ceilDiv(chunks, documents);
  }

  /** On average, rounded up: 1 where each document is a chunk. */
  long perDocument() {
    return perDocument;
  }

  /** Of the document that a chunk is of. */
  String key(int chunk) throws IOException {
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(chunk, leaves));
    var keys = DocValues.getBinary(leaf.reader(), Fields.KEY);
    if (!keys.advanceExact(chunk - leaf.docBase)) {
      throw new IllegalStateException("Chunk " + chunk + " has no key");
    }
    return keys.binaryValue().utf8ToString();
  }

  /** Documents by the best of these chunks, best first; as many as there are up to {@code topK}. */
  List<Ranked> best(List<Ranked> chunks, int topK) throws IOException {
    var documents = new LinkedHashMap<String, Ranked>();
    for (Ranked chunk : chunks) {
      String key = perDocument == 1 ? chunk.id() : key(chunk.document());
      documents.putIfAbsent(key, new Ranked(key, chunk.score(), chunk.document()));
      if (documents.size() == topK) {
        break;
      }
    }
    return List.copyOf(documents.values());
  }

  /** The same ranking, those {@code sought} shown by their chunk that {@code query} likes best. */
  List<Ranked> shown(List<Ranked> ranked, Predicate<Ranked> sought, Query query)
      throws IOException {
    var heads = ranked.stream().filter(sought).map(Ranked::document).sorted().toList();
    Map<Integer, Integer> best = best(heads, query);
    var shown = new ArrayList<Ranked>(ranked.size());
    for (Ranked one : ranked) {
      int chunk = best.getOrDefault(one.document(), one.document());
      shown.add(sought.test(one) ? new Ranked(one.id(), one.score(), chunk) : one);
    }
    return shown;
  }

  private Map<Integer, Integer> best(List<Integer> heads, Query query) throws IOException {
    Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE, 1);
    var best = new HashMap<Integer, Integer>();
    LeafReaderContext leaf = null;
    Scorer scorer = null;
    for (int head : heads) {
      LeafReaderContext its = leaves.get(ReaderUtil.subIndex(head, leaves));
      if (its != leaf) {
        leaf = its;
        scorer = weight.scorer(leaf);
      }
      best.put(head, scorer == null ? head : leaf.docBase + best(leaf, scorer, head));
    }
    return best;
  }

  private static int best(LeafReaderContext leaf, Scorer scorer, int head) throws IOException {
    int first = head - leaf.docBase;
    int end = first + count(leaf, first);
    int best = first;
    float score = 0;
    DocIdSetIterator matches = scorer.iterator();
    int match = matches.docID() < first ? matches.advance(first) : matches.docID();
    for (; match < end; match = matches.nextDoc()) {
      if (scorer.score() > score) {
        best = match;
        score = scorer.score();
      }
    }
    return best;
  }

  private static int count(LeafReaderContext leaf, int head) throws IOException {
    var counts = DocValues.getNumeric(leaf.reader(), Fields.CHUNKS);
    return counts.advanceExact(head) ? (int) counts.longValue() : 1;
  }
}
