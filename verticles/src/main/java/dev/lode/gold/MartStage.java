package dev.lode.gold;

import static dev.lode.gold.ExpectationSql.STAGED;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.fold.Folds;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the rows of a mart in a session, of all tenants but those whose rows cannot be made. */
final class MartStage {
  private final Lake lake;
  private final Folds folds;

  MartStage(Lake lake, Folds folds) {
    this.lake = requireNonNull(lake, "lake is null");
    this.folds = requireNonNull(folds, "folds is null");
  }

  /**
   * What is built, in a session.
   *
   * @param touched null for everything
   */
  record Work(Session session, Mart mart, Heads heads, TouchedKeys touched) {}

  /** Answers the tenants whose rows cannot be made, each with the reason. */
  List<MartBuilder.Failed> stage(Work work) {
    try {
      store(work, bind(work));
      return List.of();
    } catch (Failure e) {
      if (e.code().kind() != ErrorCode.Kind.CALLER || !work.mart().nature().isPerTenant()) {
        throw e;
      }
      return isolate(work, e);
    }
  }

  private static void store(Work work, String select) {
    store(work.session(), STAGED, select, work.touched());
  }

  static void store(Session session, String table, String select, TouchedKeys touched) {
    session.execute(
        "CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM (\n%s\n)%s"
            .formatted(
                table.substring("temp.".length()),
                select,
                touched == null ? "" : " WHERE " + touched.wanted()));
  }

  private List<MartBuilder.Failed> isolate(Work work, Failure failure) {
    if (reason(work, "false").isPresent()) {
      throw failure;
    }
    var held = new TreeSet<>(work.heads().held());
    var others = tenants(work);
    held.retainAll(others);
    others.removeAll(held);
    var failed = new ArrayList<MartBuilder.Failed>();
    find(work, List.copyOf(held), failed);
    find(work, List.copyOf(others), failed);
    if (failed.isEmpty()) {
      throw failure;
    }
    var without = failed.stream().map(MartBuilder.Failed::tenantId).toList();
    bindRows(work, "tenant_id NOT IN (%s)".formatted(Keys.literals(without)));
    store(work, work.mart().sql());
    return failed;
  }

  /** Halves {@code tenants} until those that fail are alone. */
  private void find(Work work, List<String> tenants, List<MartBuilder.Failed> failed) {
    if (tenants.isEmpty()) {
      return;
    }
    var reason = reason(work, "tenant_id IN (%s)".formatted(Keys.literals(tenants)));
    if (reason.isPresent() && tenants.size() == 1) {
      failed.add(new MartBuilder.Failed(tenants.getFirst(), "build", 0, reason.get()));
    } else if (reason.isPresent()) {
      int half = tenants.size() / 2;
      find(work, tenants.subList(0, half), failed);
      find(work, tenants.subList(half, tenants.size()), failed);
    }
  }

  /** Why the rows for which {@code condition} holds cannot be made. */
  private Optional<String> reason(Work work, String condition) {
    try {
      bindRows(work, condition);
      store(work, work.mart().sql());
      return Optional.empty();
    } catch (Failure e) {
      if (e.code().kind() != ErrorCode.Kind.CALLER) {
        throw e;
      }
      return Optional.of(e.getMessage());
    }
  }

  private Set<String> tenants(Work work) {
    bindRows(work, "true");
    String all =
        work.touched() == null
            ? work.mart().inputs().stream()
                .map(input -> "SELECT tenant_id FROM " + input)
                .collect(Collectors.joining(" UNION ALL "))
            : "SELECT tenant_id FROM " + TouchedKeys.TABLE;
    var tenants = new TreeSet<String>();
    work.session()
        .query("SELECT DISTINCT tenant_id FROM (%s)".formatted(all), Integer.MAX_VALUE)
        .rows()
        .forEach(row -> tenants.add((String) row.getFirst()));
    if (work.touched() != null) {
      tenants.addAll(work.touched().tenants());
    }
    return tenants;
  }

  /** Returns the SELECT that gives the mart's rows from what is bound. */
  private String bind(Work work) {
    var session = work.session();
    work.heads().others().forEach((other, id) -> session.bind(other.toString(), slice(other, id)));
    Optional<String> folded =
        foldable(work)
            .flatMap(
                query ->
                    folds.bind(
                        session,
                        query,
                        work.heads().inputs().get(query.table()),
                        work.touched().select()));
    if (folded.isPresent()) {
      return folded.get();
    }
    bindRows(work, null);
    return work.mart().sql();
  }

  /**
   * @param condition on the rows of every input; null for none
   */
  private void bindRows(Work work, String condition) {
    work.heads().inputs().forEach((input, id) -> bindRows(work, condition, input, id));
  }

  private void bindRows(Work work, String condition, TableName input, Long id) {
    TouchedKeys touched = work.touched();
    var touch = touched == null ? null : work.mart().touches().get(input);
    if (touch == null) {
      work.session().bind(input.toString(), slice(input, id), condition);
      return;
    }
    String wanted = touched.condition(touch);
    work.session()
        .bind(
            input.toString(),
            touched.prune(slice(input, id), touch, lake.spec(input)),
            condition == null ? wanted : "%s AND %s".formatted(condition, wanted));
  }

  static Slice slice(TableName table, Long id) {
    return id == null ? Slice.now(table) : Slice.at(table, id);
  }

  /**
   * A mart of one input, which its tests do not read, may need no more than what changed. Folds
   * look for keys as joins do, to which null is nothing.
   */
  private static Optional<Folds.Query> foldable(Work work) {
    Mart mart = work.mart();
    TableName input = mart.inputs().first();
    boolean tested =
        mart.expectations().stream()
            .anyMatch(
                test ->
                    test instanceof Expectation.Relationships related
                        && related.table().equals(input));
    if (work.touched() == null || !work.touched().isPlain()) {
      return Optional.empty();
    }
    if (mart.inputs().size() > 1 || tested) {
      return Optional.empty();
    }
    var keys = new ArrayList<>(List.of("tenant_id"));
    mart.key().forEach(column -> keys.add(mart.touches().get(input).of(column)));
    return Optional.of(new Folds.Query(mart.table().toString(), mart.sql(), input, keys, false));
  }

  /**
   * Stores what the mart shows of the touched keys as {@code table}, from what is kept instead of
   * from files, where that is as old; says whether it did.
   */
  boolean recall(Work work, String table) {
    Optional<String> old =
        foldable(work)
            .flatMap(
                query ->
                    folds.recall(
                        work.session(),
                        query,
                        work.heads().own().watermark(query.table()),
                        work.touched().select()));
    old.ifPresent(select -> store(work.session(), table, select, work.touched()));
    return old.isPresent();
  }
}
