package dev.lode.vectors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Shards;
import dev.lode.codecs.Vectors;
import dev.lode.codecs.Vectors.Synced;
import dev.lode.fold.Folds;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.text.CountingEmbedder;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that other hands have harmed, while no table has moved. */
class RebuildTest {
  @TempDir Path folder;
  private NotesLake notes;
  private VectorSpec spec;
  private Synchroniser synchroniser;

  @BeforeEach
  void open() {
    notes = new NotesLake(folder, new CountingEmbedder());
    spec = notes.parts().specs().getFirst();
    var parts = notes.parts();
    synchroniser =
        new Synchroniser(
            new Synchroniser.Site(
                parts.lake(),
                parts.sources(),
                parts.indexes(),
                parts.embedders(),
                new Folds(parts.lake(), 1_000_000),
                1));
  }

  @AfterEach
  void close() {
    notes.close();
  }

  private void harm() {
    notes.add("('a', 1, 'red mug', 5)", "('a', 2, 'blue hat', 3)", "('a', 3, 'green tie', 3)");
    notes.synchronise("a");
    notes
        .parts()
        .indexes()
        .write(
            new Partition("notes", "a"),
            index -> {
              index.remove(List.of("1", "3"));
              index.publish(index.checkpoint());
              return null;
            });
    assertThat(synchroniser.turn(spec, "a")).as("no table has moved").isEmpty();
    assertThat(documents()).isEqualTo(1);
  }

  private long documents() {
    return notes
        .parts()
        .indexes()
        .read(new Partition("notes", "a"), index -> index.documents())
        .orElseThrow();
  }

  @Test
  void bringsBackWhatIsMissingAndDoesNothingTheNextTime() {
    harm();

    assertThat(synchroniser.rebuild(spec, "a"))
        .as("in turns of one document")
        .isEqualTo(new Synced("a", "notes", notes.head(), 2, 0, 0));
    assertThat(documents()).isEqualTo(3);
    assertThat(synchroniser.rebuild(spec, "a"))
        .isEqualTo(new Synced("a", "notes", notes.head(), 0, 0, 0));
  }

  @Test
  void isAskedOfTheOwner() throws Exception {
    harm();
    var worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
    for (int shard = 0; shard < 2; shard++) {
      notes
          .vertx
          .deployVerticle(new VectorSyncVerticle(notes.parts(), new Shards(2), shard), worker)
          .await(10, SECONDS);
    }

    assertThat(rebuild("a", "notes").embedded()).isEqualTo(2);
    assertThat(documents()).isEqualTo(3);
    assertThatThrownBy(() -> rebuild("a", "nots"))
        .hasMessage("Cannot rebuild nots: no such namespace (did you mean notes?)");
    assertThatThrownBy(() -> rebuild("z", "notes"))
        .hasMessage("Cannot rebuild notes: no tenant z (there are: a, b, c)");
  }

  private Synced rebuild(String tenantId, String namespace) throws Exception {
    return notes
        .parts()
        .bus()
        .request(Vectors.REBUILD, new Vectors.Rebuild(tenantId, namespace))
        .await(10, SECONDS);
  }

  @Test
  void isRefusedWhereNothingIsThere() {
    assertThatThrownBy(() -> synchroniser.rebuild(spec, "a"))
        .hasMessage("Cannot rebuild notes: nothing is there yet of [silver.note]");
  }
}
