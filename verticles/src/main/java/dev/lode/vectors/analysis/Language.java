package dev.lode.vectors.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ibm.icu.util.VersionInfo;
import dev.lode.config.Nearest;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.apache.lucene.util.Version;

/**
 * A language whose words are known.
 *
 * @param code of ISO 639, {@code en}; {@code und} for texts of any language: no stems, no stop
 *     words
 * @param stemmer the name of its Snowball stemmer; null for none
 */
public record Language(String code, String stemmer, Supplier<CharArraySet> stopWords) {
  public static final String DEFAULT = "en";

  /** Counts up with whatever here changes the words of a text. */
  private static final int REVISION = 1;

  private static final Map<String, Language> ALL = new TreeMap<>();

  static {
    add("ar", "Arabic", ArabicAnalyzer::getDefaultStopSet);
    add("ca", "Catalan", CatalanAnalyzer::getDefaultStopSet);
    add("da", "Danish", DanishAnalyzer::getDefaultStopSet);
    add("de", "German", GermanAnalyzer::getDefaultStopSet);
    add("el", "Greek", GreekAnalyzer::getDefaultStopSet);
    add("en", "English", Language::english);
    add("es", "Spanish", SpanishAnalyzer::getDefaultStopSet);
    add("et", "Estonian", EstonianAnalyzer::getDefaultStopSet);
    add("eu", "Basque", BasqueAnalyzer::getDefaultStopSet);
    add("fi", "Finnish", FinnishAnalyzer::getDefaultStopSet);
    add("fr", "French", FrenchAnalyzer::getDefaultStopSet);
    add("ga", "Irish", IrishAnalyzer::getDefaultStopSet);
    add("hi", "Hindi", HindiAnalyzer::getDefaultStopSet);
    add("hu", "Hungarian", HungarianAnalyzer::getDefaultStopSet);
    add("hy", "Armenian", ArmenianAnalyzer::getDefaultStopSet);
    add("id", "Indonesian", IndonesianAnalyzer::getDefaultStopSet);
    add("it", "Italian", ItalianAnalyzer::getDefaultStopSet);
    add("ja", null, JapaneseAnalyzer::getDefaultStopSet);
    add("ko", null, Language::none);
    add("lt", "Lithuanian", LithuanianAnalyzer::getDefaultStopSet);
    add("ne", "Nepali", NepaliAnalyzer::getDefaultStopSet);
    add("nl", "Dutch", DutchAnalyzer::getDefaultStopSet);
    add("no", "Norwegian", NorwegianAnalyzer::getDefaultStopSet);
    add("pt", "Portuguese", PortugueseAnalyzer::getDefaultStopSet);
    add("ro", "Romanian", RomanianAnalyzer::getDefaultStopSet);
    add("ru", "Russian", RussianAnalyzer::getDefaultStopSet);
    add("sr", "Serbian", SerbianAnalyzer::getDefaultStopSet);
    add("sv", "Swedish", SwedishAnalyzer::getDefaultStopSet);
    add("ta", "Tamil", TamilAnalyzer::getDefaultStopSet);
    add("tr", "Turkish", TurkishAnalyzer::getDefaultStopSet);
    add("und", null, Language::none);
    add("yi", "Yiddish", Language::none);
    add("zh", null, SmartChineseAnalyzer::getDefaultStopSet);
  }

  /** Lucene's own list leaves questions their most frequent words: what, which, about. */
  private static CharArraySet english() {
    try (var list = SnowballFilter.class.getResourceAsStream("english_stop.txt")) {
      var words = new CharArraySet(EnglishAnalyzer.getDefaultStopSet(), false);
      words.addAll(WordlistLoader.getSnowballWordSet(new InputStreamReader(list, UTF_8)));
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the English stop words", e);
    }
  }

  private static CharArraySet none() {
    return CharArraySet.EMPTY_SET;
  }

  private static void add(String code, String stemmer, Supplier<CharArraySet> stopWords) {
    ALL.put(code, new Language(code, stemmer, stopWords));
  }

  /** By code or English name, {@code pt}, {@code pt-BR} or {@code Portuguese}. */
  public static Optional<Language> named(String name) {
    String code = name.split("[-_]", -1)[0];
    return ALL.values().stream()
        .filter(known -> known.code.equalsIgnoreCase(code) || known.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Says that there is no such language here. */
  public static String unknown(String name) {
    var names = ALL.values().stream().collect(Collectors.toMap(Language::name, Language::code));
    return "unknown language "
        + name
        + Nearest.to(name, names.keySet())
            .map(near -> " (did you mean %s, %s?)".formatted(near, names.get(near)))
            .orElse(" (known: " + String.join(", ", ALL.keySet()) + ")");
  }

  /** In English. */
  public String name() {
    return Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
  }

  Locale locale() {
    return Locale.of(code);
  }

  /** Names the words it makes: others may differ. */
  public String fingerprint() {
    return code + "." + REVISION + "." + Version.LATEST + "." + VersionInfo.ICU_VERSION;
  }
}
