package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Vectors;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Consumer;

/** Has the owner of a table, an index or a view make it again from what it is made of. */
final class Replays {
  private final Bus bus;

  Replays(Bus bus) {
    this.bus = requireNonNull(bus, "bus is null");
  }

  void handle(Map<String, Consumer<Exchange>> handlers) {
    handlers.put("replay", this::entity);
    handlers.put("rebuild_mart", this::mart);
    handlers.put("rebuild_vectors", this::vectors);
    handlers.put("rebuild_features", this::features);
  }

  private void entity(Exchange exchange) {
    var replay =
        new Silver.Replay(
            exchange.tenant(),
            exchange.parameter("entity"),
            Boolean.TRUE.equals(exchange.body().get("quarantine_only")),
            since(exchange.body().get("since")));
    exchange.answer(bus.request(Silver.REPLAY, replay));
  }

  private static Instant since(Object text) {
    try {
      return text == null ? null : OffsetDateTime.parse((String) text).toInstant();
    } catch (DateTimeParseException e) {
      throw Failure.invalid(
          "Invalid since: \"%s\" (must be ISO-8601 with a zone, 2011-01-31T00:00:00Z)"
              .formatted(text));
    }
  }

  private void mart(Exchange exchange) {
    var rebuild = new Gold.Rebuild(exchange.tenant(), exchange.parameter("mart"));
    exchange.answer(bus.request(Gold.REBUILD, rebuild));
  }

  private void vectors(Exchange exchange) {
    var rebuild = new Vectors.Rebuild(exchange.tenant(), exchange.parameter("namespace"));
    exchange.answer(bus.request(Vectors.REBUILD, rebuild));
  }

  private void features(Exchange exchange) {
    var rebuild = new Features.Rebuild(exchange.tenant(), exchange.parameter("view"));
    exchange.answer(bus.request(Features.REBUILD, rebuild));
  }
}
