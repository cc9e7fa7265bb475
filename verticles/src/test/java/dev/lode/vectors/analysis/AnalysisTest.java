package dev.lode.vectors.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisTest {

  @Test
  void countsTheWordsOfAQuery() {
    assertThat(words("en", "red mug, blue mug"))
        .isEqualTo(Map.of("red", 1f, "mug", 2f, "blue", 1f));
  }

  @Test
  void dropsNoWordHoweverManyThereAre() {
    var text = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      text.append("w").append(i).append(' ');
    }
    assertThat(words("en", text.toString())).hasSize(3000).containsEntry("w2999", 1f);
  }

  @Test
  void leavesStopWordsEndingsAndPossessivesAway() {
    assertThat(words("en", "The customers' complaints and the seller's replies"))
        .containsOnlyKeys("custom", "complaint", "seller", "repli");
    assertThat(words("en", "of the and")).isEmpty();
  }

  @Test
  void weighsSingleLettersLittle() {
    assertThat(words("en", "c")).isEqualTo(Map.of("c", 0.1f));
    assertThat(words("en", "vitamin C")).isEqualTo(Map.of("vitamin", 1f, "c", 0.1f));
    assertThat(words("en", "U.S.A. e.g. a U.S. state"))
        .isEqualTo(Map.of("usa", 1f, "eg", 1f, "us", 1f, "state", 1f));
    assertThat(words("zh", "茶")).isEqualTo(Map.of("茶", 1f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "fr", "de", "es", "pt", "und"})
  void findsAWordInEveryFormOfUnicode(String language) {
    var query = words(language, "cafe brulee").keySet();
    for (Normalizer.Form form : Normalizer.Form.values()) {
      var text = Normalizer.normalize("Café BRÛLÉE", form);
      assertThat(all(language, text)).as("%s of %s", form, language).containsAll(query);
      assertThat(words(language, text)).isEqualTo(words(language, "café brûlée"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ＡＢＣ①, abc1",
    "STRASSE, straße",
    "ﬁre, fire",
    "Ⅳ, iv",
    "wi‑fi, wi-fi",
    "e‐mail, e-mail"
  })
  void bringsCompatibleFormsTogether(String one, String other) {
    assertThat(words("en", one)).isNotEmpty().isEqualTo(words("en", other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "fr", "ja", "ko", "zh", "und"})
  void knowsThePartsAndTheJoinedFormOfNames(String language) {
    assertThat(all(language, "AB-1234")).contains("ab", "1234", "ab1234");
    assertThat(all(language, "ab_1234_x")).contains("ab", "1234", "ab1234x");
    assertThat(all(language, "node.js")).containsAll(all(language, "nodejs"));
  }

  @Test
  void joinsEachNameOnItsOwn() {
    assertThat(words("en", "invoice_line of AB-1234, plain -5 a - b 1.5"))
        .isEqualTo(
            Map.of(
                "invoic",
                1f,
                "line",
                1f,
                "invoicelin",
                1f,
                "ab",
                1f,
                "1234",
                1f,
                "ab1234",
                1f,
                "plain",
                1f,
                "5",
                0.1f,
                "b",
                0.1f,
                "1.5",
                1f));
    assertThat(words("en", "invoiceline")).containsOnlyKeys("invoicelin");
  }

  @ParameterizedTest
  @CsvSource({
    "de, Häuser, Haus",
    "fr, l'économie, économies",
    "es, canciones, canción",
    "es, cancion, canción",
    "pt, informações, informação",
    "ru, книги, книга",
    "sv, bilarna, bilar",
    "fi, taloissa, talo",
    "tr, İSTANBUL, istanbul",
    "it, dell'acqua, acqua",
    "ja, 食べました, 食べる",
    "ko, 학교에서, 학교",
    "zh, 電腦, 电脑",
    "el, ΟΔΌΣ, οδός",
    "und, ПРИВЕТ, привет"
  })
  void knowsTheFormsOfAWordByLanguage(String language, String one, String other) {
    assertThat(all(language, one)).isNotEmpty();
    assertThat(all(language, one).stream().anyMatch(all(language, other)::contains))
        .as("%s and %s", all(language, one), all(language, other))
        .isTrue();
  }

  @Test
  void segmentsLanguagesWithoutSpaces() {
    assertThat(all("ja", "関西国際空港")).contains("関西", "国際", "空港");
    assertThat(all("zh", "我们购买了红色的杯子")).contains("红色", "杯子");
    assertThat(all("en", "ภาษาไทย")).hasSize(2);
    assertThat(all("en", "東京都に住む")).hasSizeGreaterThan(1);
  }

  @Test
  void knowsLanguagesByCodeAndName() {
    assertThat(Language.named("pt-BR")).map(Language::code).contains("pt");
    assertThat(Language.named("japanese")).map(Language::code).contains("ja");
    assertThat(Language.named("EN")).map(Language::code).contains("en");
    assertThat(Language.named("klingon")).isEmpty();
    assertThat(Language.named("")).isEmpty();
    assertThat(Language.unknown("Germain")).contains("did you mean German, de?");
    assertThat(Language.unknown("xx")).startsWith("unknown language xx (known: ar, ca, da, de");
  }

  private static List<String> all(String language, String text) {
    var all = new ArrayList<String>();
    analysis(language).words(text).keySet().forEach(all::addAll);
    return all;
  }

  private static Map<String, Float> words(String language, String text) {
    var words = new java.util.HashMap<String, Float>();
    analysis(language)
        .words(text)
        .forEach((group, count) -> words.put(String.join("|", group), count));
    return Collections.unmodifiableMap(words);
  }

  private static Analysis analysis(String language) {
    return Analysis.of(Language.named(language).orElseThrow());
  }
}
