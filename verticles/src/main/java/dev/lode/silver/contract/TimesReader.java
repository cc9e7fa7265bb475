package dev.lode.silver.contract;

import dev.lode.silver.contract.Times.Choice;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what a column says of the times that it takes. */
final class TimesReader {
  private static final Set<String> LOCAL = Set.of("gap", "overlap");
  private static final Set<String> FRACTIONS = Set.of("refuse", "cut");
  private static final Set<String> CHOICES =
      Arrays.stream(Choice.values())
          .map(choice -> choice.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());
  private static final int CENTURY = 100;

  private final Settings settings;
  private final String place;
  private final Problems problems;

  TimesReader(Settings settings, String place, Problems problems) {
    this.settings = settings;
    this.place = place;
    this.problems = problems;
  }

  /** {@code format} may be null. */
  Times read(ColumnType type, String format, ZoneId zone) {
    boolean epoch = format != null && TimeFormat.epoch(format);
    var usual = Times.usual(epoch, !zone.getRules().isFixedOffset());
    if (!type.kind().timely()) {
      for (String name : List.of("years", "localTimes", "fraction")) {
        if (settings.has(name)) {
          problems.add(place + "." + name, "does not apply to " + type.sql());
        }
      }
      return usual;
    }
    var years = years(usual);
    boolean isShort = format != null && TimeFormat.shortYear(format);
    if (isShort && years.getLast() - years.getFirst() >= CENTURY) {
      problems.add(
          place + ".format",
          format
              + " has years of two digits: say which they are by {property: years, value: [from,"
              + " to]}, at most a hundred");
    }
    var local =
        settings.has("localTimes")
            ? Settings.block(settings.raw("localTimes"), LOCAL, place + ".localTimes", problems)
            : null;
    return new Times(
        years.getFirst(),
        years.getLast(),
        local == null ? usual.gap() : choice(local, "gap", Choice.LATER),
        local == null ? usual.overlap() : choice(local, "overlap", Choice.EARLIER),
        word("fraction", settings.text("fraction", "refuse"), FRACTIONS).equals("cut"));
  }

  private List<Integer> years(Times usual) {
    var declared = settings.has("years") ? settings.texts("years") : List.<String>of();
    var years =
        declared.stream().filter(year -> year.matches("[0-9]{1,4}")).map(Integer::valueOf).toList();
    if (settings.has("years")
        && (declared.size() != 2 || years.size() != 2 || years.getFirst() > years.getLast())) {
      problems.add(place + ".years", "must be two years, [from, to], not " + declared);
    }
    return years.size() == 2 ? years : List.of(usual.firstYear(), usual.lastYear());
  }

  private Choice choice(Settings local, String name, Choice fallback) {
    String word = local.text(name, fallback.name().toLowerCase(Locale.ROOT));
    return CHOICES.contains(word(name, word, CHOICES))
        ? Choice.valueOf(word.toUpperCase(Locale.ROOT))
        : fallback;
  }

  private String word(String name, String word, Set<String> known) {
    if (!known.contains(word)) {
      problems.unknown(place + "." + name, "choice", String.valueOf(word), known);
    }
    return String.valueOf(word);
  }
}
