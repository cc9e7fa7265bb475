package dev.lode.vectors.lucene;

import dev.lode.vectors.analysis.Analysis;
import java.util.List;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;

/**
 * The words of an index: those of whole documents, by which documents are ranked, and those of
 * chunks. Each kind of words has fields of its own, so that words of two analyses never meet.
 */
final class Words {
  static final Similarity BM25 = new BM25Similarity(1.2f, 0.75f);

  private static final FieldType COUNTED = counted();

  static {
    // Queries are limited by their characters, and none of their words is dropped.
    IndexSearcher.setMaxClauseCount(1 << 20);
  }

  private final Analysis analysis;
  private final String suffix;

  Words(Analysis analysis) {
    this.analysis = analysis;
    this.suffix = "." + analysis.language().fingerprint();
  }

  private static FieldType counted() {
    var type = new FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.setTokenized(true);
    type.freeze();
    return type;
  }

  Analysis analysis() {
    return analysis;
  }

  Field ofDocument(String text) {
    return new Field(documents(), text, COUNTED);
  }

  Field ofChunk(String text) {
    return new Field(chunks(), text, COUNTED);
  }

  /** Finds the first chunk of documents with any of the words, more and rarer ones first. */
  Query inDocuments(String text) {
    return query(documents(), text);
  }

  Query inChunks(String text) {
    return query(chunks(), text);
  }

  private String documents() {
    return "_words" + suffix;
  }

  private String chunks() {
    return "_chunk" + suffix;
  }

  /** A word counts as often as it is said. */
  private Query query(String field, String text) {
    var query = new BooleanQuery.Builder();
    analysis
        .words(text)
        .forEach((group, weight) -> query.add(boosted(any(field, group), weight), Occur.SHOULD));
    return query.build();
  }

  private static Query any(String field, List<String> group) {
    List<Query> terms =
        group.stream()
            .distinct()
            .map(word -> (Query) new TermQuery(new Term(field, word)))
            .toList();
    return terms.size() == 1 ? terms.getFirst() : new DisjunctionMaxQuery(terms, 0);
  }

  private static Query boosted(Query query, float weight) {
    return weight == 1 ? query : new BoostQuery(query, weight);
  }
}
