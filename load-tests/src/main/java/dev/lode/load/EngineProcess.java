package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An engine that nobody here wrote, in a process of its own, over the catalog of a running Lode: it
 * answers each line by a line of JSON.
 */
final class EngineProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path HOME = Folders.HOME.resolve("load-tests").toAbsolutePath();

  /** What Spark 4.1 opens of the JDK's base module. */
  private static final List<String> OPENED =
      List.of("lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util", "util.concurrent");

  private final Process process;
  private final PrintWriter questions;
  private final BufferedReader answers;
  private final Path log;

  private EngineProcess(List<String> command, Path folder) throws IOException {
    this.log = folder.resolve("engine.log");
    this.process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile()).start();
    this.questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Takes SQL, on this JDK and a class path of its own; {@code folder} is where it may leave files.
   *
   * @param urls of the Lode that is its catalog {@code lode}; none for its catalog {@code scratch}
   *     alone, which is in {@code folder}
   */
  static EngineProcess spark(Path folder, String... urls) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx4g");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.add("--sun-misc-unsafe-memory-access=allow");
    Stream.concat(
            OPENED.stream().map("java."::concat), Stream.of("sun.nio.ch", "sun.util.calendar"))
        .forEach(opened -> command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
    command.add("-cp");
    command.add(Files.readString(HOME.resolve("spark/target/classpath")).strip());
    command.add(HOME.resolve("spark/SparkSql.java").toString());
    Stream.of(urls).map(url -> url + "/iceberg").forEach(command::add);
    return new EngineProcess(command, folder);
  }

  /** Takes {@code table snapshot}; {@code python} is an interpreter that has PyIceberg. */
  static EngineProcess pyIceberg(String python, Path folder, String url) throws IOException {
    String script = HOME.resolve("pyiceberg/read.py").toString();
    return new EngineProcess(List.of(python, script, url + "/iceberg"), folder);
  }

  /** Columns and rows, or an error. */
  JsonNode ask(String question) throws IOException {
    questions.println(question);
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The engine has ended: " + Files.readString(log));
    }
    return JSON.readTree(answer);
  }

  /** As {@link #ask}; an error is an IOException. */
  JsonNode rows(String question) throws IOException {
    JsonNode answer = ask(question);
    if (answer.has("error")) {
      throw new IOException(answer.get("error").asText() + "\n  in: " + question);
    }
    return answer.get("rows");
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    questions.close();
    process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }
}
