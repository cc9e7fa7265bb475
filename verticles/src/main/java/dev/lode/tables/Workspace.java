package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A connection with a database of its own in memory, gone when it closes. */
final class Workspace implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Workspace.class.getName());

  private static final String REASON_LOST = "Invalid result set";

  private final Engine engine;
  private final DuckDBConnection connection;
  private final String database;
  private final AtomicInteger names = new AtomicInteger();
  private Duration limit;
  private String author;

  /** Of the statement that runs; null where nothing does, or it has no limit. */
  private Alarm alarm;

  private long bytesMax = Long.MAX_VALUE;
  private long read;
  private boolean wide;

  Workspace(Engine engine, DuckDBConnection connection, String database) {
    this.engine = engine;
    this.connection = connection;
    this.database = database;
  }

  void limit(Duration time) {
    this.limit = time;
  }

  /** Who reads the messages of failures wrote this: its own texts may stand in them. */
  void author(String statement) {
    this.author = statement;
  }

  void limitBytes(long most) {
    this.bytesMax = most;
  }

  /** So many rows more are read here. Where they are many, all cores work at what follows. */
  void reads(long rows) {
    read += rows;
    if (!wide && read > engine.narrowRowsMax()) {
      engine.widen();
      wide = true;
    }
  }

  /** Says how many rows it wrote, where it writes rows. */
  long execute(String sql) {
    return run(
        connection::createStatement,
        statement -> statement.execute(sql) ? 0L : (long) statement.getUpdateCount());
  }

  Rows query(String sql, int rowsMax, Object... parameters) {
    return run(
        sql,
        statement -> {
          set(statement, parameters);
          try (var result = statement.executeQuery()) {
            return ResultValues.read(result, rowsMax, bytesMax);
          } catch (SQLException e) {
            throw reason(e, sql, parameters);
          }
        });
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, ResultValues.parameter(parameters[i]));
    }
  }

  /** The driver drops the reason why a result that it streams has failed: fails once more. */
  private SQLException reason(SQLException failed, String sql, Object... parameters) {
    boolean isLost = String.valueOf(failed.getMessage()).contains(REASON_LOST);
    if (!isLost || (alarm != null && alarm.rung())) {
      return failed;
    }
    try (var again = connection.prepareStatement("EXPLAIN ANALYZE " + sql)) {
      if (alarm != null) {
        alarm.watch(again);
      }
      set(again, parameters);
      again.execute();
      return failed;
    } catch (SQLException e) {
      return e;
    }
  }

  /** All of a result that is known to be small. */
  List<List<Object>> all(String sql) {
    return query(sql, Integer.MAX_VALUE).rows();
  }

  /** A name that nothing in this workspace has. */
  String fresh(String prefix) {
    return "_lode_" + prefix + names.incrementAndGet();
  }

  /** Makes a temporary table of these rows, instead of one that had its name. */
  void load(String name, String columnsDdl, Iterable<Object[]> rows) {
    execute("CREATE OR REPLACE TEMP TABLE %s (%s)".formatted(Sql.name(name), columnsDdl));
    fill(
        "temp",
        name,
        appender -> {
          for (Object[] row : rows) {
            appender.beginRow();
            for (Object value : row) {
              ResultValues.append(appender, value);
            }
            appender.endRow();
          }
        });
  }

  /** Makes a table of one column, {@code _lode_key}; {@code source} feeds it. */
  String keys(Consumer<LongConsumer> source) {
    String lists = fresh("lists");
    String keys = fresh("keys");
    execute("CREATE TABLE %s (list BIGINT[])".formatted(lists));
    fill(database, lists, appender -> new Chunks(appender).feed(source));
    execute("CREATE TABLE %s AS SELECT unnest(list) AS _lode_key FROM %s".formatted(keys, lists));
    execute("DROP TABLE " + lists);
    return database + "." + keys;
  }

  /** Gives each row to {@code reader}, which must not keep it. */
  void forEach(String sql, Work<ResultSet> reader) {
    run(
        sql,
        statement -> {
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              reader.run(rows);
            }
          } catch (SQLException e) {
            throw reason(e, sql);
          }
          return null;
        });
  }

  @Override
  public void close() {
    try {
      engine.close(connection, database);
    } finally {
      if (wide) {
        engine.narrow();
      }
    }
  }

  private void fill(String catalog, String table, Work<DuckDBAppender> work) {
    try (var appender = connection.createAppender(catalog, "main", table)) {
      work.run(appender);
    } catch (SQLException e) {
      throw failure("Cannot load " + table, e);
    }
  }

  private <T> T run(String sql, Answer<PreparedStatement, T> answer) {
    return run(() -> connection.prepareStatement(sql), answer);
  }

  private <S extends Statement, T> T run(Opening<S> opening, Answer<S, T> answer) {
    if (limit == null) {
      try (S statement = opening.open()) {
        return answer.of(statement);
      } catch (SQLException e) {
        throw failure("Cannot run SQL", e, author);
      }
    }
    var set = engine.alarm(limit);
    alarm = set;
    try (set) {
      try (S statement = opening.open()) {
        set.watch(statement);
        return answer.of(statement);
      }
    } catch (SQLException e) {
      throw set.rung()
          ? new Failure(
              ErrorCode.DEADLINE_PASSED,
              "Cannot finish the query in %d ms".formatted(limit.toMillis()))
          : failure("Cannot run SQL", e, author);
    } finally {
      alarm = null;
    }
  }

  /** The engine's own sentence, without values, as nobody here wrote the statement. */
  static Failure failure(String what, SQLException cause) {
    return failure(what, cause, null);
  }

  /** As {@link EngineMessage#of}. */
  private static Failure failure(String what, SQLException cause, String statement) {
    var message = EngineMessage.of(String.valueOf(cause.getMessage()), statement);
    LOG.log(System.Logger.Level.DEBUG, () -> what + ": " + message);
    var code = code(message.kind());
    String hint = statement == null || message.hint().isEmpty() ? code.hint() : message.hint();
    return new Failure(code, what + ": " + message, hint);
  }

  private static ErrorCode code(String kind) {
    return switch (kind) {
      case "Out of Memory Error" -> ErrorCode.LIMIT_EXCEEDED;
      case "IO Error", "INTERNAL Error", "FATAL Error" -> ErrorCode.INTERNAL;
      default -> ErrorCode.SQL_REFUSED;
    };
  }

  private interface Opening<S> {
    S open() throws SQLException;
  }

  private interface Answer<S, T> {
    T of(S statement) throws SQLException;
  }

  /** Something done with a part of the driver. */
  interface Work<T> {
    void run(T target) throws SQLException;
  }

  /** Numbers appended as lists, many at a time: twenty times as fast as one by one. */
  private static final class Chunks {
    private static final int CHUNK = 1 << 16;

    private final DuckDBAppender appender;
    private final long[] chunk = new long[CHUNK];
    private int filled;

    Chunks(DuckDBAppender appender) {
      this.appender = appender;
    }

    void feed(Consumer<LongConsumer> source) throws SQLException {
      source.accept(this::add);
      flush();
    }

    private void add(long number) {
      if (filled == CHUNK) {
        try {
          flush();
        } catch (SQLException e) {
          throw failure("Cannot load keys", e);
        }
      }
      chunk[filled++] = number;
    }

    private void flush() throws SQLException {
      appender.beginRow().append(Arrays.copyOf(chunk, filled)).endRow();
      filled = 0;
    }
  }
}
