package dev.lode.vectors.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Words as the index knows them: lower case, without accents, in the singular. */
final class Words {
  /** Of a query; more would not be a query. Below Lucene's own limit of 1024 clauses. */
  private static final int WORDS_MAX = 512;

  static final Analyzer ANALYZER = analyzer();

  private Words() {}

  private static Analyzer analyzer() {
    try {
      return CustomAnalyzer.builder()
          .withTokenizer("standard")
          .addTokenFilter("lowercase")
          .addTokenFilter("asciiFolding")
          .addTokenFilter("englishMinimalStem")
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot build the analyzer", e);
    }
  }

  /** Documents with any of the words, more and rarer ones first (BM25). */
  static Query query(String field, String text) {
    var query = new BooleanQuery.Builder();
    words(field, text)
        .forEach(word -> query.add(new TermQuery(new Term(field, word)), Occur.SHOULD));
    return query.build();
  }

  private static Set<String> words(String field, String text) {
    var words = new LinkedHashSet<String>();
    try (var tokens = ANALYZER.tokenStream(field, text)) {
      var term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (words.size() < WORDS_MAX && tokens.incrementToken()) {
        words.add(term.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot split into words", e);
    }
    return words;
  }
}
