package dev.lode.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All of {@code conf/lode.yaml}; the file says what each key means, and why its default is what it
 * is.
 */
public record LodeConfig(
    Http http,
    List<String> tenants,
    List<Key> keys,
    Deploy deploy,
    Bus bus,
    Url catalog,
    Url warehouse,
    Disk disk,
    Engine engine,
    KeyIndex keyIndex,
    Ingest ingest,
    Bronze bronze,
    Silver silver,
    Gold gold,
    Vectors vectors,
    Features features,
    Lineage lineage,
    Maintenance maintenance,
    Tools tools,
    Backup backup,
    Replay replay) {

  public LodeConfig {
    tenants = List.copyOf(tenants);
    keys = List.copyOf(keys);
  }

  /** As {@code file} says, or its twin with the other ending; the rest as it ships. */
  public static LodeConfig read(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot read the configuration: there is no folder %s".formatted(folder));
    }
    return ConfigFile.readOver(shipped(), YamlFiles.either(file), LodeConfig.class);
  }

  private static String shipped() {
    try (var defaults = LodeConfig.class.getResourceAsStream("/conf/lode.yaml")) {
      return new String(
          requireNonNull(defaults, "conf/lode.yaml is not in the program").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the defaults", e);
    }
  }

  /** The same, served on {@code port}; 0 for any free one. */
  public LodeConfig withPort(int port) {
    return new LodeConfig(
        http.withPort(port),
        tenants,
        keys,
        deploy,
        bus,
        catalog,
        warehouse,
        disk,
        engine,
        keyIndex,
        ingest,
        bronze,
        silver,
        gold,
        vectors,
        features,
        lineage,
        maintenance,
        tools,
        backup,
        replay);
  }

  public record Http(
      String host,
      int port,
      DataSize requestBodyMax,
      DataSize uploadMax,
      DataSize gzipHeld,
      int connectionsMax,
      Span requestTimeout,
      DataSize bodyRateMin,
      Span drainTime) {
    Http withPort(int other) {
      return new Http(
          host,
          other,
          requestBodyMax,
          uploadMax,
          gzipHeld,
          connectionsMax,
          requestTimeout,
          bodyRateMin,
          drainTime);
    }
  }

  /** {@code key} is the secret itself or {@code env:NAME}; {@code role} admin, writer or reader. */
  public record Key(String name, String tenant, String role, String key) {}

  /** Instances of each verticle. */
  public record Deploy(
      int http,
      int ingest,
      int bronze,
      int silver,
      int gold,
      int vectors,
      int features,
      int lineage,
      int maintenance,
      int tools,
      int catalog) {}

  public record Bus(int inFlightMax, Span timeout) {}

  /** {@code embedded}, or where it is instead. */
  public record Url(String url) {
    public boolean isEmbedded() {
      return url.equals("embedded");
    }
  }

  public record Disk(DataSize freeMin) {}

  public record Engine(
      DataSize memory,
      int threads,
      long narrowRowsMax,
      long recentRowsMax,
      int sessionsMax,
      Span sessionWait,
      boolean fsync) {}

  public record KeyIndex(DataSize memory) {}

  public record Ingest(
      DataSize lineMax,
      int chunkRecords,
      DataSize chunkBytes,
      int chunksInFlight,
      DataSize inFlightBytes,
      int streamsMax,
      int tenantStreamsMax,
      Span idleTimeout,
      int defectsMax,
      Span idempotencyWindow) {}

  public record Bronze(
      int groupRecords,
      DataSize groupBytes,
      Span groupTime,
      int pendingMax,
      int commitThreads,
      int keysMax) {}

  public record Silver(
      int batchRecords, int bulkRecords, Span catchUp, String hmacKey, double qualityAlertBelow) {}

  public record Gold(
      Span catchUp,
      int incrementalKeysMin,
      int incrementalKeysMax,
      int filesMax,
      long foldRowsMax,
      Span refreshInterval,
      Span auditInterval,
      int auditKeys,
      Span auditTime) {}

  public record Vectors(
      Span catchUp,
      int topKMax,
      int textMax,
      int embedThreads,
      int textsRemembered,
      int turnDocuments,
      long foldRowsMax,
      int scanMax,
      DataSize codesMemory,
      int efSearch,
      int fusionDepth,
      DataSize indexBuffer,
      int openIndexesMax) {}

  public record Features(
      Span catchUp,
      int entitiesMax,
      int trainingRowsMax,
      DataSize trainingFilesMax,
      Span trainingFilesAge,
      int trainingEntitiesMax,
      Span trainingTime,
      DataSize trainingBytes,
      int pushRowsMax,
      int onlineRowsMax,
      long foldRowsMax) {}

  public record Lineage(String openlineageUrl, Span flushTime, int nodesMax) {}

  public record Maintenance(
      Span interval,
      DataSize targetFileSize,
      int filesMin,
      double deleteRatio,
      Span snapshotAge,
      int snapshotsMin,
      int snapshotsMax,
      int snapshotsBatch,
      Span removeAfter,
      Span orphanAge,
      Span orphanInterval,
      List<String> serveWithoutDeletes) {
    public Maintenance {
      serveWithoutDeletes = List.copyOf(serveWithoutDeletes);
    }
  }

  public record Tools(
      Span timeout,
      int sqlRowsMax,
      DataSize sqlBytesMax,
      Span sqlTime,
      int sqlWaitingMax,
      int sqlDepthMax,
      int sqlNodesMax,
      int sqlTablesMax,
      int sqlColumnsMax) {}

  /** {@code within} is a folder, or {@code any} where there are no keys. */
  public record Backup(int keep, String within) {}

  public record Replay(Span patience, int remembered) {}
}
