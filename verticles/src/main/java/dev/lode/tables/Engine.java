package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;

/**
 * One DuckDB in memory, shared by all workspaces: one budget of memory and threads. A statement
 * over few rows costs a third more processor time where it is dealt out to several threads, and
 * takes as long: there are several only while a workspace reads many rows. It loads no extension; a
 * guarded one reaches no file outside the warehouse and cannot be reconfigured.
 */
final class Engine implements AutoCloseable {
  /** Took a third of all optimising, and no statement of ours has a plan twice. */
  private static final String COSTLY = "common_subplan";

  private final DuckDBConnection root;

  /** 1 where nothing is to be changed. */
  private final int threads;

  private final long narrowRowsMax;

  /** Workspaces that want all threads. */
  private int wide;

  /** Threads that there are. */
  private int running;

  private final Semaphore places;
  private final Duration patience;
  private final AtomicLong names = new AtomicLong();
  private final ScheduledThreadPoolExecutor alarms =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("lode-engine-alarms").factory());

  private Engine(DuckDBConnection root, LakeOptions options, int threads) {
    this.root = root;
    this.threads = threads;
    this.running = options.threads();
    this.narrowRowsMax = options.narrowRowsMax();
    this.places = new Semaphore(options.sessionsMax(), true);
    this.patience = options.sessionWait();
    this.alarms.setRemoveOnCancelPolicy(true);
  }

  static Engine open(LakeOptions options) {
    return open(
        options,
        options.scratch().resolve("engine"),
        options.threads(),
        List.of("SET GLOBAL disabled_optimizers=" + Sql.text(COSTLY)));
  }

  /** For SQL that strangers wrote. */
  static Engine guarded(LakeOptions options, String warehouse) {
    return open(
        options,
        options.scratch().resolve("guarded"),
        1,
        List.of(
            "SET memory_limit='%dB'".formatted(DataSize.parse(options.memory()).bytes() / 2),
            "SET allowed_directories=" + Sql.texts(List.of(warehouse + "/")),
            "SET GLOBAL lambda_syntax='ENABLE_SINGLE_ARROW'",
            "SET enable_external_access=false",
            "SET lock_configuration=true"));
  }

  private static Engine open(LakeOptions options, Path scratch, int threads, List<String> last) {
    var properties = new Properties();
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("memory_limit", options.memory());
    properties.setProperty("threads", Integer.toString(options.threads()));
    var settings = new ArrayList<String>();
    settings.add("SET GLOBAL temp_directory=" + Sql.text(scratch.toString()));
    settings.add("SET GLOBAL TimeZone='UTC'");
    settings.addAll(last);
    try {
      Files.createDirectories(scratch);
      removeLeftovers(scratch);
      var root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
      for (String setting : settings) {
        run(root, setting);
      }
      var engine = new Engine(root, options, threads);
      engine.threads(1);
      return engine;
    } catch (SQLException | IOException e) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot start the engine in %s: %s".formatted(scratch, e.getMessage()));
    }
  }

  /** What an engine that was killed has spilled: no process uses files that are older than it. */
  private static void removeLeftovers(Path scratch) throws IOException {
    var start = ProcessHandle.current().info().startInstant();
    try (var files = Files.list(scratch)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (start.isPresent()
            && Files.getLastModifiedTime(file).toInstant().isBefore(start.get())) {
          Files.delete(file);
        }
      }
    }
  }

  /** Waits for a place. */
  Workspace workspace() {
    admit();
    try {
      String database = "s" + names.incrementAndGet();
      DuckDBConnection connection = root.duplicate();
      run(connection, "ATTACH ':memory:' AS " + database);
      run(connection, "USE " + database);
      return new Workspace(this, connection, database);
    } catch (SQLException e) {
      places.release();
      throw Workspace.failure("Cannot open a session", e);
    }
  }

  /** Kept until it or the engine closes. */
  Shelf shelf() {
    String database = "shelf" + names.incrementAndGet();
    try (DuckDBConnection connection = root.duplicate()) {
      run(connection, "ATTACH ':memory:' AS " + database);
      return new Shelf(this, database);
    } catch (SQLException e) {
      throw Workspace.failure("Cannot make a database in memory", e);
    }
  }

  void close(Shelf shelf) {
    try (DuckDBConnection connection = root.duplicate()) {
      run(connection, "DETACH " + shelf.name());
    } catch (SQLException e) {
      throw Workspace.failure("Cannot drop a database in memory", e);
    }
  }

  /** A workspace that reads more has all threads. */
  long narrowRowsMax() {
    return narrowRowsMax;
  }

  /**
   * Until as many calls of {@link #narrow()}, all threads are used; where it fails, it was none.
   */
  synchronized void widen() {
    threads(threads);
    wide++;
  }

  /** Where it fails, there are too many threads until the next call that comes to the last. */
  synchronized void narrow() {
    wide--;
    if (wide == 0) {
      threads(1);
    }
  }

  private void threads(int now) {
    if (threads > 1 && running != now) {
      try {
        run(root, "SET GLOBAL threads=" + now);
        running = now;
      } catch (SQLException e) {
        throw Workspace.failure("Cannot set the engine's threads", e);
      }
    }
  }

  private void admit() {
    try {
      if (places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(
          ErrorCode.BACKEND_DOWN, "Cannot open a session: its thread was told to stop");
    }
    throw new Failure(
        ErrorCode.OWNER_BUSY,
        "Cannot open a session: all are in use and none came free in %d ms"
            .formatted(patience.toMillis()));
  }

  void close(DuckDBConnection connection, String database) {
    try (connection) {
      run(connection, "USE memory");
      run(connection, "DETACH " + database);
    } catch (SQLException e) {
      throw Workspace.failure("Cannot close a session", e);
    } finally {
      places.release();
    }
  }

  /** Cancels what it watches after {@code time}, unless it is called off before. */
  Alarm alarm(Duration time) {
    return new Alarm(alarms, time);
  }

  @Override
  public void close() {
    alarms.shutdownNow();
    try {
      root.close();
    } catch (SQLException e) {
      throw Workspace.failure("Cannot stop the engine", e);
    }
  }

  static void run(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
