package dev.lode.vectors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.codecs.Vectors;
import dev.lode.vectors.text.CountingEmbedder;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorVerticlesIT {
  private static final Shards SHARDS = new Shards(2);

  @TempDir Path folder;
  private final Map<String, BlockingQueue<Vectors.Synced>> synced = new ConcurrentHashMap<>();
  private NotesLake notes;

  @BeforeEach
  void deploy() throws Exception {
    notes = new NotesLake(folder, new CountingEmbedder());
    notes.add("('a', 1, 'red mug', 5)", "('b', 2, 'blue hat', 3)");
    notes
        .parts()
        .bus()
        .listen(Vectors.SYNCED, fact -> synced(fact.tenantId()).add(fact))
        .await(5, SECONDS);
    var worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      notes
          .vertx
          .deployVerticle(new VectorSyncVerticle(notes.parts(), SHARDS, shard), worker)
          .await(10, SECONDS);
      notes
          .vertx
          .deployVerticle(new VectorSearchVerticle(notes.parts(), true, SHARDS, shard))
          .await(10, SECONDS);
    }
  }

  @AfterEach
  void close() {
    notes.close();
  }

  @Test
  void showsWhatWasThereBeforeItStarted() throws Exception {
    awaitHead("a");
    awaitHead("b");

    assertThat(ids("a", "red mug")).containsExactly("1");
    assertThat(ids("b", "red mug")).containsExactly("2");
  }

  @Test
  void followsAFactAtOnceAndALostOneSoon() throws Exception {
    awaitHead("a");
    notes.add("('a', 3, 'green scarf', 4)");
    notes
        .parts()
        .bus()
        .publish(
            Silver.COMMITTED,
            new Silver.Committed("a", "silver.note", notes.head(), 1, 0, 1, false));
    awaitHead("a");
    assertThat(ids("a", "green scarf")).containsExactly("3", "1");

    notes.remove("a", 1);
    awaitHead("a");
    assertThat(ids("a", "green scarf")).containsExactly("3");
  }

  @Test
  void saysWhatItHolds() throws Exception {
    awaitHead("a");

    var report =
        notes.parts().bus().request(Status.of("vectors"), new Status.Ask("a")).await(5, SECONDS);

    assertThat(report.ready()).isTrue();
    assertThat(report.values())
        .containsEntry("simd", true)
        .extractingByKey("namespaces")
        .asInstanceOf(LIST)
        .singleElement()
        .asInstanceOf(MAP)
        .containsEntry("namespace", "notes")
        .containsEntry("documents", 1L)
        .containsEntry("vectors", 1L)
        .containsEntry("snapshot_ids", Map.of("silver.note", notes.head()));
  }

  @Test
  void repliesWithTheFailure() {
    var search =
        new Vectors.Search("a", "nots", "x", null, 1, Map.of(), "vector", "sum", "document");

    assertThatThrownBy(
            () -> notes.parts().bus().request(Vectors.SEARCH.owner(0), search).await(5, SECONDS))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NAMESPACE_NOT_FOUND));
  }

  private void awaitHead(String tenantId) throws InterruptedException {
    Vectors.Synced fact;
    do {
      fact = synced(tenantId).poll(20, SECONDS);
      assertThat(fact).as("tells of " + tenantId + " at " + notes.head()).isNotNull();
    } while (fact.snapshotId() != notes.head());
  }

  private BlockingQueue<Vectors.Synced> synced(String tenantId) {
    return synced.computeIfAbsent(tenantId, first -> new LinkedBlockingQueue<>());
  }

  private List<String> ids(String tenantId, String text) throws Exception {
    var search =
        new Vectors.Search(
            tenantId, "notes", text, null, 10, Map.of(), "vector", "sum", "document");
    int owner = SHARDS.owner("notes/" + tenantId);
    return notes
        .parts()
        .bus()
        .request(Vectors.SEARCH.owner(owner), search)
        .await(5, SECONDS)
        .hits()
        .stream()
        .map(Vectors.Hit::id)
        .toList();
  }
}
