package dev.lode.silver.contract;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads {@code slaProperties}; those about time become alerts, the rest is documentation. */
final class SlaReader {
  private static final Map<String, Sla.Kind> KINDS =
      Map.of("freshness", Sla.Kind.FRESHNESS, "latency", Sla.Kind.LATENCY);
  private static final Map<String, Duration> UNITS =
      Map.ofEntries(
          Map.entry("ms", Duration.ofMillis(1)),
          Map.entry("s", Duration.ofSeconds(1)),
          Map.entry("second", Duration.ofSeconds(1)),
          Map.entry("seconds", Duration.ofSeconds(1)),
          Map.entry("min", Duration.ofMinutes(1)),
          Map.entry("m", Duration.ofMinutes(1)),
          Map.entry("minutes", Duration.ofMinutes(1)),
          Map.entry("h", Duration.ofHours(1)),
          Map.entry("hours", Duration.ofHours(1)),
          Map.entry("d", Duration.ofDays(1)),
          Map.entry("day", Duration.ofDays(1)),
          Map.entry("days", Duration.ofDays(1)));

  private final Problems problems;

  SlaReader(Problems problems) {
    this.problems = problems;
  }

  List<Sla> read(List<Odcs.Sla> slas, List<Property> properties) {
    var read = new ArrayList<Sla>();
    for (var sla : Objects.requireNonNullElse(slas, List.<Odcs.Sla>of())) {
      var kind = KINDS.get(sla.property());
      if (kind != null) {
        read.add(new Sla(sla.property(), kind, limit(sla), element(sla, kind, properties)));
      }
    }
    if (read.stream().map(Sla::id).distinct().count() < read.size()) {
      problems.add("slaProperties", "freshness and latency may be there once each");
    }
    return read;
  }

  private Duration limit(Odcs.Sla sla) {
    String place = "slaProperties." + sla.property();
    var unit = UNITS.get(Objects.requireNonNullElse(sla.unit(), "s"));
    if (unit == null) {
      problems.unknown(place, "unit", sla.unit(), UNITS.keySet());
      return Duration.ZERO;
    }
    try {
      var millis =
          new BigDecimal(String.valueOf(sla.value())).multiply(BigDecimal.valueOf(unit.toMillis()));
      return Duration.ofMillis(millis.longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      problems.add(place, "value must be a number of " + sla.unit() + ", not " + sla.value());
      return Duration.ZERO;
    }
  }

  /** {@code invoice_line.invoice_date} and {@code invoice_date} name the same column. */
  private String element(Odcs.Sla sla, Sla.Kind kind, List<Property> properties) {
    if (sla.element() == null || kind == Sla.Kind.LATENCY) {
      return null;
    }
    String column = sla.element().substring(sla.element().lastIndexOf('.') + 1);
    var found = properties.stream().filter(p -> p.name().equals(column)).findFirst();
    if (found.isEmpty()) {
      var names = Set.copyOf(properties.stream().map(Property::name).toList());
      problems.unknown("slaProperties." + sla.property(), "element", column, names);
    } else if (!found.get().type().kind().timely()) {
      problems.add("slaProperties." + sla.property(), "element " + column + " is not a time");
    }
    return column;
  }
}
