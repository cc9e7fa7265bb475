package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.features.online.Reader;
import dev.lode.features.online.ViewStates;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes, and what is read online after them. */
class ReadTest {
  private static final Instant NOW = Instant.parse("2020-01-10T12:00:00Z");
  private static final String YAML =
      """
      entities:
        - {name: user, keys: [{name: user_id, type: BIGINT}]}
        - {name: place, keys: [{name: country, type: VARCHAR}, {name: city, type: VARCHAR}]}
      views:
        - name: profile
          entities: [user]
          features:
            - {name: score, type: DOUBLE}
            - {name: tier, type: VARCHAR}
            - {name: seen, type: TIMESTAMP WITH TIME ZONE}
            - {name: days_ago, type: INTEGER, days-since: seen}
        - name: stock
          entities: [user]
          ttl: 1h
          features: [{name: level, type: BIGINT}]
        - name: weather
          entities: [place]
          features: [{name: rain, type: 'DECIMAL(6,1)'}]
        - name: archive
          entities: [user]
          online: false
          features: [{name: note, type: VARCHAR}]
      services:
        home: [weather:rain, profile:tier]
      """;

  private static final List<Map<String, Object>> USER = List.of(Map.of("user_id", 7));
  private static final List<Map<String, Object>> OTHER = List.of(Map.of("user_id", 1));

  @TempDir Path folder;
  private TestFeatures features;

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, YAML, NOW);
    var loader = new Loader(features.store);
    features.store.catalog().views().forEach(view -> loader.load(features.view(view.name())));
  }

  @AfterEach
  void close() {
    features.close();
  }

  private Features.Pushed push(String view, List<Map<String, Object>> rows) {
    var pushes = new Pushes(features.store);
    Future<Features.Pushed> answer = pushes.add(new Features.Push("acme", view, rows));
    pushes.flush();
    if (answer.failed()) {
      throw (RuntimeException) answer.cause();
    }
    return answer.result();
  }

  private Features.Online read(List<String> names, List<Map<String, Object>> entities) {
    var store = features.store;
    var limits = new Reader.Limits(store.limits().entitiesMax(), store.clock());
    return new Reader(store.catalog(), store.online(), store.states(), limits)
        .read(new Features.Read("acme", names, entities))
        .result();
  }

  private static Map<String, Object> user(Object id, String time, Object... more) {
    var row = new HashMap<String, Object>();
    row.put("user_id", id);
    row.put("event_timestamp", time);
    for (int i = 0; i < more.length; i += 2) {
      row.put((String) more[i], more[i + 1]);
    }
    return row;
  }

  @Test
  void answersInTheOrderAskedWithAStatusForEachFeature() {
    push("profile", List.of(user(7, "2020-01-10T11:00:00Z", "score", 1.5, "seen", "2020-01-08")));
    push("stock", List.of(user(7, "2020-01-10T10:59:59.999999Z", "level", 3)));
    push("stock", List.of(user(8, "2020-01-10T11:00:00Z", "level", 4)));
    var names = List.of("stock:level", "profile:tier", "profile:score", "profile:days_ago");

    var online =
        read(names, List.of(Map.of("user_id", "8"), Map.of("entity_id", 7), Map.of("user_id", 9)));

    assertThat(online.features()).isEqualTo(names);
    assertThat(online.rows())
        .extracting(Features.Row::values)
        .containsExactly(
            Arrays.asList(4L, null, null, null),
            Arrays.asList(null, null, 1.5, 2),
            Arrays.asList(null, null, null, null));
    assertThat(online.rows())
        .extracting(Features.Row::statuses)
        .containsExactly(
            List.of("PRESENT", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"),
            List.of("OUTSIDE_MAX_AGE", "NULL_VALUE", "PRESENT", "PRESENT"),
            List.of("NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"));
    assertThat(online.rows().get(1).eventTimestamps())
        .startsWith(Instant.parse("2020-01-10T10:59:59.999999Z"));
    assertThat(online.rows().get(1).entity()).isEqualTo(Map.of("entity_id", 7));
    assertThat(online.snapshots()).containsOnlyKeys("stock", "profile");
  }

  @Test
  void namesTheKeyWhereAnotherIsGiven() {
    for (Map<String, Object> entity :
        List.<Map<String, Object>>of(Map.of("town", "bc"), Map.of())) {
      assertThatThrownBy(() -> read(List.of("weather"), List.of(entity)))
          .isInstanceOf(Failure.class)
          .hasMessage(
              "Cannot read weather of entity 1: its key is country, city, but that entity has %s"
                  .formatted(entity.isEmpty() ? "none" : "town"));
    }
    assertThatThrownBy(
            () ->
                read(
                    List.of("profile:tier"),
                    List.of(Map.of("user_id", "1", "note", "x"), Map.of("user", "1"))))
        .hasMessage(
            "Cannot read profile of entity 2: its key is user_id, but that entity has user");
  }

  @Test
  void aMissingKeyIsNotFoundAndACompositeOneIsATuple() {
    push(
        "weather",
        List.of(
            Map.of("country", "a", "city", "bc", "rain", "1.5", "event_timestamp", "2020-01-01")));
    var noCity = new HashMap<String, Object>();
    noCity.put("country", "a");
    noCity.put("city", null);

    var online =
        read(
            List.of("home"),
            List.of(
                Map.of("country", "a", "city", "bc"),
                Map.of("country", "ab", "city", "c"),
                noCity));

    assertThat(online.features()).containsExactly("weather:rain", "profile:tier");
    assertThat(online.rows())
        .extracting(row -> row.statuses().getFirst())
        .containsExactly("PRESENT", "NOT_FOUND", "NOT_FOUND");
  }

  @Test
  void aNullIsAnAnswerAndNotAReasonToLookFurtherBack() {
    push("profile", List.of(user(7, "2020-01-01", "tier", "gold")));
    push("profile", List.of(user(7, "2020-01-02", "tier", null)));
    assertThat(read(List.of("profile:tier"), USER).rows().getFirst().statuses())
        .containsExactly("NULL_VALUE");
  }

  @Test
  void theLastPushedWinsAmongEqualsAndTheFutureWaits() {
    push(
        "profile",
        List.of(
            user(7, "2020-01-10T12:00:01Z", "tier", "next"),
            user(7, "2020-01-10T12:00:00+00:00", "tier", "first"),
            user(7, "2020-01-10 12:00:00", "tier", "second")));
    assertThat(tier()).isEqualTo("second");
    push("profile", List.of(user(7, "2020-01-10T11:59:59Z", "tier", "late")));
    assertThat(tier()).isEqualTo("second");
    features.clock.set(NOW.plusSeconds(1));
    assertThat(tier()).isEqualTo("next");
  }

  private Object tier() {
    return read(List.of("profile:tier"), USER).rows().getFirst().values().getFirst();
  }

  @Test
  void theStoreIsBuiltAgainFromTheTable() {
    push(
        "profile",
        List.of(
            user(7, "2020-01-10T11:00:00Z", "tier", "now", "seen", "2020-01-09T23:59:59Z"),
            user(7, "2020-01-09T11:00:00Z", "tier", "before"),
            user(7, "2020-01-10T13:00:00Z", "tier", "next")));
    var before = read(List.of("profile"), USER);

    new Loader(features.store).load(features.view("profile"));

    assertThat(read(List.of("profile"), USER)).isEqualTo(before);
    assertThat(before.rows().getFirst().values())
        .containsExactly(null, "now", "2020-01-09T23:59:59Z", 1);
    assertThat(features.store.online().size("profile").rows()).isEqualTo(2);
    features.clock.set(NOW.plusSeconds(3600));
    assertThat(tier()).isEqualTo("next");
  }

  @Test
  void refusesAPushWithRowAndColumnAndWritesNothing() {
    refused("row 2: column score: NaN is not finite", user(7, "2020-01-01", "score", Double.NaN));
    refused(
        "row 2: column tiers is not pushed (did you mean tier?)",
        user(7, "2020-01-01", "tiers", "x"));
    refused(
        "row 2: column days_ago is not pushed (it is computed at each read)",
        user(7, "2020-01-01", "days_ago", 3));
    refused("row 2: it has no event_timestamp", user(7, null));
    refused("row 2: it has no user_id", user(null, "2020-01-01"));
    refused("row 2: column score: high is not a DOUBLE", user(7, "2020-01-01", "score", "high"));
    assertThat(features.store.states().of("profile").rows()).isZero();
    assertThat(features.store.online().size("profile").entities()).isZero();
  }

  private void refused(String why, Map<String, Object> row) {
    assertThatThrownBy(() -> push("profile", List.of(user(1, "2020-01-01"), row)))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("Cannot push to profile: " + why);
  }

  @Test
  void refusesMoreThanTheLimits() {
    var row = user(7, "2020-01-01");
    assertThatThrownBy(() -> push("profile", Collections.nCopies(101, row)))
        .hasMessage("Cannot push 101 rows to profile (must be 1..100, features.push-rows-max)");
    var many = Collections.nCopies(1001, Map.<String, Object>of("user_id", 1));
    assertThatThrownBy(() -> read(List.of("profile"), many))
        .hasMessage("Cannot read 1001 entities at once (features.entities-max is 1000)");
  }

  @Test
  void namesTheEntityWhoseKeyCannotBeRead() {
    assertThatThrownBy(
            () -> read(List.of("profile"), List.of(Map.of("user_id", 1), Map.of("user_id", "abc"))))
        .hasMessage("Invalid user_id in entity 2: \"abc\" is not a BIGINT");
  }

  @Test
  void refusesAViewThatIsNotReadyOrNotOnline() {
    features.store.states().update("profile", state -> new ViewStates().of("profile"));
    assertThatThrownBy(() -> read(List.of("profile"), OTHER))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OWNER_BUSY))
        .hasMessage("Cannot read profile: its online store is being built");
    assertThatThrownBy(() -> read(List.of("archive"), OTHER))
        .hasMessage("Cannot read archive: it is not served online (online: false)");
  }

  @Test
  void gathersPushesIntoOneCommit() {
    var pushes = new Pushes(features.store);
    var first =
        pushes.add(
            new Features.Push("acme", "profile", List.of(user(1, "2020-01-01", "tier", "a"))));
    var second =
        pushes.add(
            new Features.Push("acme", "profile", List.of(user(1, "2020-01-01", "tier", "b"))));
    pushes.flush();
    assertThat(first.result().snapshotId()).isEqualTo(second.result().snapshotId());
    assertThat(read(List.of("profile:tier"), OTHER).rows().getFirst().values())
        .containsExactly("b");
  }
}
