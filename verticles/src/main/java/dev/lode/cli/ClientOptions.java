package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Option;

/** What every command that calls a running Lode understands. */
final class ClientOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:LODE_URL:-http://127.0.0.1:8420}",
      description = "Where Lode runs (default: $LODE_URL, or port 8420 here).")
  private String url;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      defaultValue = "${env:LODE_KEY:-" + Option.NULL_VALUE + "}",
      description = "API key (default: $LODE_KEY). Without keys, loopback is open.")
  private String key;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Whose rows, where the key does not say (default: the server's first).")
  private String tenant;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** Runs {@code call} with a client, and answers its exit code. */
  int with(ToIntFunction<Client> call) {
    try (var client = new Client(new Client.Target(url, key, tenant))) {
      return call.applyAsInt(client);
    }
  }

  static void print(Terminal terminal, JsonNode answer) {
    try {
      terminal
          .out()
          .println(
              Client.JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
