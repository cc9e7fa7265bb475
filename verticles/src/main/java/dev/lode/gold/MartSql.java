package dev.lode.gold;

import static dev.lode.gold.ExpectationSql.RESULT;
import static dev.lode.gold.ExpectationSql.STAGED;

import dev.lode.codecs.Failure;
import dev.lode.tables.Alterations;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compiles the SQL of marts as a build does, over tables without rows. Blocks. */
public final class MartSql {
  private final Lake lake;

  /**
   * @param lake has the tables that marts read; those of the marts are made in it
   */
  public MartSql(Lake lake) {
    this.lake = lake;
  }

  /** Each with its file; a mart that reads what is not there is left out. */
  public List<String> problems(Path folder, List<Mart> marts) {
    var problems = new ArrayList<String>();
    for (Mart mart : marts) {
      if (Heads.of(mart, lake).missing().isEmpty()) {
        problem(mart)
            .ifPresent(what -> problems.add(folder.resolve(mart.name() + ".sql") + ": " + what));
      }
    }
    return problems;
  }

  private Optional<String> problem(Mart mart) {
    try (Session session = lake.session()) {
      compile(session, mart);
      return Optional.empty();
    } catch (Failure e) {
      return Optional.of(e.oneLine());
    }
  }

  private void compile(Session session, Mart mart) {
    Heads heads = Heads.of(mart, lake);
    for (TableName table : heads.inputs().keySet()) {
      session.bind(table.toString(), Slice.now(table));
    }
    heads.others().keySet().forEach(table -> session.bind(table.toString(), Slice.now(table)));
    mart.touches().forEach((input, touch) -> session.query(touched(mart, input, touch), 1));
    session.execute(
        "CREATE TEMP TABLE lode_staged AS SELECT * FROM (\n%s\n) LIMIT 0".formatted(mart.sql()));
    session.execute("CREATE TEMP VIEW %s AS FROM %s".formatted(RESULT.substring(5), STAGED));
    session.query(ExpectationSql.failures(ExpectationSql.all(mart), mart), 1);
    lake.ensure(MartBuilder.spec(session, mart), Alterations.REPLACED);
  }

  private static String touched(Mart mart, TableName input, Mart.Touch touch) {
    return mart.key().stream()
        .map(touch::of)
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + input + " LIMIT 0"));
  }
}
