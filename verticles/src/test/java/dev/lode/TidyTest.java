package dev.lode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.TreeScanner;
import dev.lode.SourceTree.Method;
import dev.lode.codecs.Address;
import dev.lode.codecs.Message;
import dev.lode.codecs.Topic;
import dev.lode.config.ConfigFile;
import dev.lode.config.LodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Style is a test: reads the whole tree, and says of each fault what to do instead. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int FILE_LINES_MEDIAN_MAX = 85;
  private static final int METHOD_LINES_MAX = 70;
  private static final int METHOD_LINES_P90_MAX = 20;
  private static final int PARAMETERS_MAX = 4;
  private static final int COLUMNS_MAX = 100;

  private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "RepeatedTest");

  /** What may not be called, and what to do instead. */
  private static final Map<String, String> BANNED =
      Map.of(
          "Thread.sleep", "wait for the condition",
          "System.out", "log, or take a Terminal",
          "System.err", "log, or take a Terminal",
          "System.currentTimeMillis", "take a Clock; System.nanoTime() for spans",
          "Instant.now", "take a Clock: clock.instant()",
          "LocalDate.now", "take a Clock: LocalDate.now(clock)",
          "new Date", "java.time.Instant",
          "printStackTrace", "log it, or let it go on",
          "String.format", "name the Locale, or concatenate",
          "System.exit", "return the exit code to Main");

  private static final SourceTree TREE = SourceTree.read();
  private static final List<Method> METHODS = TREE.methods();

  @Test
  void everyJavaFileIsFormattedByTheFormatter() {
    var formatter = new Formatter();
    assertThat(TREE.java())
        .filteredOn(file -> !isFormatted(file, formatter))
        .as("mend them with: mvn spotless:apply (on JDK 25)")
        .isEmpty();
  }

  private static boolean isFormatted(Path file, Formatter formatter) {
    String text = TREE.text(file);
    try {
      String imports = ImportOrderer.reorderImports(text, Style.GOOGLE);
      return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(imports)).equals(text);
    } catch (FormatterException e) {
      throw new IllegalStateException("Cannot format " + file, e);
    }
  }

  @Test
  void linesFitIntoAHundredColumns() {
    Predicate<Path> isCode =
        file -> file.toString().endsWith(".java") || Set.of("lode", ".ci/run").contains(file + "");
    assertThat(lines(isCode))
        .filteredOn(line -> line.text().length() > COLUMNS_MAX && !line.text().matches("import .*"))
        .as("break them")
        .isEmpty();
  }

  @Test
  void filesAreShort() {
    assertThat(TREE.java())
        .filteredOn(file -> length(file) > FILE_LINES_MAX)
        .as("longer than %d lines: split what does two things", FILE_LINES_MAX)
        .isEmpty();
    assertThat(TREE.shipped().stream().map(TidyTest::length).sorted())
        .as("lines of a file: the median")
        .satisfies(
            sizes ->
                assertThat(sizes.get(sizes.size() / 2)).isLessThanOrEqualTo(FILE_LINES_MEDIAN_MAX));
  }

  private static long length(Path file) {
    return TREE.text(file).lines().count();
  }

  @Test
  void methodsAreShort() {
    assertThat(METHODS)
        .filteredOn(method -> method.lines() > METHOD_LINES_MAX)
        .as("longer than %d lines: name a part, and take it out", METHOD_LINES_MAX)
        .isEmpty();
    List<Long> sizes =
        METHODS.stream()
            .filter(method -> SourceTree.isShipped(method.file()))
            .map(Method::lines)
            .sorted()
            .toList();
    assertThat(sizes.get(sizes.size() * 9 / 10))
        .as("90th percentile of the lines of a method")
        .isLessThanOrEqualTo(METHOD_LINES_P90_MAX);
  }

  @Test
  void methodsTakeAtMostFourParameters() {
    assertThat(METHODS)
        .filteredOn(method -> !(method.isInRecord() && method.name().equals("<init>")))
        .filteredOn(method -> method.tree().getParameters().size() > PARAMETERS_MAX)
        .as("more than %d parameters: that is a record", PARAMETERS_MAX)
        .isEmpty();
  }

  @Test
  void bannedCallsAreNotMade() {
    var found = new ArrayList<String>();
    for (CompilationUnitTree unit : TREE.units()) {
      Path file = TREE.file(unit);
      calls(unit).stream()
          .filter(call -> BANNED.containsKey(call) && !isAllowed(call, file))
          .forEach(call -> found.add(file + ": " + call + ": instead, " + BANNED.get(call)));
    }
    assertThat(found).isEmpty();
  }

  /** People's own edge prints and ends the process; load tests measure real time. */
  private static boolean isAllowed(String call, Path file) {
    boolean isEdge =
        file.endsWith("dev/lode/Main.java")
            || file.toString().contains("dev/lode/cli/")
            || file.toString().contains("dev/lode/demo/");
    boolean isLoadTest = file.startsWith("load-tests");
    return switch (call) {
      case "System.out", "System.err", "System.exit" -> isEdge || isLoadTest;
      case "Instant.now", "LocalDate.now" -> isLoadTest || !SourceTree.isShipped(file);
      default -> false;
    };
  }

  private static Set<String> calls(CompilationUnitTree unit) {
    var calls = new TreeSet<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMemberSelect(MemberSelectTree select, Void none) {
        if (select.getExpression().toString().equals("System")) {
          calls.add(select.toString());
        }
        return super.visitMemberSelect(select, null);
      }

      @Override
      public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
        String method = call.getMethodSelect().toString();
        boolean hasClockOrLocale =
            !call.getArguments().isEmpty()
                && call.getArguments().getFirst().toString().matches("(?i).*(clock|locale).*");
        if (!hasClockOrLocale) {
          calls.add(method);
          calls.add(method.substring(method.lastIndexOf('.') + 1));
        }
        return super.visitMethodInvocation(call, null);
      }

      @Override
      public Void visitNewClass(NewClassTree creation, Void none) {
        calls.add("new " + creation.getIdentifier());
        return super.visitNewClass(creation, null);
      }
    }.scan(unit, null);
    return calls;
  }

  @Test
  void nothingIsLeftForLater() {
    Pattern leftover = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    assertThat(lines(file -> true))
        .filteredOn(line -> leftover.matcher(line.text()).find())
        .as("do it, or open an issue")
        .isEmpty();
  }

  @Test
  void noFileNamesTheMachineItWasWrittenOn() {
    Pattern place = Pattern.compile("(?<![\\w.}*<-])/(wor" + "k|home/\\w|Users/\\w|ro" + "ot)\\b");
    assertThat(lines(file -> true))
        .filteredOn(line -> place.matcher(line.text()).find())
        .as("use a path relative to the repository")
        .isEmpty();
  }

  @Test
  void testNamesAreSentences() {
    assertThat(METHODS)
        .filteredOn(method -> method.isAnnotated(TESTS))
        .filteredOn(method -> !method.name().matches("[a-z]+([A-Z][a-z0-9]*){2,}"))
        .as("say what is so, in at least three words")
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatHoldsInIt() {
    assertThat(TREE.shipped().stream().map(Path::getParent).distinct())
        .filteredOn(folder -> !folder.endsWith("dev/lode"))
        .filteredOn(folder -> !TREE.files().contains(folder.resolve("package-info.java")))
        .as("add a package-info.java of one to five sentences")
        .isEmpty();
  }

  @Test
  void everyAddressIsNamedInTheReadme() throws IllegalAccessException {
    String readme = TREE.text(Path.of("README.md"));
    assertThat(addresses())
        .filteredOn(address -> !readme.contains(address))
        .as("name them in README.md")
        .isEmpty();
  }

  private static List<String> addresses() throws IllegalAccessException {
    var names = new ArrayList<String>();
    for (Class<?> protocol : Message.class.getPermittedSubclasses()) {
      for (var field : protocol.getFields()) {
        Object value = field.get(null);
        if (value instanceof Address<?, ?> address) {
          names.add(address.name());
        } else if (value instanceof Topic<?> topic) {
          names.add(topic.name());
        }
      }
    }
    return names;
  }

  @Test
  void everyConfigurationKeySaysWhy() {
    Path file = Path.of("conf/lode.yaml");
    ConfigFile.read(TREE.root().resolve(file), LodeConfig.class);
    List<Line> lines = lines(file::equals);
    assertThat(IntStream.range(0, lines.size()).filter(i -> !isSaidWhy(lines, i)))
        .extracting(lines::get)
        .as("say why its default is what it is")
        .isEmpty();
  }

  /** On its own line, on the one above, or above the section for all its keys. */
  private static boolean isSaidWhy(List<Line> lines, int at) {
    String text = lines.get(at).text();
    if (!text.matches(" +[a-z-]+: .*") || text.contains(" #")) {
      return true;
    }
    int section = at;
    while (lines.get(section).text().startsWith(" ")) {
      section--;
    }
    return isComment(lines.get(at - 1)) || isComment(lines.get(section - 1));
  }

  private static boolean isComment(Line line) {
    return line.text().strip().startsWith("#");
  }

  @Test
  void everyFileThatTheImageCopiesExists() {
    assertThat(TREE.text(Path.of("Dockerfile")).lines())
        .filteredOn(line -> line.startsWith("COPY ") && !line.contains("--from"))
        .isNotEmpty()
        .flatExtracting(line -> copied(line))
        .filteredOn(source -> !Files.exists(TREE.root().resolve(source)))
        .as("Dockerfile copies what is not there")
        .isEmpty();
  }

  private static List<String> copied(String copy) {
    List<String> words =
        Stream.of(copy.split(" +")).filter(word -> !word.startsWith("--")).toList();
    return words.subList(1, words.size() - 1);
  }

  private record Line(Path file, int number, String text) {
    @Override
    public String toString() {
      return file + ":" + number + ": " + text.strip();
    }
  }

  private static List<Line> lines(Predicate<Path> wanted) {
    var lines = new ArrayList<Line>();
    for (Path file : TREE.files()) {
      if (wanted.test(file) && isText(file)) {
        List<String> texts = TREE.text(file).lines().toList();
        IntStream.range(0, texts.size())
            .forEach(i -> lines.add(new Line(file, i + 1, texts.get(i))));
      }
    }
    return lines;
  }

  private static boolean isText(Path file) {
    return file.getFileName()
        .toString()
        .matches(
            "lode|run|Dockerfile|\\.\\w+ignore|"
                + ".*\\.(java|xml|ya?ml|md|sql|json|html|css|js|properties)");
  }
}
