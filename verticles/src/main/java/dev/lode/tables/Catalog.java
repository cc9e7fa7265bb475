package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.util.ThreadPools;

/** The names of the lake: which tables there are, and where their newest metadata is. */
final class Catalog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Catalog.class.getName());
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final Map<String, String> TABLE_PROPERTIES =
      Map.of(
          TableProperties.FORMAT_VERSION, "3",
          TableProperties.PARQUET_COMPRESSION, "zstd",
          TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
          TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20",
          TableProperties.MANIFEST_MIN_MERGE_COUNT, "30");

  static {
    // As in CommitThreads, for plans: 85 ms for many small manifests, 12 in the thread that asks.
    // Read once, when Iceberg is first used.
    System.setProperty("iceberg.scan.plan-in-worker-pool", "false");
    // It registers what ends it, which fails once a stop has begun: not in the first commit.
    ThreadPools.getWorkerPool();
  }

  private static final String NAME = "lode";

  /** Whose properties hold what is known of the whole lake: a copy of any of it has Bronze. */
  private static final Namespace NOTED = Namespace.of("bronze");

  private final JdbcCatalog catalog;

  /** The same names, for other engines: it touches no file of Lode's own layers. */
  private final JdbcCatalog fenced;

  private final CatalogDatabase database;
  private final Warehouse warehouse;

  /** Null where other processes share the catalog. */
  private final OneProcess process;

  private final ConcurrentHashMap<TableName, LakeTable> tables = new ConcurrentHashMap<>();

  /** Written to while tables of one transaction change, read while several are looked at. */
  private final ReadWriteLock cut = new ReentrantReadWriteLock();

  private Catalog(
      Connected connected, JdbcCatalog fenced, Warehouse warehouse, OneProcess process) {
    this.catalog = connected.catalog;
    this.database = connected.database;
    this.fenced = fenced;
    this.warehouse = warehouse;
    this.process = process;
  }

  private record Connected(JdbcCatalog catalog, CatalogDatabase database) {}

  static Catalog open(LakeOptions options) {
    return open(options, Writer.THIS_PROCESS, new Disk(options.fsync()));
  }

  /** From now on {@code writer} commits to the lake, and no other. */
  static Catalog open(LakeOptions options, Writer writer, Disk disk) {
    String url = checked(options.catalogUrl());
    return open(options, url.startsWith(SQLITE) ? OneProcess.of(file(url)) : null, writer, disk);
  }

  /** Only to be read from: another process may be writing to it. */
  static Catalog beside(LakeOptions options) {
    checked(options.catalogUrl());
    return open(options, null, null, new Disk(options.fsync()));
  }

  private static Catalog open(LakeOptions options, OneProcess process, Writer writer, Disk disk) {
    String url = options.catalogUrl();
    var warehouse = Warehouse.open(options.warehouse(), disk);
    var properties = new HashMap<String, String>();
    properties.put(
        CatalogProperties.URI, url.startsWith(SQLITE) ? url + sqlite(options.fsync()) : url);
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse.location());
    properties.put(CatalogProperties.CLIENT_POOL_SIZE, "1");
    properties.put("jdbc.schema-version", "V1");
    var connections = new JdbcClientPool(properties.get(CatalogProperties.URI), properties);
    var database = new CatalogDatabase(NAME, connections, process);
    var catalog =
        new JdbcCatalog(ignored -> warehouse.io(), ignored -> connections, true) {
          @Override
          protected TableOperations newTableOps(TableIdentifier table) {
            return new CatalogOperations(database, warehouse.io(), table);
          }
        };
    var fenced =
        new JdbcCatalog(ignored -> new FencedFileIO(warehouse), null, true) {
          @Override
          protected String defaultWarehouseLocation(TableIdentifier table) {
            return warehouse.location() + "/" + ForeignNames.folder(table);
          }
        };
    return ask(
        () -> {
          catalog.initialize(NAME, properties);
          if (writer != null) {
            checkPlace(database, warehouse);
            database.take(writer, options.clock().instant());
          }
          properties.put("jdbc.strict-mode", "true");
          fenced.initialize(NAME, properties);
          return new Catalog(new Connected(catalog, database), fenced, warehouse, process);
        });
  }

  /** Whoever wrote below another folder would leave half of the tables where nobody looks. */
  private static void checkPlace(CatalogDatabase database, Warehouse warehouse) {
    if (warehouse.isLocal()) {
      database
          .elsewhere(warehouse.location())
          .ifPresent(
              location -> {
                throw new Failure(
                    ErrorCode.INVALID_CONFIG,
                    "Cannot open the catalog: its tables lie elsewhere than in the warehouse %s: %s"
                        .formatted(warehouse.location(), location),
                    "Set warehouse.url to where they lie (embedded is a folder of each data"
                        + " directory), or catalog.url to a database of its own; a data directory"
                        + " that was moved or copied: go back, or ./lode backup and restore.");
              });
    }
  }

  CatalogDatabase database() {
    return database;
  }

  /** For other engines. */
  JdbcCatalog fenced() {
    return fenced;
  }

  /** The root of all table files. */
  String warehouse() {
    return warehouse.location();
  }

  /** As {@link Lake#hold()}. */
  Hold hold() {
    if (process == null) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot hold the files of a catalog that other processes share (catalog.url is Postgres)",
          "Stop every Lode on it; then pg_dump the catalog, and copy the warehouse.");
    }
    return warehouse.hold();
  }

  /** Of those in this process who read files, or keep them. */
  Holds holds() {
    return warehouse.holds();
  }

  /** As of one transaction, into a file that is not there. */
  void copyTo(Path file) {
    CatalogFile.copy(process.catalog(), file);
  }

  FileIO io() {
    return warehouse.io();
  }

  LakeTable table(TableName name) {
    LakeTable known = tables.get(name);
    return known != null ? known : tables.computeIfAbsent(name, this::load);
  }

  /** As {@link #table}, to write to; FENCED where another process is known to do so. */
  LakeTable writing(TableName name) {
    database.checkKnown();
    return table(name);
  }

  private LakeTable load(TableName name) {
    try {
      return ask(
          () -> {
            Table table = catalog.loadTable(identifier(name));
            Table second = process == null ? catalog.loadTable(identifier(name)) : table;
            return new LakeTable(name, table, second);
          });
    } catch (NoSuchTableException e) {
      throw absent(name);
    }
  }

  /** As {@link #table}, with what other processes have committed where the catalog is shared. */
  LakeTable fresh(TableName name) {
    LakeTable table = table(name);
    if (process == null) {
      table.refresh();
    }
    return table;
  }

  /** What they are at one moment: no transaction of this process is seen in part. */
  Map<TableName, LakeTable.State> states(Collection<TableName> names) {
    var all = names.stream().distinct().map(this::fresh).toList();
    cut.readLock().lock();
    try {
      return all.stream().collect(Collectors.toMap(LakeTable::name, LakeTable::state));
    } finally {
      cut.readLock().unlock();
    }
  }

  /** Shows readers what was committed to all of them. */
  void committed(Collection<LakeTable> all) {
    cut.writeLock().lock();
    try {
      all.forEach(LakeTable::committed);
    } finally {
      cut.writeLock().unlock();
    }
  }

  /** One thread at a time: JdbcCatalog answers a lost race with whatever the database said. */
  private synchronized void ensure(Namespace namespace) {
    try {
      if (!catalog.namespaceExists(namespace)) {
        catalog.createNamespace(namespace);
      }
    } catch (AlreadyExistsException | UncheckedSQLException e) {
      if (!catalog.namespaceExists(namespace)) {
        throw e;
      }
    }
  }

  Map<String, String> notes() {
    return ask(
        () ->
            catalog.namespaceExists(NOTED)
                ? catalog.loadNamespaceMetadata(NOTED)
                : Map.<String, String>of());
  }

  void note(String key, String value) {
    database.check();
    ensure(NOTED);
    ask(() -> catalog.setProperties(NOTED, Map.of(key, value)));
  }

  /** Leaves a table that exists as it is. */
  void create(TableSpec spec) {
    var namespace = Namespace.of(spec.name().layer());
    if (!OwnLayers.contain(namespace)) {
      throw Failure.invalid(
          "Cannot create %s: the namespace is not Lode's (must be one of %s)"
              .formatted(spec.name(), OwnLayers.names()));
    }
    ensure(namespace);
    var properties = new HashMap<>(TABLE_PROPERTIES);
    if (spec.fields().equals(BronzeTable.FIELDS)) {
      properties.putAll(BronzeTable.PROPERTIES);
    }
    properties.put(Schemas.KEY, String.join(",", spec.key()));
    properties.put(Schemas.COMMENT, spec.doc());
    Schema schema = Schemas.schema(spec);
    try {
      catalog
          .buildTable(identifier(spec.name()), schema)
          .withPartitionSpec(Schemas.partitions(schema, spec))
          .withProperties(properties)
          .create();
    } catch (AlreadyExistsException e) {
      // As above.
    }
  }

  boolean exists(TableName name) {
    return tables.containsKey(name) || ask(() -> catalog.tableExists(identifier(name)));
  }

  /** Of Lode's own layers: what other engines put beside them may bear any name. */
  SortedSet<TableName> names() {
    var names = new TreeSet<TableName>();
    for (Namespace namespace : ask(catalog::listNamespaces)) {
      if (!OwnLayers.contain(namespace)) {
        continue;
      }
      for (TableIdentifier table : ask(() -> catalog.listTables(namespace))) {
        names.add(new TableName(table.namespace().level(0), table.name()));
      }
    }
    return names;
  }

  @Override
  public void close() {
    fenced.close();
    catalog.close();
    if (process != null) {
      process.close();
    }
  }

  private Failure absent(TableName name) {
    String nearest =
        Nearest.to(name.toString(), names().stream().map(TableName::toString).toList())
            .map(" (did you mean %s?)"::formatted)
            .orElse("");
    return new Failure(ErrorCode.TABLE_NOT_FOUND, "No table " + name + nearest);
  }

  private static TableIdentifier identifier(TableName name) {
    return TableIdentifier.of(name.layer(), name.name());
  }

  private static String checked(String url) {
    if (url.startsWith(SQLITE) || url.startsWith(POSTGRES)) {
      return url;
    }
    throw new Failure(
        ErrorCode.INVALID_CONFIG,
        "Cannot open the catalog %s (must be %s<file> or %s...)".formatted(url, SQLITE, POSTGRES),
        "Correct catalog.url in conf/lode.yaml.");
  }

  /** SQLite waits for the disk where our own files do. */
  private static String sqlite(boolean fsync) {
    return "?journal_mode=WAL&busy_timeout=10000&synchronous=" + (fsync ? "FULL" : "OFF");
  }

  static Path file(String url) {
    Path file = Path.of(url.substring(SQLITE.length())).toAbsolutePath();
    try {
      Durable.makeFolder(file.getParent(), new Disk(true));
      return file;
    } catch (IOException e) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG, "Cannot open the catalog: no folder for " + file + ": " + e);
    }
  }

  /** A question to the database of the catalog; BACKEND_DOWN where it does not answer. */
  static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (UncheckedSQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The catalog does not answer", e);
      String cause = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new Failure(ErrorCode.BACKEND_DOWN, "Cannot ask the catalog: " + cause);
    }
  }
}
