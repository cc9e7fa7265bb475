package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import dev.lode.features.online.Reader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read online at a time is the offline row of that time as it was known: while pushes come
 * shuffled, repeated, late, early, and recorded at times of their own; and after a restart.
 */
class ParityTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int ROUNDS = 10;
  private static final int USERS = 8;
  private static final List<String> NAMES =
      List.of("passing:level", "lasting:score", "lasting:seen", "lasting:days_ago");
  private static final String YAML =
      """
      entities:
        - {name: user, keys: [{name: user_id, type: VARCHAR}]}
      views:
        - name: lasting
          entities: [user]
          features:
            - {name: score, type: DOUBLE}
            - {name: seen, type: DATE}
            - {name: days_ago, type: BIGINT, days-since: seen}
        - name: passing
          entities: [user]
          ttl: 5s
          features: [{name: level, type: BIGINT}]
      """;

  @TempDir Path folder;
  private TestFeatures features;

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, YAML, START);
    load();
  }

  @AfterEach
  void close() {
    features.close();
  }

  private void load() {
    var loader = new Loader(features.store);
    features.store.catalog().views().forEach(view -> loader.load(features.view(view.name())));
  }

  @Test
  void onlineEqualsOfflineHoweverRowsArrive() {
    var random = new Random(11);
    var before = new ArrayList<Features.Push>();
    for (int round = 0; round < ROUNDS; round++) {
      for (String view : List.of("lasting", "passing")) {
        before.add(push(view, random));
      }
      Collections.shuffle(before, random);
      before.subList(0, Math.min(4, before.size())).forEach(this::write);
      for (int later = 0; later < 2; later++) {
        features.clock.set(features.clock.instant().plusMillis(random.nextInt(1500)));
        assertThat(online()).as("round %d", round).isEqualTo(offline());
      }
    }
    var shown = online();
    load();
    assertThat(online()).as("after a restart").isEqualTo(shown);
  }

  private Features.Push push(String view, Random random) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < 5; i++) {
      var row = new LinkedHashMap<String, Object>();
      row.put("user_id", random.nextInt(USERS));
      row.put("event_timestamp", near(random));
      if (random.nextInt(3) == 0) {
        row.put("created", near(random));
      }
      if (view.equals("passing")) {
        row.put("level", random.nextInt(5) == 0 ? null : random.nextInt(100));
      } else {
        row.put("score", random.nextInt(5) == 0 ? null : random.nextDouble());
        row.put("seen", "2019-12-" + (10 + random.nextInt(20)));
      }
      rows.add(row);
    }
    return new Features.Push("acme", view, rows);
  }

  /** Few times around now, so that there are ties. */
  private String near(Random random) {
    return features.clock.instant().plusSeconds(random.nextInt(-6, 6)).toString();
  }

  private void write(Features.Push push) {
    var pushes = new Pushes(features.store);
    var answer = pushes.add(push);
    pushes.flush();
    assertThat(answer.succeeded()).isTrue();
  }

  private List<List<Object>> online() {
    var store = features.store;
    var limits = new Reader.Limits(USERS, store.clock());
    var entities = new ArrayList<Map<String, Object>>();
    for (int user = 0; user < USERS; user++) {
      entities.add(Map.of("user_id", user));
    }
    return new Reader(store.catalog(), store.online(), store.states(), limits)
        .read(new Features.Read("acme", NAMES, entities)).result().rows().stream()
            .map(Features.Row::values)
            .toList();
  }

  private List<List<Object>> offline() {
    var rows = new ArrayList<Map<String, Object>>();
    for (int user = 0; user < USERS; user++) {
      rows.add(Map.of("user_id", user, "event_timestamp", features.clock.instant()));
    }
    return new Training(features.store)
        .dataset(new Features.Train("acme", NAMES, rows, null, true, null, false)).rows().stream()
            .map(row -> row.subList(2, 6))
            .toList();
  }
}
