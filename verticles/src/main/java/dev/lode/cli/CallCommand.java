package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Any tool, as an agent calls it. */
@Command(
    name = "call",
    mixinStandardHelpOptions = true,
    description = "Call a tool with a JSON object, and print its whole answer.",
    footer = {
      "",
      "Examples:",
      "  ./lode call list_datasets",
      "  ./lode call vector_search '{\"namespace\": \"products\", \"query\": \"warm hands\"}'"
    })
final class CallCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TOOL", description = "Its name; ./lode tools lists them.")
  private String tool;

  @Parameters(
      index = "1",
      paramLabel = "JSON",
      defaultValue = "{}",
      description = "The arguments (default: ${DEFAULT-VALUE}).")
  private String arguments;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  CallCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    JsonNode body = parsed();
    return options.with(
        client -> {
          ClientOptions.print(terminal, client.tool(tool, body));
          return 0;
        });
  }

  private JsonNode parsed() {
    try {
      return Client.JSON.readTree(arguments);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Invalid JSON: " + e.getOriginalMessage() + " in " + arguments, e);
    }
  }
}
