package dev.lode.vectors;

import static dev.lode.tables.TableSpec.Field.required;

import dev.lode.codecs.Bus;
import dev.lode.config.DataSize;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.fold.Folds;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import dev.lode.vectors.lucene.Indexes;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Embedder;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A lake with one table, one namespace over it, and what the verticles need. */
final class NotesLake implements AutoCloseable {
  static final TableName NOTE = TableName.of("silver.note");

  private static final List<String> TENANTS = List.of("a", "b", "c");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final VectorSpec NOTES =
      new VectorSpec(
          "notes",
          null,
          "silver.note",
          null,
          null,
          List.of("id"),
          null,
          "{body}",
          List.of("stars"),
          null,
          null,
          "counting",
          null);

  final Vertx vertx = Vertx.vertx();
  private final Lake lake;
  private final VectorIndexes indexes;
  private final VectorParts parts;

  NotesLake(Path folder, Embedder embedder) {
    Bus.registerCodecs(vertx);
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            NOTE,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                required("id", "BIGINT", "number"),
                required("body", "VARCHAR", "text"),
                required("stars", "INTEGER", "rating")),
            KEY,
            List.of("tenant_id"),
            "Notes."));
    indexes = Indexes.open(folder.resolve("vectors"));
    var bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(10)), Clock.systemUTC());
    parts =
        new VectorParts(
            bus,
            lake,
            new Sources(lake),
            List.of(NOTES),
            TENANTS,
            indexes,
            name -> embedder,
            config());
  }

  private static LodeConfig.Vectors config() {
    return new LodeConfig.Vectors(
        Span.parse("100ms"),
        1000,
        1000,
        1,
        100,
        100,
        1_000_000,
        100_000,
        DataSize.parse("16MB"),
        100,
        100,
        DataSize.parse("1MB"),
        8);
  }

  VectorParts parts() {
    return parts;
  }

  void add(String... rows) {
    try (Session session = lake.session()) {
      String select =
          "SELECT * FROM (VALUES " + String.join(", ", rows) + ") AS t(tenant_id, id, body, stars)";
      session.upsert(NOTE, new Upsert(KEY, select, null), Progress.NONE);
    }
  }

  void remove(String tenantId, long id) {
    try (Session session = lake.session()) {
      String keys = "SELECT '" + tenantId + "' AS tenant_id, " + id + " AS id";
      session.upsert(NOTE, new Upsert(KEY, null, keys), Progress.NONE);
    }
  }

  void synchronise(String... tenantIds) {
    var site =
        new Synchroniser.Site(
            lake, parts.sources(), indexes, parts.embedders(), new Folds(lake, 1_000_000), 100);
    var synchroniser = new Synchroniser(site);
    for (String tenantId : tenantIds) {
      synchroniser.turn(NOTES, tenantId);
    }
  }

  long head() {
    return lake.head(NOTE).orElseThrow().id();
  }

  @Override
  public void close() {
    vertx.close().await();
    indexes.close();
    lake.close();
  }
}
