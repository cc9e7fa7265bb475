package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine says of a failure, without the values that it read: they may be of another
 * tenant, or what a mask hides. A quoted text, a number or a path stays only where it stands in the
 * reader's own statement, any other word only where it is one of the engine's own vocabulary; the
 * rest is {@code …}. What is said before a row is read (a name that is unknown, a syntax error)
 * holds no values, and stays but for names of the house.
 *
 * @param kind as the engine says it: {@code Conversion Error}, {@code Out of Range Error}
 * @param reason one line
 * @param place {@code line 1, column 8: CAST(x AS INTEGER)} in the reader's own statement, or empty
 */
public record EngineMessage(String kind, String reason, String place) {
  private static final String CUT = "…";

  /** What goes before the first colon of each message. */
  private static final Pattern KIND = Pattern.compile("^([A-Z][A-Za-z ]{1,40}? Error): ?");

  /** Said of the statement itself. */
  private static final Set<String> OF_NAMES =
      Set.of("Parser Error", "Binder Error", "Catalog Error", "Syntax Error");

  private static final Pattern PART =
      Pattern.compile(
          "(?<type>\\bDECIMAL\\(\\d+,\\d+\\))|(?<quote>['\"])|(?<path>\\S*[/\\\\]\\S*)"
              + "|(?<word>[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_.+'-]*)|(?<other>[^\\p{ASCII}])");

  /** A text that is copied into a message as it is, to its end. */
  private static final Pattern RAW = Pattern.compile("(?is)(\\binput: ).*");

  private static final Pattern OF_THE_HOUSE =
      Pattern.compile("\\blode_past\\.t\\d+|\\b_lode_\\w+|\\bs\\d+\\.(?=\\w)|\\bmemory\\.main\\.");

  public EngineMessage {
    requireNonNull(kind, "kind is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(place, "place is null");
  }

  /**
   * @param message as the driver gives it
   * @param statement what the reader of it wrote, or null where the reader wrote none
   */
  public static EngineMessage of(String message, String statement) {
    String own = statement == null ? "" : statement;
    var named = KIND.matcher(message);
    boolean isNamed = named.find();
    String kind = isNamed ? named.group(1) : "Error";
    String text = isNamed ? message.substring(named.end()) : message;
    String first = text.split("\\R", 2)[0].strip();
    String reason =
        OF_NAMES.contains(kind)
            ? ofNames(text)
            : stands(first, own) && !first.isEmpty() ? first : cut(first, own);
    return new EngineMessage(kind, reason, EnginePlace.of(message, own));
  }

  /** {@code Conversion Error: Could not convert string 'abc' to INT32 (line 1, column 8: ...)}. */
  @Override
  public String toString() {
    return kind + ": " + reason + (place.isEmpty() ? "" : " (" + place + ")");
  }

  /** What to do about it; empty where the message itself says all. */
  public String hint() {
    return switch (kind) {
      case "Conversion Error" ->
          "Use TRY_CAST, which gives NULL for what does not fit, or leave such values out first.";
      case "Out of Range Error" ->
          "Calculate in a wider type: CAST to HUGEINT, DECIMAL(38, s) or DOUBLE first.";
      case "Invalid Input Error" ->
          reason.contains("subquery")
              ? "Add LIMIT 1 or an aggregate to the subquery, or join it."
              : "Correct the value, or leave such rows out with WHERE or CASE.";
      case "Out of Memory Error" ->
          "Ask for less: fewer columns, an earlier WHERE, a smaller GROUP BY, shorter texts.";
      default -> "";
    };
  }

  /** The whole of it but the drawing: candidates are in the lines that follow. */
  private static String ofNames(String text) {
    int drawing = text.indexOf("\n\nLINE ");
    String sentence = drawing < 0 ? text : text.substring(0, drawing);
    return OF_THE_HOUSE
        .matcher(sentence.replaceAll("\\s*\\R\\s*", " ").strip())
        .replaceAll(found -> found.group().matches("s\\d+\\.|memory\\.main\\.") ? "" : CUT);
  }

  private static String cut(String text, String own) {
    String known = RAW.matcher(text).replaceFirst("$1" + CUT);
    var out = new StringBuilder();
    var matcher = PART.matcher(known);
    int done = 0;
    while (matcher.find(done)) {
      out.append(known, done, matcher.start());
      if (matcher.group("quote") != null) {
        int end = quoted(known, matcher.start(), own);
        String inside = known.substring(matcher.start() + 1, end);
        char quote = known.charAt(matcher.start());
        out.append(quote).append(stands(inside, own) ? inside : CUT).append(quote);
        done = Math.min(end + 1, known.length());
      } else {
        out.append(isOpen(matcher, own) ? matcher.group() : CUT);
        done = matcher.end();
      }
    }
    return out.append(known.substring(done)).toString();
  }

  /** Where the text that is quoted from {@code start} on ends: at the last quote, unless known. */
  private static int quoted(String text, int start, String own) {
    char quote = text.charAt(start);
    int next = text.indexOf(quote, start + 1);
    if (next >= 0 && stands(text.substring(start + 1, next), own)) {
      return next;
    }
    int last = text.lastIndexOf(quote);
    return last > start ? last : text.length();
  }

  private static boolean isOpen(Matcher part, String own) {
    String text = part.group();
    if (part.group("type") != null) {
      return true;
    }
    boolean isWord = part.group("word") != null;
    return (isWord && isOfTheEngine(text)) || stands(text, own);
  }

  private static boolean isOfTheEngine(String word) {
    return EngineWords.has(word.replaceAll("[.'-]+$", ""));
  }

  /** Whether it is a text, a number or a name of the statement, not merely a part of one. */
  private static boolean stands(String text, String own) {
    String plain = text.replaceAll("(?<=.)[.-]+$", "");
    for (int at = own.indexOf(plain); at >= 0; at = own.indexOf(plain, at + 1)) {
      if (isEdge(own, at - 1, plain, 0) && isEdge(own, at + plain.length(), plain, -1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEdge(String own, int outside, String text, int inside) {
    if (outside < 0 || outside >= own.length() || text.isEmpty()) {
      return true;
    }
    char within = text.charAt(inside == 0 ? 0 : text.length() - 1);
    return !(Character.isLetterOrDigit(own.charAt(outside)) && Character.isLetterOrDigit(within));
  }
}
