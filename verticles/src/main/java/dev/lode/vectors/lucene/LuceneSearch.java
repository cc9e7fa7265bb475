package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Fusion.Ranked;
import dev.lode.vectors.search.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
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
  private static final Sort BEST_FIRST =
      new Sort(SortField.FIELD_SCORE, new SortField(Fields.ID, SortField.Type.STRING));

  private final Neighbours neighbours;
  private final Words words;
  private final int fusionDepth;

  /**
   * @param fusionDepth of each ranking that is fused
   */
  LuceneSearch(Neighbours neighbours, Words words, int fusionDepth) {
    this.neighbours = requireNonNull(neighbours, "neighbours is null");
    this.words = requireNonNull(words, "words is null");
    this.fusionDepth = fusionDepth;
  }

  List<Hit> hits(DocumentSearcher searcher, Question question, Map<String, FieldType> fields)
      throws IOException {
    Query filter = new FilterQueries(fields).of(question.filter());
    var asked = new Asked(searcher, new Chunks(searcher), question, filter);
    int topK = Math.min(question.topK(), Math.max(1, searcher.getIndexReader().numDocs()));
    List<Ranked> ranked =
        switch (question.mode()) {
          case VECTOR -> byMeaning(asked, topK);
          case KEYWORD -> shown(asked, byWords(asked, topK), List.of());
          case HYBRID -> byBoth(asked, topK);
        };
    return hits(asked, ranked);
  }

  private record Asked(IndexSearcher searcher, Chunks chunks, Question question, Query filter) {
    boolean documents() {
      return question.documents();
    }
  }

  /** Of more chunks than hits, where documents have several, until there are enough documents. */
  private List<Ranked> byMeaning(Asked asked, int topK) throws IOException {
    if (!asked.documents()) {
      return nearest(asked, topK);
    }
    int all = asked.searcher().getIndexReader().numDocs();
    long sought = topK * asked.chunks().perDocument();
    while (true) {
      int most = (int) Math.min(sought, all);
      List<Ranked> chunks = nearest(asked, most);
      List<Ranked> documents = asked.chunks().best(chunks, topK);
      if (documents.size() == topK || chunks.size() < most || most == all) {
        return documents;
      }
      sought *= 4;
    }
  }

  private List<Ranked> nearest(Asked asked, int topK) throws IOException {
    return neighbours.nearest(asked.searcher(), asked.question().vector(), asked.filter(), topK);
  }

  private List<Ranked> byWords(Asked asked, int topK) throws IOException {
    String text = asked.question().text();
    var query = new BooleanQuery.Builder();
    query
        .add(asked.documents() ? words.inDocuments(text) : words.inChunks(text), Occur.MUST)
        .add(asked.filter(), Occur.FILTER);
    var found = asked.searcher().search(query.build(), topK, BEST_FIRST);
    var ids = new Ids(asked.searcher().getIndexReader().leaves());
    var ranked = new ArrayList<Ranked>(found.scoreDocs.length);
    for (ScoreDoc one : found.scoreDocs) {
      String id = asked.documents() ? asked.chunks().key(one.doc) : ids.of(one.doc);
      ranked.add(new Ranked(id, (Float) ((FieldDoc) one).fields[0], one.doc));
    }
    return ranked;
  }

  /** What both rankings say to a fixed depth, then what is beyond it by meaning. */
  private List<Ranked> byBoth(Asked asked, int topK) throws IOException {
    Fusion fusion = asked.question().fusion();
    List<Ranked> meaning = byMeaning(asked, fusionDepth);
    List<Ranked> fused = fusion.fuse(meaning, byWords(asked, fusionDepth));
    boolean isAll = topK <= fused.size() || meaning.size() < fusionDepth;
    List<Ranked> all = isAll ? fused : fusion.followed(fused, meaning, byMeaning(asked, topK));
    return shown(asked, all.subList(0, Math.min(topK, all.size())), meaning);
  }

  /** Documents found by their words are shown by the chunk that has the most of them. */
  private List<Ranked> shown(Asked asked, List<Ranked> ranked, List<Ranked> meaning)
      throws IOException {
    if (!asked.documents() || asked.chunks().perDocument() == 1) {
      return ranked;
    }
    var placed = new HashSet<String>();
    meaning.forEach(one -> placed.add(one.id()));
    var query = words.inChunks(asked.question().text());
    return asked.chunks().shown(ranked, one -> !placed.contains(one.id()), query);
  }

  private static List<Hit> hits(Asked asked, List<Ranked> ranked) throws IOException {
    StoredFields stored = asked.searcher().storedFields();
    var hits = new ArrayList<Hit>(ranked.size());
    for (Ranked one : ranked) {
      Document document = stored.document(one.document());
      hits.add(
          new Hit(
              one.id(),
              asked.chunks().key(one.document()),
              document.get(Fields.ID),
              one.score(),
              Fields.text(document),
              Fields.read(document.get(Fields.METADATA)),
              document.get(Fields.LINEAGE)));
    }
    return hits;
  }
}
