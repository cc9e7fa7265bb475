package dev.lode.features;

import dev.lode.codecs.Failure;
import dev.lode.features.offline.Changes;
import dev.lode.features.offline.History;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.features.spec.View;
import dev.lode.proof.Functions;
import dev.lode.proof.Proof;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles the SQL of views as a run does, over tables without rows. Blocks. */
public final class ViewSql {
  private static final Upstream.Moves NOWHERE =
      new Upstream.Moves(List.of(), Map.of(), false, Map.of());

  private final Lake lake;

  /**
   * @param lake has the tables that views read; those of the views are made in it
   */
  public ViewSql(Lake lake) {
    this.lake = lake;
  }

  /** Each with its file; a view that reads what is not there is left out. */
  public List<String> problems(Path folder, FeatureCatalog catalog) {
    var problems = new ArrayList<String>();
    for (View view : catalog.views()) {
      problem(view)
          .ifPresent(
              what ->
                  problems.add(
                      "%s: view %s: %s"
                          .formatted(
                              folder.resolve(catalog.file(view.name())), view.name(), what)));
    }
    return problems;
  }

  private Optional<String> problem(View view) {
    try {
      var upstream = Upstream.of(lake, view);
      if (!upstream.tables().isEmpty() && upstream.tables().stream().allMatch(lake::exists)) {
        compile(view, upstream);
      }
      return Optional.empty();
    } catch (Failure e) {
      return Optional.of(e.oneLine());
    }
  }

  private void compile(View view, Upstream upstream) {
    try (Session session = lake.session()) {
      compile(session, view, upstream);
    }
  }

  private void compile(Session session, View view, Upstream upstream) {
    prove(session, view);
    var changes = new Changes(view);
    for (TableName table : upstream.tables()) {
      session.bind("changed_rows", Slice.now(table));
      var keys = upstream.keyColumns(table);
      if (keys != null) {
        session.query(changes.changed("changed_rows", keys), 1);
      }
    }
    lake.ensure(History.spec(view));
    session.bind("history_rows", Slice.now(History.table(view)));
    upstream.bindSource(session, NOWHERE, "", Bounds.NONE);
    var columns = new HashSet<String>();
    session
        .query("SELECT * FROM source_rows LIMIT 0", 1)
        .columns()
        .forEach(column -> columns.add(column.name()));
    changes.check(columns);
    session.execute(changes.everyone());
    session.execute(changes.fresh(columns));
  }

  /** What SQL gives of an entity is made of the rows that touch that entity alone. */
  private void prove(Session session, View view) {
    if (view.source().sql() == null || view.source().touched().isEmpty()) {
      return;
    }
    var key = withTenant(view.keyNames());
    var touched = new HashMap<TableName, List<String>>();
    view.source()
        .touched()
        .forEach((table, columns) -> touched.put(TableName.of(table), withTenant(columns)));
    new Proof(session, Functions.of(session), Proof.Tables.of(lake))
        .judge(view.source().sql(), new Proof.Claim(key, touched, false))
        .doubt()
        .ifPresent(
            why -> {
              throw Failure.invalid(
                  "touched does not hold, "
                      + why.getMessage().replace(Proof.WHOLE, "leave touched out"));
            });
  }

  private static List<String> withTenant(List<String> columns) {
    var all = new ArrayList<>(List.of("tenant_id"));
    all.addAll(columns);
    return all;
  }
}
