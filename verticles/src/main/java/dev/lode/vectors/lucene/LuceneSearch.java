package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Fusion.Ranked;
import dev.lode.vectors.search.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;

/** Answers questions by meaning, by words, or by both. */
final class LuceneSearch {
  /** Of each ranking that is fused, so that both have a say in a short answer. */
  private static final int FUSED_MIN = 100;

  private static final Sort BEST_FIRST =
      new Sort(SortField.FIELD_SCORE, new SortField(Fields.ID, SortField.Type.STRING));

  private final Neighbours neighbours;

  LuceneSearch(Neighbours neighbours) {
    this.neighbours = requireNonNull(neighbours, "neighbours is null");
  }

  List<Hit> hits(IndexSearcher searcher, Question question, Map<String, FieldType> fields)
      throws IOException {
    Query filter = new FilterQueries(fields).of(question.filter());
    int topK = Math.min(question.topK(), Math.max(1, searcher.getIndexReader().numDocs()));
    List<Ranked> ranked =
        switch (question.mode()) {
          case VECTOR -> neighbours.nearest(searcher, question.vector(), filter, topK);
          case KEYWORD -> byWords(searcher, question.text(), filter, topK);
          case HYBRID -> byBoth(searcher, question, filter, topK);
        };
    return hits(searcher, ranked);
  }

  private static List<Ranked> byWords(IndexSearcher searcher, String text, Query filter, int topK)
      throws IOException {
    var query = new BooleanQuery.Builder();
    query.add(Words.query(Fields.TEXT, text), Occur.MUST).add(filter, Occur.FILTER);
    return ranked(searcher, searcher.search(query.build(), topK, BEST_FIRST).scoreDocs);
  }

  private List<Ranked> byBoth(IndexSearcher searcher, Question question, Query filter, int topK)
      throws IOException {
    int each = Math.max(topK, FUSED_MIN);
    List<Ranked> meaning = neighbours.nearest(searcher, question.vector(), filter, each);
    List<Ranked> words = byWords(searcher, question.text(), filter, each);
    return question.fusion().fuse(meaning, words, topK);
  }

  private static List<Ranked> ranked(IndexSearcher searcher, ScoreDoc[] found) {
    var ids = new Ids(searcher.getIndexReader().leaves());
    var ranked = new ArrayList<Ranked>(found.length);
    for (ScoreDoc one : found) {
      float score = (Float) ((FieldDoc) one).fields[0];
      ranked.add(new Ranked(ids.of(one.doc), score, one.doc));
    }
    return ranked;
  }

  private static List<Hit> hits(IndexSearcher searcher, List<Ranked> ranked) throws IOException {
    StoredFields stored = searcher.storedFields();
    var hits = new ArrayList<Hit>(ranked.size());
    for (Ranked one : ranked) {
      Document document = stored.document(one.document());
      hits.add(
          new Hit(
              one.id(),
              one.score(),
              document.get(Fields.TEXT),
              Fields.read(document.get(Fields.METADATA)),
              document.get(Fields.LINEAGE)));
    }
    return hits;
  }
}
