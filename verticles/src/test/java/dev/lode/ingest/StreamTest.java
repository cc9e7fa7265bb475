package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Fingerprint;
import dev.lode.codecs.Ingest;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamTest {
  private static final LodeConfig.Ingest LIMITS =
      TestConfig.with(
              "ingest.chunk-records", 2,
              "ingest.chunks-in-flight", 2,
              "ingest.in-flight-bytes", "10KB",
              "ingest.idle-timeout", "60s",
              "ingest.defects-max", 2)
          .ingest();

  private final FakeOutlet outlet = new FakeOutlet();
  private final Budget budget = new Budget(LIMITS.inFlightBytes().bytes(), () -> {});
  private final Stream stream = stream("ndjson");

  private Stream stream(String format) {
    return stream(format, null);
  }

  private Stream stream(String format, String key) {
    var open = new Ingest.Open("acme", "shop", "order", format, key);
    return new Stream(new Body(open, new UUID(0, 1), LIMITS), outlet, budget, LIMITS);
  }

  /** Keeps what came until the test answers it. */
  private static final class FakeOutlet implements Stream.Outlet {
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final Deque<Runnable> pauses = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private boolean eager = true;

    record Sent(Bronze.Append append, Promise<Bronze.Appended> reply) {}

    @Override
    public Future<Bronze.Appended> append(Bronze.Append append) {
      var one = new Sent(append, Promise.promise());
      sent.add(one);
      return one.reply().future();
    }

    @Override
    public boolean eager(String tenantId) {
      return eager;
    }

    @Override
    public void pause(Runnable later) {
      pauses.add(later);
    }

    @Override
    public Instant now() {
      return now;
    }

    List<String> waiting() {
      return sent.stream()
          .map(
              one ->
                  one.append().records().stream()
                      .map(raw -> Long.toString(raw.position()))
                      .collect(Collectors.joining(",")))
          .toList();
    }

    void commit(long duplicates) {
      Sent first = sent.poll();
      int records = first.append().records().size();
      first
          .reply()
          .complete(
              new Bronze.Appended(
                  "acme", "bronze.shop_order", 7, records - duplicates, duplicates));
    }

    void refuse(ErrorCode code) {
      sent.poll().reply().fail(new Failure(code, "Cannot append: " + code));
    }
  }

  private static byte[] lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"a\":" + i + "}\n")
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  @Test
  void sendsAPartialChunkAtOnceWhenNothingIsInFlight() {
    Future<Long> taken = stream.take(lines(1));
    assertThat(outlet.waiting()).containsExactly("1");
    assertThat(taken.result()).isEqualTo(1);
    stream.take(lines(1));
    assertThat(outlet.waiting()).containsExactly("1");
    outlet.commit(0);
    assertThat(outlet.waiting()).containsExactly("2");
  }

  @Test
  void holdsThePermissionWhileTooManyChunksAreInFlight() {
    Future<Long> taken = stream.take(lines(7));
    assertThat(outlet.waiting()).containsExactly("1,2", "3,4");
    assertThat(taken.isComplete()).isFalse();
    outlet.commit(0);
    assertThat(outlet.waiting()).containsExactly("3,4", "5,6");
    assertThat(taken.isComplete()).isFalse();
    outlet.commit(0);
    assertThat(taken.result()).isEqualTo(7);
  }

  @Test
  void holdsThePermissionWhileAllBodiesTogetherHoldTooMuch() {
    budget.take(20_000);
    Future<Long> taken = stream.take(lines(2));
    assertThat(outlet.waiting()).isEmpty();
    budget.giveBack(20_000);
    stream.advance();
    assertThat(outlet.waiting()).containsExactly("1,2");
    assertThat(taken.isComplete()).isTrue();
    outlet.commit(0);
    assertThat(budget.used()).isZero();
  }

  @Test
  void answersTheCloseWhenEverythingIsCommitted() {
    stream.take(lines(3));
    Future<Ingest.Ingested> closed = stream.close();
    assertThat(closed.isComplete()).isFalse();
    outlet.commit(2);
    outlet.commit(0);
    assertThat(closed.result())
        .isEqualTo(
            new Ingest.Ingested(
                "acme",
                "00000000-0000-0000-0000-000000000001",
                "bronze.shop_order",
                7,
                3,
                1,
                2,
                0,
                List.of()));
  }

  @Test
  void answersAnEmptyBodyAtOnce() {
    Ingest.Ingested answer = stream.close().result();
    assertThat(answer.received()).isZero();
    assertThat(answer.snapshotId()).isZero();
  }

  @Test
  void countsBadRecordsThatLandedAndNamesTheFirst() {
    stream.take("x\n{}\ny\nz\n".getBytes(UTF_8));
    Future<Ingest.Ingested> closed = stream.close();
    outlet.commit(1);
    outlet.commit(0);
    Ingest.Ingested answer = closed.result();
    assertThat(answer.received()).isEqualTo(4);
    assertThat(answer.duplicates()).isEqualTo(1);
    assertThat(answer.quarantined()).isEqualTo(2);
    assertThat(answer.accepted()).isEqualTo(1);
    assertThat(answer.defects()).extracting(Ingest.Defect::line).containsExactly(1L, 3L);
  }

  @Test
  void sendsAgainInOrderWhatBronzeRefusedAsBusy() {
    Future<Long> taken = stream.take(lines(6));
    outlet.refuse(ErrorCode.OWNER_BUSY);
    assertThat(outlet.waiting()).containsExactly("3,4");
    outlet.refuse(ErrorCode.COMMIT_CONFLICT);
    assertThat(outlet.waiting()).isEmpty();
    assertThat(outlet.pauses).hasSize(1);
    stream.advance();
    assertThat(outlet.pauses).hasSize(1);
    assertThat(outlet.waiting()).isEmpty();
    outlet.pauses.poll().run();
    assertThat(outlet.waiting()).containsExactly("1,2", "3,4");
    outlet.commit(0);
    outlet.commit(0);
    assertThat(taken.result()).isEqualTo(6);
    Future<Ingest.Ingested> closed = stream.close();
    outlet.commit(0);
    assertThat(closed.result().accepted()).isEqualTo(6);
  }

  @Test
  void givesUpWhenBronzeStaysBusy() {
    Future<Long> taken = stream.take(lines(6));
    outlet.refuse(ErrorCode.OWNER_BUSY);
    outlet.now = outlet.now.plusSeconds(61);
    outlet.refuse(ErrorCode.OWNER_BUSY);
    assertThat(taken.cause()).hasMessage("Cannot append: OWNER_BUSY");
    assertThat(stream.close().cause()).hasMessage("Cannot append: OWNER_BUSY");
  }

  @Test
  void failsTheBodyWhenBronzeFails() {
    Future<Long> taken = stream.take(lines(6));
    outlet.refuse(ErrorCode.BACKEND_DOWN);
    assertThat(taken.cause()).hasMessage("Cannot append: BACKEND_DOWN");
    assertThat(stream.take(lines(1)).cause()).hasMessage("Cannot append: BACKEND_DOWN");
    outlet.commit(0);
    assertThat(outlet.waiting()).isEmpty();
    assertThat(stream.close().cause()).hasMessage("Cannot append: BACKEND_DOWN");
  }

  @Test
  void refusesAChunkBeforeTheOneBeforeItIsAnswered() {
    stream.take(lines(7));
    assertThat(stream.take(lines(1)).cause())
        .hasMessage("Cannot take a chunk: the one before it is not answered yet");
  }

  @Test
  void leavesOutWhatIsNotInFlightWhenAborted() {
    stream.take(lines(7));
    Future<Ingest.Ingested> aborted = stream.abort();
    outlet.commit(0);
    outlet.commit(0);
    assertThat(outlet.waiting()).isEmpty();
    assertThat(aborted.result().received()).isEqualTo(4);
  }

  @Test
  void doesNotTakeTheLastLineOfAnAbortedBodyForWhole() {
    stream.take("{\"a\":1}\n{\"a\":2".getBytes(UTF_8));
    outlet.commit(0);
    assertThat(stream.abort().result().received()).isEqualTo(1);
  }

  @Test
  void isSilentOnlyWhenNothingIsUnderWay() {
    Instant later = Instant.EPOCH.plusSeconds(10);
    assertThat(stream.silentSince(later)).isTrue();
    stream.take(lines(1));
    assertThat(stream.silentSince(later)).isFalse();
    outlet.commit(0);
    assertThat(stream.silentSince(later)).isTrue();
    outlet.now = later;
    stream.take(new byte[0]);
    assertThat(stream.silentSince(later)).isFalse();
  }

  @Test
  void sendsWholeChunksOnlyWhereItIsNotEager() {
    outlet.eager = false;
    stream.take(lines(1));
    assertThat(outlet.waiting()).isEmpty();
    stream.take(lines(1));
    assertThat(outlet.waiting()).containsExactly("1,2");
  }

  @Test
  void keepsAKeyedBodyUntilAChunkIsFullAndItsLastRecordUntilTheEnd() {
    Stream keyed = stream("ndjson", "k");
    keyed.take(lines(1));
    keyed.take(lines(1));
    assertThat(outlet.waiting()).isEmpty();
    keyed.take(lines(1));
    assertThat(outlet.waiting()).containsExactly("1,2");
    keyed.close();
    assertThat(outlet.waiting()).containsExactly("1,2", "3");
    assertThat(outlet.sent).extracting(one -> one.append().whole()).containsExactly(false, true);
  }

  @Test
  void endsAKeyedBodyOfWholeChunksWithTheLastOfThem() {
    Stream keyed = stream("ndjson", "k");
    keyed.take(lines(4));
    keyed.close();
    assertThat(outlet.waiting()).containsExactly("1,2", "3,4");
    assertThat(outlet.sent).extracting(one -> one.append().whole()).containsExactly(false, true);
  }

  @Test
  void leavesNothingOfAKeyedBodyThatBreaksOffInItsFirstChunk() {
    Stream keyed = stream("ndjson", "k");
    keyed.take(lines(2));
    assertThat(keyed.abort().result().landed()).isZero();
    assertThat(outlet.waiting()).isEmpty();
  }

  @Test
  void tellsWhatCameBeforeAnAppendHoweverTheBodyIsCut() {
    for (int cut : new int[] {1, 3, 7, 50}) {
      outlet.sent.clear();
      Stream keyed = stream("csv", "k");
      byte[] body = "a,b\n1,2\n3,4\n5,6\n".getBytes(UTF_8);
      for (int from = 0; from < body.length; from += cut) {
        keyed.take(Arrays.copyOfRange(body, from, Math.min(body.length, from + cut)));
      }
      keyed.close();
      Fingerprint header = Fingerprint.of(Bytes.utf8("a,b"));
      assertThat(outlet.sent)
          .extracting(one -> one.append().before())
          .containsExactly(
              header,
              header
                  .plus(1, Fingerprint.sha256("1,2".getBytes(UTF_8)))
                  .plus(2, Fingerprint.sha256("3,4".getBytes(UTF_8))));
    }
  }

  @Test
  void sendsKeyedRecordsEarlyWhereAllBodiesTogetherHoldTooMuch() {
    budget.hold(20_000);
    Stream keyed = stream("ndjson", "k");
    keyed.take(lines(1));
    assertThat(outlet.waiting()).isEmpty();
    keyed.take(lines(1));
    assertThat(outlet.waiting()).containsExactly("1");
    outlet.commit(0);
    keyed.close();
    assertThat(outlet.waiting()).containsExactly("2");
    outlet.commit(0);
    budget.hold(-20_000);
    assertThat(budget.crowded()).isFalse();
  }

  @Test
  void tellsWhatLandedOfABodyThatFailed() {
    stream.take(lines(4));
    outlet.commit(0);
    outlet.refuse(ErrorCode.BACKEND_DOWN);
    assertThat(stream.close().cause()).hasMessage("Cannot append: BACKEND_DOWN");
    Ingest.Ingested left = stream.abort().result();
    assertThat(left.landed()).isEqualTo(2);
    assertThat(left.because(new Failure(ErrorCode.BACKEND_DOWN, "Cannot append")))
        .hasMessage(
            "Cannot append; 2 of its records have landed: batch"
                + " 00000000-0000-0000-0000-000000000001 is marked incomplete");
  }

  @Test
  void sendsTheHeaderWithEveryChunk() {
    var sent = new ArrayList<String>();
    Stream csv = stream("csv");
    csv.take("a,b\n1,2\n3,4\n5,6\n".getBytes(UTF_8));
    csv.close();
    outlet.sent.forEach(
        one -> sent.add(one.append().format() + ":" + one.append().header().utf8()));
    assertThat(sent).containsExactly("csv:a,b", "csv:a,b");
  }
}
