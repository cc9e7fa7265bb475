package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The manifest, for people. */
@Command(
    name = "tools",
    mixinStandardHelpOptions = true,
    description = "List the tools that an agent may call.",
    footer = {"", "Examples:", "  ./lode tools", "  ./lode tools --json"})
final class ToolsCommand implements Callable<Integer> {
  @Mixin private ClientOptions options;

  private final Terminal terminal;

  ToolsCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    return options.with(
        client -> {
          JsonNode manifest = client.get("/v1/tools");
          if (options.isJson()) {
            ClientOptions.print(terminal, manifest);
          } else {
            manifest.path("tools").forEach(this::print);
          }
          return 0;
        });
  }

  private void print(JsonNode tool) {
    terminal.out().println(terminal.bold(tool.path("name").asText()));
    say(tool.path("description").asText());
    var required = tool.path("input").path("required").toString();
    tool.path("input")
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String mark = required.contains('"' + property.getKey() + '"') ? " (required)" : "";
              String what = property.getValue().path("description").asText();
              say(property.getKey() + mark + ": " + what);
            });
  }

  private void say(String text) {
    Terminal.wrapped(text, terminal.columns() - 4)
        .forEach(line -> terminal.out().println("    " + line));
  }
}
