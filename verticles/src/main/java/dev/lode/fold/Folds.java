package dev.lode.fold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one verticle keeps of its queries' aggregates. Not thread-safe. */
public final class Folds {
  private static final Logger LOG = LoggerFactory.getLogger(Folds.class);

  private final Lake lake;
  private final long rowsMax;
  private final Map<Query, Kept> all = new HashMap<>();

  /**
   * @param rowsMax of a table; the aggregates of a larger one are not kept
   */
  public Folds(Lake lake, long rowsMax) {
    this.lake = requireNonNull(lake, "lake is null");
    this.rowsMax = rowsMax;
  }

  /**
   * A SELECT that is asked again whenever its table moves.
   *
   * @param table the only one that it reads
   * @param keys expressions over a row: what the SELECT tells of a key, it tells from the rows of
   *     that key alone
   * @param perTenant it is asked for one tenant at a time, and need not group by {@code tenant_id}
   */
  public record Query(
      String name, String sql, TableName table, List<String> keys, boolean perTenant) {
    public Query {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Brings what is kept to the snapshot {@code head} of the table, which was never older before.
   * Returns the SQL that gives, in this session, what {@code query} gives of the touched keys;
   * empty where that takes all rows: always, or for a while after a failure.
   *
   * @param touched a SELECT of the keys, in their order
   */
  public Optional<String> bind(Session session, Query query, long head, String touched) {
    Kept kept = all.computeIfAbsent(query, first -> new Kept());
    kept.pause.see(head);
    if (kept.isUnfoldable || !kept.pause.isOver()) {
      return Optional.empty();
    }
    try {
      var sql = fold(session, query, kept).map(fold -> fold.bind(session, head, touched));
      kept.pause.wentWell();
      return sql;
    } catch (Unfoldable e) {
      LOG.info(
          "Every change of " + query.name() + " reads all rows of its keys: " + e.getMessage());
      kept.isUnfoldable = true;
    } catch (Failure e) {
      if (kept.pause.begin(e.getMessage())) {
        LOG.warn(
            "Cannot fold " + query.name() + ", it reads all its rows for now: " + e.getMessage(),
            e);
      }
      kept.giveUp();
    }
    return Optional.empty();
  }

  /** Empty where the table is too large now. */
  private Optional<Fold> fold(Session session, Query query, Kept kept) {
    if (kept.fold != null && kept.fold.isOutdated()) {
      kept.giveUp();
    }
    if (kept.fold == null) {
      kept.fold = new Fold(lake, session, query);
    }
    if (kept.fold.fits(rowsMax)) {
      return Optional.of(kept.fold);
    }
    kept.fold.clear(session);
    return Optional.empty();
  }

  /**
   * As {@link #bind}, but of what is kept now; empty where that is not as of the snapshot {@code
   * at}.
   */
  public Optional<String> recall(Session session, Query query, long at, String touched) {
    return Optional.ofNullable(all.get(query))
        .map(kept -> kept.fold)
        .filter(fold -> fold.shows(at) && !fold.isOutdated())
        .map(fold -> fold.select(session, touched));
  }

  /** Of one query. */
  private static final class Kept {
    private final Pause pause = new Pause();

    /** It never can be. */
    private boolean isUnfoldable;

    /** Null where nothing is kept. */
    private Fold fold;

    void giveUp() {
      Fold given = fold;
      fold = null;
      if (given != null) {
        given.giveUp();
      }
    }
  }
}
