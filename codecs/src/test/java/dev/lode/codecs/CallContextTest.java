package dev.lode.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallContextTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void continuesTheCallersTrace() {
    var context = CallContext.continuing(TRACE, Duration.ofSeconds(2), CLOCK);
    assertThat(context.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(context.deadline()).isEqualTo(NOW.plusSeconds(2));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void startsANewTraceWhereTheCallersIsNotWellFormed(String traceparent) {
    assertThat(CallContext.continuing(traceparent, Duration.ofSeconds(2), CLOCK).traceparent())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
        .isNotEqualTo(traceparent);
  }

  @Test
  void travelsInHeaders() {
    var headers = MultiMap.caseInsensitiveMultiMap();
    var sent = CallContext.within(Duration.ofSeconds(2), CLOCK);
    sent.writeTo(headers);
    assertThat(CallContext.readFrom(headers)).isEqualTo(sent);
    assertThat(CallContext.readFrom(MultiMap.caseInsensitiveMultiMap())).isNull();
  }
}
