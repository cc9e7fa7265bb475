package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.features.offline.History;
import dev.lode.features.spec.View;
import dev.lode.tables.TableName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns the views of its shard: the only writer of their offline tables and their online rows. A
 * worker: it loads its views before it is deployed, then follows their sources.
 */
public final class FeaturesVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(FeaturesVerticle.class);

  private final FeatureStore store;
  private final Shards shards;
  private final int shard;
  private final Pushes pushes;
  private final List<Course> courses = new ArrayList<>();
  private boolean flushing;

  public FeaturesVerticle(FeatureStore store, Shards shards, int shard) {
    this.store = requireNonNull(store, "store is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.pushes = new Pushes(store);
  }

  @Override
  public Future<?> start() {
    var loader = new Loader(store);
    for (View view : store.catalog().views()) {
      if (shards.owner(view.name()) == shard) {
        store.lake().ensure(History.spec(view));
        loader.load(view);
        courses.add(
            new Course(view, new Materializer(store, view, Upstream.of(store.lake(), view))));
      }
    }
    vertx.setPeriodic(store.limits().catchUp().millis(), timer -> courses.forEach(this::due));
    context.runOnContext(loaded -> courses.forEach(this::due));
    return Future.all(
        store.bus().listen(Silver.COMMITTED, fact -> committed(fact.table())),
        store.bus().listen(Gold.COMMITTED, fact -> committed(fact.table())),
        store.bus().serveAsync(Features.PUSH.owner(shard), this::push));
  }

  private void committed(String table) {
    TableName name = TableName.of(table);
    courses.stream().filter(course -> course.materializer.reads(name)).forEach(this::due);
  }

  /** Runs a view now, or when it has rested: commits that come meanwhile are taken together. */
  private void due(Course course) {
    if (course.waiting) {
      return;
    }
    long rest = course.pace.restMillis(System.nanoTime());
    if (rest == 0) {
      run(course);
    } else {
      course.waiting = true;
      vertx.setTimer(
          rest,
          timer -> {
            course.waiting = false;
            run(course);
          });
    }
  }

  private void run(Course course) {
    long start = System.nanoTime();
    try {
      course.materializer.catchUp();
    } catch (RuntimeException e) {
      LOG.error("Cannot bring " + course.view.name() + " up to its source", e);
    }
    course.pace.ran(start, System.nanoTime());
  }

  private Future<Features.Pushed> push(Features.Push push) {
    Future<Features.Pushed> answer = pushes.add(push);
    if (!flushing) {
      flushing = true;
      context.runOnContext(
          gathered -> {
            flushing = false;
            pushes.flush();
          });
    }
    return answer;
  }

  /** A view and when it runs. */
  private static final class Course {
    private final View view;
    private final Materializer materializer;
    private final Pace pace = new Pace();
    private boolean waiting;

    Course(View view, Materializer materializer) {
      this.view = view;
      this.materializer = materializer;
    }
  }
}
