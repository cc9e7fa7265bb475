package dev.lode.vectors.analysis;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.Transliterator;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseBaseFormFilter;
import org.apache.lucene.analysis.ja.JapaneseKatakanaStemFilter;
import org.apache.lucene.analysis.ja.JapanesePartOfSpeechStopFilter;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.apache.lucene.analysis.ko.KoreanPartOfSpeechStopFilter;
import org.apache.lucene.analysis.ko.KoreanReadingFormFilter;
import org.apache.lucene.analysis.ko.KoreanTokenizer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;
import org.apache.lucene.analysis.util.ElisionFilter;

/**
 * Cuts texts into words: brought to one form of Unicode and case, segmented, joined where a hyphen
 * parts them, without stop words, accents and endings. Thread-safe.
 */
public final class Analysis extends Analyzer {
  private static final Map<Language, Analysis> ALL = new ConcurrentHashMap<>();
  private static final CharArraySet ARTICLES = articles();

  /** What a single letter weighs beside a word: measured, more of it finds less. */
  private static final float LETTER = 0.1f;

  private final Language language;
  private final CharArraySet stopWords;

  private Analysis(Language language) {
    this.language = language;
    this.stopWords = language.stopWords().get();
  }

  public static Analysis of(Language language) {
    return ALL.computeIfAbsent(language, Analysis::new);
  }

  public Language language() {
    return language;
  }

  /** Those of French, Italian and Catalan; an apostrophe follows. */
  private static CharArraySet articles() {
    var articles = new CharArraySet(FrenchAnalyzer.DEFAULT_ARTICLES, true);
    articles.addAll(
        List.of(
            "dell", "all", "dall", "nell", "sull", "coll", "gl", "agl", "dagl", "degl", "negl",
            "sugl", "un", "v"));
    return CharArraySet.unmodifiableSet(articles);
  }

  /**
   * The words of a query, each group once with its weight: how often it is said. One of a group's
   * words is enough.
   */
  public Map<List<String>, Float> words(String text) {
    var words = new LinkedHashMap<List<String>, Float>();
    var group = new ArrayList<String>();
    try (var tokens = tokenStream("", text)) {
      var term = tokens.addAttribute(CharTermAttribute.class);
      var position = tokens.addAttribute(PositionIncrementAttribute.class);
      var type = tokens.addAttribute(TypeAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        if (type.type().equals(JoinedForms.TYPE)) {
          words.merge(List.of(term.toString()), 1f, Float::sum);
        } else if (type.type().equals(Letters.TYPE)) {
          words.merge(List.of(term.toString()), LETTER, Float::sum);
        } else {
          if (position.getPositionIncrement() > 0) {
            count(group, words);
          }
          group.add(term.toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot split into words", e);
    }
    count(group, words);
    return words;
  }

  private static void count(List<String> group, Map<List<String>, Float> words) {
    if (!group.isEmpty()) {
      words.merge(List.copyOf(group), 1f, Float::sum);
      group.clear();
    }
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer tokenizer = tokenizer();
    var text = new StringBuilder();
    TokenStream words = new JoinedForms(segmented(tokenizer), text);
    return new TokenStreamComponents(
        reader -> {
          text.setLength(0);
          text.append(normalised(read(reader)));
          tokenizer.setReader(new StringReader(text.toString()));
        },
        stemmed(new Letters(new StopFilter(withoutArticles(words), stopWords))));
  }

  private Tokenizer tokenizer() {
    return switch (language.code()) {
      case "ja" -> new JapaneseTokenizer(null, true, JapaneseTokenizer.Mode.SEARCH);
      case "ko" -> new KoreanTokenizer();
      case "zh" -> new HMMChineseTokenizer();
      default -> new ICUTokenizer();
    };
  }

  /** What each segmenter needs before its words can be compared. */
  private TokenStream segmented(Tokenizer tokenizer) {
    return switch (language.code()) {
      case "ja" ->
          new JapaneseKatakanaStemFilter(
              new JapanesePartOfSpeechStopFilter(
                  new JapaneseBaseFormFilter(tokenizer), JapaneseAnalyzer.getDefaultStopTags()));
      case "ko" -> new KoreanReadingFormFilter(new KoreanPartOfSpeechStopFilter(tokenizer));
      case "zh" -> new StopFilter(tokenizer, stopWords);
      default -> tokenizer;
    };
  }

  private TokenStream withoutArticles(TokenStream words) {
    return switch (language.code()) {
      case "en" -> new EnglishPossessiveFilter(words);
      case "fr", "it", "ca" -> new ElisionFilter(words, ARTICLES);
      default -> words;
    };
  }

  /**
   * Endings of many languages bear accents, and people leave accents out: a word counts with them
   * and without. English has none.
   */
  private TokenStream stemmed(TokenStream words) {
    if (language.stemmer() == null) {
      return new ASCIIFoldingFilter(words);
    }
    boolean keeps = !language.code().equals("en");
    var plain = new ASCIIFoldingFilter(words, keeps);
    var stems = new ASCIIFoldingFilter(new SnowballFilter(plain, language.stemmer()));
    return keeps ? new RemoveDuplicatesTokenFilter(stems) : stems;
  }

  private String normalised(String text) {
    String lower =
        Normalizer2.getNFKCCasefoldInstance().normalize(lower(text)).replace('\u2019', '\'');
    return JoinedForms.hyphenated(
        language.code().equals("zh") ? Simplified.FORM.transliterate(lower) : lower);
  }

  /** Turkish and Lithuanian have a lower case of their own; all others fold the same way. */
  private String lower(String text) {
    return switch (language.code()) {
      case "tr", "lt" -> text.toLowerCase(language.locale());
      default -> text;
    };
  }

  /** Loaded when it is needed. */
  private static final class Simplified {
    static final Transliterator FORM = Transliterator.getInstance("Traditional-Simplified");
  }

  private static String read(Reader reader) {
    try {
      var text = new StringWriter();
      reader.transferTo(text);
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a text", e);
    }
  }
}
