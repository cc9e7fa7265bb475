package dev.lode.vectors.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Filter.Bound;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.text.Unit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Every filter keeps exactly what a plain reading of its meaning keeps. */
class FilterQueriesTest {
  private static final int DOCUMENTS = 100;
  private static final Map<String, FieldType> FIELDS =
      Map.of(
          "word", FieldType.of("word", "VARCHAR"),
          "tags", FieldType.of("tags", "VARCHAR[]"),
          "cents", FieldType.of("cents", "DECIMAL(9,2)"),
          "real", FieldType.of("real", "DOUBLE"),
          "flag", FieldType.of("flag", "BOOLEAN"),
          "day", FieldType.of("day", "DATE"),
          "time", FieldType.of("time", "TIMESTAMP"));

  private static final Map<String, Map<String, List<Object>>> ROWS = new HashMap<>();
  private static Path folder;
  private static LuceneIndexes indexes;

  @BeforeContainer
  static void fill() throws IOException {
    folder = Files.createTempDirectory("filters");
    indexes = Indexes.open(folder);
    var random = new Random(1);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < DOCUMENTS; i++) {
      var row = new HashMap<String, List<Object>>();
      for (var field : FIELDS.entrySet()) {
        int count = field.getKey().equals("tags") ? random.nextInt(4) : random.nextInt(4) / 3 ^ 1;
        row.put(field.getKey(), values(field.getValue(), count, random));
      }
      ROWS.put("d" + i, row);
      documents.add(
          new Document(
              "d" + i,
              "",
              null,
              Map.of(),
              row,
              List.of(new Document.Chunk("any", "any", Indexes.random(random, 8)))));
    }
    Indexes.put(indexes, Indexes.PARTITION, documents, FIELDS);
  }

  @AfterContainer
  static void close() throws IOException {
    indexes.close();
    try (var files = Files.walk(folder)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .map(Path::toFile)
          .forEach(java.io.File::delete);
    }
  }

  private static List<Object> values(FieldType type, int count, Random random) {
    var values = new ArrayList<Object>();
    for (int i = 0; i < count; i++) {
      values.add(value(type.kind(), random.nextInt(7) - 3));
    }
    return values;
  }

  private static Object value(FieldType.Kind kind, int n) {
    return switch (kind) {
      case TEXT -> "é" + (char) ('d' + n);
      case NUMBER -> BigDecimal.valueOf(n * 25L, 2);
      case REAL -> n / 2.0;
      case BOOLEAN -> n > 0;
      case DATE -> LocalDate.EPOCH.plusDays(n);
      case TIME -> Instant.EPOCH.plusSeconds(n).plusNanos(1000);
    };
  }

  @Property(tries = 300)
  void keepExactlyWhatTheyMean(@ForAll("filters") Filter filter) {
    var question = new Question(Mode.VECTOR, unit(), null, filter, Fusion.SUM, DOCUMENTS);

    List<Hit> hits = indexes.read(Indexes.PARTITION, index -> index.search(question)).orElseThrow();

    assertThat(hits)
        .extracting(Hit::id)
        .containsExactlyInAnyOrderElementsOf(
            ROWS.entrySet().stream()
                .filter(row -> holds(filter, row.getValue()))
                .map(Map.Entry::getKey)
                .toList());
  }

  private static Unit unit() {
    return Indexes.unit(1, 0, 0, 0, 0, 0, 0, 0);
  }

  @Provide
  Arbitrary<Filter> filters() {
    return Arbitraries.lazyOf(
        FilterQueriesTest::conditions,
        FilterQueriesTest::conditions,
        () -> filters().list().ofMinSize(1).ofMaxSize(3).map(Filter.And::new),
        () -> filters().list().ofMinSize(1).ofMaxSize(3).map(Filter.Or::new),
        () -> filters().map(Filter.Not::new));
  }

  private static Arbitrary<Filter> conditions() {
    return Arbitraries.of(FIELDS.keySet())
        .flatMap(
            field -> {
              FieldType.Kind kind = FIELDS.get(field).kind();
              Arbitrary<Object> value =
                  Arbitraries.integers().between(-5, 5).flatMap(n -> between(kind, n));
              Arbitrary<Filter> in =
                  value.list().ofMinSize(1).ofMaxSize(3).map(some -> new Filter.In(field, some));
              Arbitrary<Filter> exists = Arbitraries.just(new Filter.Exists(field));
              Arbitrary<Bound> bound =
                  Combinators.combine(value, Arbitraries.of(true, false))
                      .as(Bound::new)
                      .injectNull(0.3);
              Arbitrary<Filter> range =
                  Combinators.combine(bound, bound)
                      .as((low, high) -> new Filter.Range(field, low, high));
              return kind == FieldType.Kind.BOOLEAN
                  ? Arbitraries.oneOf(in, exists)
                  : Arbitraries.oneOf(in, exists, range);
            });
  }

  /** The values that rows have, and some that lie between what they can have. */
  private static Arbitrary<Object> between(FieldType.Kind kind, int n) {
    Object value = value(kind, n);
    return kind == FieldType.Kind.NUMBER
        ? Arbitraries.of(
            value, ((BigDecimal) value).add(new BigDecimal("0.001")), new BigDecimal("1e30"))
        : Arbitraries.just(value);
  }

  private static boolean holds(Filter filter, Map<String, List<Object>> row) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().allMatch(one -> holds(one, row));
      case Filter.Or or -> or.filters().stream().anyMatch(one -> holds(one, row));
      case Filter.Not not -> !holds(not.filter(), row);
      case Filter.Exists exists -> !row.get(exists.field()).isEmpty();
      case Filter.In in ->
          row.get(in.field()).stream()
              .anyMatch(value -> in.values().stream().anyMatch(one -> compare(value, one) == 0));
      case Filter.Range range ->
          row.get(range.field()).stream()
              .anyMatch(value -> within(value, range.low(), 1) && within(value, range.high(), -1));
    };
  }

  private static boolean within(Object value, Bound bound, int side) {
    if (bound == null) {
      return true;
    }
    int compared = side * compare(value, bound.value());
    return compared > 0 || (compared == 0 && bound.inclusive());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object one, Object other) {
    return ((Comparable) one).compareTo(other);
  }
}
