package dev.lode.features.offline;

import dev.lode.features.spec.View;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pieces of SQL text, quoted. */
final class Sql {

  private Sql() {}

  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** {@code "a", "b"}. */
  static String names(Collection<String> names) {
    return each(names, Sql::name, ", ");
  }

  static <T> String each(Collection<T> things, Function<T, String> text, String between) {
    return things.stream().map(text).collect(Collectors.joining(between));
  }

  static String keys(View view) {
    return names(view.keyNames());
  }

  /** {@code x."a", x."b"}. */
  static String of(String alias, Collection<String> names) {
    return each(names, name -> alias + "." + name(name), ", ");
  }

  /** The keys of two relations are equal. */
  static String same(String left, String right, View view) {
    return each(
        view.keyNames(), key -> left + "." + name(key) + " = " + right + "." + name(key), " AND ");
  }

  /** {@code , "a", "b"}, or nothing. */
  static String more(Collection<String> names) {
    return each(names, name -> ", " + name(name), "");
  }

  /** The columns of values: the features, and what some views tell beside them. */
  static List<String> features(View view) {
    var features = view.stored().stream().map(feature -> feature.name());
    return view.tellsNewest()
        ? Stream.concat(features, Stream.of(History.NEWEST)).toList()
        : features.toList();
  }

  /**
   * Null where {@code expression} throws.
   *
   * @param condition always true, though the engine cannot know: of what is conditional it takes no
   *     part out to compute it once for several, where nothing would catch it
   */
  static String attempt(String condition, String expression) {
    return "CASE WHEN %s THEN TRY(%s) END".formatted(condition, expression);
  }

  /** Whether {@code expression} does not throw. */
  static String succeeds(String condition, String expression) {
    return "(" + attempt(condition, "[" + expression + "]") + " IS NOT NULL)";
  }

  static String time(long micros) {
    return "make_timestamptz(" + micros + ")";
  }
}
