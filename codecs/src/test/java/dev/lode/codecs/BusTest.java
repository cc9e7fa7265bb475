package dev.lode.codecs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BusTest {
  private static final Address<Status.Ask, Status.Report> OUTER = Status.of("outer");
  private static final Address<Status.Ask, Status.Report> INNER = Status.of("inner");
  private static final Status.Ask ASK = new Status.Ask("acme");
  private static final Status.Report READY = new Status.Report("acme", "x", true, Map.of());

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = bus(100, Duration.ofSeconds(5));

  BusTest() {
    Bus.registerCodecs(vertx);
  }

  private Bus bus(int inFlightMax, Duration timeout) {
    return new Bus(vertx, new Bus.Limits(inFlightMax, timeout), Clock.systemUTC());
  }

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  @Test
  void carriesTheAnswerByReference() throws Exception {
    await(bus.serve(OUTER, ask -> READY));
    assertThat(await(bus.request(OUTER, ASK))).isSameAs(READY);
  }

  @Test
  void answersInternalWhenTheHandlerThrows() throws Exception {
    await(
        bus.serve(
            OUTER,
            ask -> {
              throw new IllegalStateException("bug");
            }));
    assertFails(ErrorCode.INTERNAL, "Cannot answer outer.status: internal error");
  }

  @Test
  void answersInternalWhenTheHandlerLacksAClass() throws Exception {
    await(
        bus.serve(
            OUTER,
            ask -> {
              throw new NoClassDefFoundError("native");
            }));
    assertFails(ErrorCode.INTERNAL, "Cannot answer outer.status: internal error");
  }

  @Test
  void answersInternalWhenTheFutureFailsOrIsNull() throws Exception {
    await(bus.serveAsync(OUTER, ask -> Future.failedFuture(new IllegalStateException("bug"))));
    assertFails(ErrorCode.INTERNAL, "Cannot answer outer.status: internal error");
    await(bus.serveAsync(INNER, ask -> null));
    assertFails(INNER, ErrorCode.INTERNAL, "Cannot answer inner.status: internal error");
  }

  @Test
  void answersInternalWhenTheReplyIsOfAnotherType() throws Exception {
    await(bus.serve(new Address<>(OUTER.name(), Status.Ask.class, Status.Ask.class), ask -> ask));
    assertFails(
        ErrorCode.INTERNAL,
        "Cannot reach outer.status: java.lang.ClassCastException: Cannot cast"
            + " dev.lode.codecs.Status$Ask to dev.lode.codecs.Status$Report");
  }

  @Test
  void carriesAFailureUnchangedOverSeveralHops() throws Exception {
    var failure = new Failure(ErrorCode.TABLE_NOT_FOUND, "Cannot read t: no such table", "Look.");
    await(bus.serveAsync(INNER, ask -> Future.failedFuture(failure)));
    Address<Status.Ask, Status.Report> middle = Status.of("middle");
    await(bus.serveAsync(middle, ask -> bus.request(INNER, ask)));
    await(bus.serveAsync(OUTER, ask -> bus.request(middle, ask)));
    assertFails(ErrorCode.TABLE_NOT_FOUND, "Cannot read t: no such table");
    assertThatThrownBy(() -> await(bus.request(OUTER, ASK)))
        .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.hint()).isEqualTo("Look."));
  }

  @Test
  void saysThatNobodyServes() {
    assertFails(ErrorCode.OWNER_ABSENT, "Cannot reach outer.status: not deployed");
  }

  @Test
  void saysThatNoAnswerCameInTime() throws Exception {
    await(bus.serveAsync(OUTER, ask -> Promise.<Status.Report>promise().future()));
    Bus hasty = bus(100, Duration.ofMillis(20));
    assertThatThrownBy(() -> await(hasty.request(OUTER, ASK)))
        .hasMessage("Cannot reach outer.status: no answer in time");
  }

  @Test
  void refusesToAskWhenTheDeadlineHasPassed() {
    var context = CallContext.within(Duration.ofMillis(-1), Clock.systemUTC());
    assertThatThrownBy(() -> await(bus.request(OUTER, ASK, context)))
        .hasMessage("Cannot answer outer.status: the deadline has passed");
  }

  @Test
  void doesNotStartWhatNobodyWaitsForAnyMore() throws Exception {
    var handled = new AtomicInteger();
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    var slow = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(5)), tomorrow);
    await(
        slow.serve(
            OUTER,
            ask -> {
              handled.incrementAndGet();
              return READY;
            }));
    assertFails(ErrorCode.DEADLINE_PASSED, "Cannot answer outer.status: the deadline has passed");
    assertThat(handled).hasValue(0);
  }

  @Test
  void boundsWhatOneBusAwaits() throws Exception {
    Promise<Status.Report> answer = Promise.promise();
    await(bus.serveAsync(OUTER, ask -> answer.future()));
    Bus narrow = bus(2, Duration.ofSeconds(5));
    var first = narrow.request(OUTER, ASK);
    var second = narrow.request(OUTER, ASK);
    assertThatThrownBy(() -> await(narrow.request(OUTER, ASK)))
        .hasMessage("Cannot reach outer.status: 2 requests are in flight");
    answer.complete(READY);
    await(Future.all(first, second));
    assertThat(await(narrow.request(OUTER, ASK))).isEqualTo(READY);
  }

  @Test
  void boundsWhatOneConsumerAnswers() throws Exception {
    Promise<Status.Report> answer = Promise.promise();
    await(bus(2, Duration.ofSeconds(5)).serveAsync(OUTER, ask -> answer.future()));
    var asked = new ArrayList<Future<Status.Report>>();
    for (int i = 0; i < 3; i++) {
      asked.add(bus.request(OUTER, ASK));
    }
    assertThatThrownBy(() -> await(asked.get(2)))
        .hasMessage("Cannot reach outer.status: 2 requests are in flight");
    answer.complete(READY);
    assertThat(await(asked.get(0))).isEqualTo(READY);
    assertThat(await(asked.get(1))).isEqualTo(READY);
  }

  @Test
  void keepsItsCountWhenARequestCannotBeSent() throws Exception {
    Vertx plain = Vertx.vertx();
    var narrow = new Bus(plain, new Bus.Limits(1, Duration.ofSeconds(5)), Clock.systemUTC());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> await(narrow.request(OUTER, ASK)))
          .hasMessageStartingWith(
              "Cannot reach outer.status: java.lang.IllegalArgumentException: No message codec");
    }
    await(plain.close());
  }

  @ParameterizedTest
  @EnumSource(names = {"EVENT_LOOP", "WORKER", "VIRTUAL_THREAD"})
  void handsDeadlineAndTraceToRequestsMadeWhileAnswering(ThreadingModel model) throws Exception {
    var seen = new LinkedBlockingQueue<CallContext>();
    await(
        bus.serve(
            INNER,
            ask -> {
              seen.add(CallContext.current());
              return READY;
            }));
    await(
        vertx.deployVerticle(
            new Relay(bus, model), new DeploymentOptions().setThreadingModel(model)));
    for (int i = 0; i < 3; i++) {
      var context = CallContext.within(Duration.ofSeconds(3), Clock.systemUTC());
      await(bus.request(OUTER, ASK, context));
      CallContext inner = seen.poll(5, SECONDS);
      assertThat(inner.traceId()).isEqualTo(context.traceId());
      assertThat(inner.traceparent()).isNotEqualTo(context.traceparent());
      assertThat(inner.deadline()).isEqualTo(context.deadline().truncatedTo(ChronoUnit.MILLIS));
    }
  }

  /** Asks on: waiting on a virtual thread, with futures elsewhere (Vert.x forbids await there). */
  private static final class Relay extends VerticleBase {
    private final Bus bus;
    private final ThreadingModel model;

    Relay(Bus bus, ThreadingModel model) {
      this.bus = bus;
      this.model = model;
    }

    @Override
    public Future<?> start() {
      return model == ThreadingModel.VIRTUAL_THREAD
          ? bus.serve(OUTER, ask -> bus.request(INNER, ask).await())
          : bus.serveAsync(
              OUTER,
              ask -> vertx.executeBlocking(() -> ask).compose(same -> bus.request(INNER, same)));
    }
  }

  @Test
  void handsTheTraceButNotTheDeadlineToListeners() throws Exception {
    var seen = new LinkedBlockingQueue<CallContext>();
    await(bus.listen(Bronze.COMMITTED, fact -> seen.add(CallContext.current())));
    await(
        bus.serve(
            OUTER,
            ask -> {
              bus.publish(Bronze.COMMITTED, new Bronze.Committed("acme", "bronze.t", 1, 2, false));
              return READY;
            }));
    var context = CallContext.within(Duration.ofMillis(900), Clock.systemUTC());
    await(bus.request(OUTER, ASK, context));
    CallContext heard = seen.poll(5, SECONDS);
    assertThat(heard.traceId()).isEqualTo(context.traceId());
    assertThat(heard.deadline()).isAfter(context.deadline());
  }

  @Test
  void hearsTheNextFactWhenAListenerThrows() throws Exception {
    var heard = new LinkedBlockingQueue<Long>();
    await(
        bus.listen(
            Bronze.COMMITTED,
            fact -> {
              heard.add(fact.records());
              throw new IllegalStateException("bug");
            }));
    bus.publish(Bronze.COMMITTED, new Bronze.Committed("acme", "bronze.t", 1, 1, false));
    bus.publish(Bronze.COMMITTED, new Bronze.Committed("acme", "bronze.t", 2, 2, false));
    assertThat(heard.poll(5, SECONDS)).isEqualTo(1);
    assertThat(heard.poll(5, SECONDS)).isEqualTo(2);
  }

  @Test
  void tellsNobodyOnceItIsSilent() throws Exception {
    var heard = new LinkedBlockingQueue<Long>();
    await(bus.listen(Bronze.COMMITTED, fact -> heard.add(fact.records())));
    var other = new Bus(vertx, new Bus.Limits(1, Duration.ofSeconds(1)), Clock.systemUTC());

    bus.silence();
    bus.publish(Bronze.COMMITTED, new Bronze.Committed("acme", "bronze.t", 1, 1, false));
    other.publish(Bronze.COMMITTED, new Bronze.Committed("acme", "bronze.t", 2, 2, false));

    assertThat(heard.poll(5, SECONDS)).isEqualTo(2);
  }

  @Test
  void startsATraceOfItsOwnOutsideAnyRequest() throws Exception {
    var seen = new LinkedBlockingQueue<CallContext>();
    await(
        bus.serve(
            OUTER,
            ask -> {
              seen.add(CallContext.current());
              return READY;
            }));
    await(bus.request(OUTER, ASK));
    await(bus.request(OUTER, ASK));
    assertThat(seen.take().traceId()).matches("[0-9a-f]{32}").isNotEqualTo(seen.take().traceId());
    assertThat(CallContext.current()).isNull();
  }

  private void assertFails(ErrorCode code, String message) {
    assertFails(OUTER, code, message);
  }

  private void assertFails(
      Address<Status.Ask, Status.Report> address, ErrorCode code, String message) {
    assertThatThrownBy(() -> await(bus.request(address, ASK)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessage(message);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(5, SECONDS);
  }
}
