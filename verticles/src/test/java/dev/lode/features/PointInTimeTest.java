package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import dev.lode.features.Oracle.Question;
import dev.lode.features.Oracle.Version;
import dev.lode.features.offline.History;
import dev.lode.tables.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random histories and questions, judged by the oracle; a failure is shrunk before it is shown. */
class PointInTimeTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int ROUNDS = 20;
  private static final int CASES_PER_ROUND = 510;
  private static final String YAML =
      """
      entities:
        - {name: pair, keys: [{name: a, type: BIGINT}, {name: b, type: VARCHAR}]}
      views:
        - name: plain
          entities: [pair]
          features: [{name: value, type: BIGINT}]
        - name: short
          entities: [pair]
          ttl: 3s
          features: [{name: worth, type: BIGINT}]
      """;

  @TempDir Path folder;
  private TestFeatures features;
  private int tenants;

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, YAML, START);
  }

  @AfterEach
  void close() {
    features.close();
  }

  /** A history of both views, and questions to it. */
  private record Case(
      List<Version> plain, List<Version> brief, List<Question> questions, boolean known) {}

  @Test
  void tenThousandRandomCasesEqualTheOracle() {
    List<Case> rounds = IntStream.range(0, ROUNDS).mapToObj(i -> random(new Random(i))).toList();
    record(rounds);
    for (int i = 0; i < ROUNDS; i++) {
      Case round = rounds.get(i);
      if (!answers("t" + i, round).equals(expected(round))) {
        Case smallest = shrunk(round);
        assertThat(recordedAnswers(smallest))
            .as("seed %d: %s", i, smallest)
            .isEqualTo(expected(smallest));
      }
    }
  }

  /** Each case belongs to a tenant of its own. */
  private void record(List<Case> cases) {
    var plain = new ArrayList<Object[]>();
    var brief = new ArrayList<Object[]>();
    for (Case each : cases) {
      String tenant = "t" + tenants++;
      each.plain().forEach(row -> plain.add(tableRow(tenant, row)));
      each.brief().forEach(row -> brief.add(tableRow(tenant, row)));
    }
    features.lake.append(History.table(features.view("plain")), plain, Progress.NONE);
    features.lake.append(History.table(features.view("short")), brief, Progress.NONE);
  }

  private static Object[] tableRow(String tenant, Version row) {
    return new Object[] {
      tenant,
      row.key().get(0),
      row.key().get(1),
      row.ts(),
      row.created(),
      row.sequence(),
      null,
      row.pushed(),
      row.deleted(),
      null,
      row.value()
    };
  }

  private List<List<Object>> recordedAnswers(Case asked) {
    record(List.of(asked));
    return answers("t" + (tenants - 1), asked);
  }

  /** Few keys and few times, a microsecond apart or many, so that ties and gaps are common. */
  private static Case random(Random random) {
    var questions = new ArrayList<Question>();
    for (int i = 0; i < CASES_PER_ROUND; i++) {
      questions.add(new Question(key(random, true), time(random)));
    }
    return new Case(history(random), history(random), questions, random.nextBoolean());
  }

  private static List<Version> history(Random random) {
    var history = new ArrayList<Version>();
    int rows = random.nextInt(60);
    for (int sequence = 1; sequence <= rows; sequence++) {
      boolean deleted = random.nextInt(5) == 0;
      Object value = deleted || random.nextInt(6) == 0 ? null : (Object) random.nextLong(100);
      history.add(
          new Version(
              key(random, false),
              time(random),
              time(random),
              sequence,
              random.nextInt(3) == 0,
              deleted,
              value));
    }
    return history;
  }

  /** (1, 23) and (12, 3) are different. */
  private static List<Object> key(Random random, boolean nulls) {
    Long a = random.nextBoolean() ? 1L : 12L;
    String b = random.nextBoolean() ? "23" : "3";
    boolean none = nulls && random.nextInt(8) == 0;
    return Arrays.asList(none && random.nextBoolean() ? null : a, none ? null : b);
  }

  private static Instant time(Random random) {
    return START.plusSeconds(random.nextInt(12)).plusNanos(1000L * random.nextInt(2));
  }

  private List<List<Object>> answers(String tenant, Case asked) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < asked.questions().size(); i++) {
      Question question = asked.questions().get(i);
      var row = new LinkedHashMap<String, Object>();
      row.put("label", i);
      row.put("a", question.key().get(0));
      row.put("b", question.key().get(1));
      row.put("event_timestamp", question.at().toString());
      rows.add(row);
    }
    return new Training(features.store)
        .dataset(
            new Features.Train(
                tenant,
                List.of("short:worth", "plain:value"),
                rows,
                null,
                asked.known(),
                null,
                false))
        .rows();
  }

  private static List<List<Object>> expected(Case asked) {
    var rows = new ArrayList<List<Object>>();
    for (int i = 0; i < asked.questions().size(); i++) {
      Question question = asked.questions().get(i);
      rows.add(
          Arrays.asList(
              (long) i,
              question.key().get(0),
              question.key().get(1),
              question.at().toString(),
              value(asked.brief(), question, Duration.ofSeconds(3), asked.known()),
              value(asked.plain(), question, null, asked.known())));
    }
    return rows;
  }

  private static Object value(
      List<Version> history, Question question, Duration ttl, boolean known) {
    Version row = Oracle.at(history, question, ttl, known);
    return row == null ? null : row.value();
  }

  /** Leaves out what is not needed to fail, one thing at a time. */
  private Case shrunk(Case failing) {
    Predicate<Case> fails = each -> !recordedAnswers(each).equals(expected(each));
    Case smallest = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (Case candidate : smaller(smallest)) {
        if (fails.test(candidate)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  private static List<Case> smaller(Case from) {
    var cases = new ArrayList<Case>();
    without(from.questions())
        .forEach(q -> cases.add(new Case(from.plain(), from.brief(), q, from.known())));
    without(from.plain())
        .forEach(h -> cases.add(new Case(h, from.brief(), from.questions(), from.known())));
    without(from.brief())
        .forEach(h -> cases.add(new Case(from.plain(), h, from.questions(), from.known())));
    return cases;
  }

  /** Without one half or the other, then without each one. */
  private static <T> List<List<T>> without(List<T> list) {
    var shorter = new ArrayList<List<T>>();
    int half = list.size() / 2;
    if (half > 1) {
      shorter.add(list.subList(0, half));
      shorter.add(list.subList(half, list.size()));
    }
    IntStream.range(0, list.size())
        .forEach(
            i -> {
              var rest = new ArrayList<>(list);
              rest.remove(i);
              shorter.add(rest);
            });
    return shorter;
  }
}
