package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes what Lode has again, out of what it is made of. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make tables, indexes and feature views again, whether or not what they are made of moved.",
      "In place, each is made by its owner, in its own turn, while reads go on: they see the old "
          + "rows until the one commit. No record is doubled; done twice, it changes nothing.",
      "What is made of an entity's table follows by itself where rows changed: --mart, --vectors "
          + "and --features are for what was changed or harmed by other hands.",
      "With --beside, a second data directory is filled from the Bronze of the first, whose Lode "
          + "may run on: try another --conf there, or look at what there was --until a moment. "
          + "Rows that were pushed into feature views are not in Bronze, so not there."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode replay --entity invoice_line --quarantine",
      "  ./lode replay --entity invoice_line --since 2026-01-31T00:00:00Z",
      "  ./lode replay --mart daily_revenue",
      "  ./lode replay --all",
      "  ./lode replay --beside ./tried --conf ./conf-tried",
      "  ./lode replay --beside ./january --until 2026-02-01T00:00:00Z"
    })
final class ReplayCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private What what;

  @Option(names = "--quarantine", description = "Of an entity, only the records in quarantine.")
  private boolean quarantine;

  @Option(
      names = "--since",
      paramLabel = "T",
      description =
          "Of an entity, only records ingested at or after this time (ISO-8601). A table with keys "
              + "is replayed whole all the same, as the newest of a key may be older; but not with "
              + "--quarantine.")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "T",
      description = "With --beside, only records ingested by then (default: all there are).")
  private Instant until;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:LODE_DATA:-" + Option.NULL_VALUE + "}",
      description = "With --beside, whose Bronze (default: $LODE_DATA, or data/ here).")
  private Path data;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "With --beside, what is made of it (default: conf/).")
  private Path conf;

  @Mixin private ClientOptions options;

  @Spec private CommandSpec spec;

  private final Replayer replayer;
  private final Terminal terminal;

  private static final class What {
    @Option(
        names = "--entity",
        paramLabel = "E",
        description = "Run its contract again over what Bronze holds.")
    private String entity;

    @Option(names = "--mart", paramLabel = "M", description = "Build it again from all inputs.")
    private String mart;

    @Option(
        names = "--vectors",
        paramLabel = "N",
        description = "Compare the whole index of a namespace with its tables.")
    private String vectors;

    @Option(
        names = "--features",
        paramLabel = "V",
        description = "Evaluate a view for every entity, and put all of it online again.")
    private String features;

    @Option(names = "--all", description = "Every entity, mart, namespace and view, in this order.")
    private boolean all;

    @Option(
        names = "--beside",
        paramLabel = "DIR",
        description = "Make a new data directory of Bronze, and all layers in it, in this process.")
    private Path beside;
  }

  ReplayCommand(Replayer replayer, Terminal terminal) {
    this.replayer = requireNonNull(replayer, "replayer is null");
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    if (what.entity == null && (quarantine || since != null)) {
      throw new ParameterException(
          spec.commandLine(),
          (quarantine ? "--quarantine" : "--since")
              + " is for --entity: everything else is made again whole");
    }
    if (what.beside == null && (until != null || conf != null)) {
      throw new ParameterException(
          spec.commandLine(), (until != null ? "--until" : "--conf") + " is for --beside");
    }
    return what.beside == null
        ? options.with(client -> run(new InPlace(client, terminal)))
        : new Beside(replayer, terminal, options.isJson()).run(order());
  }

  private Replayer.Order order() {
    Path from = conf == null ? Home.path().resolve("conf") : conf;
    Path of = data == null ? Home.path().resolve("data") : data;
    var settings = new Settings(of, from.resolve("lode.yaml"), from, OptionalInt.empty());
    return new Replayer.Order(settings, what.beside, until);
  }

  private int run(InPlace place) {
    var answers = new ArrayList<JsonNode>();
    if (what.all) {
      place.all().forEach(step -> answers.add(shown(place.tried(step))));
    } else {
      answers.add(shown(place.run(step())));
    }
    if (options.isJson()) {
      ClientOptions.print(terminal, what.all ? array(answers) : answers.getFirst());
    }
    return answers.stream().allMatch(InPlace::isDone) ? 0 : 1;
  }

  private InPlace.Step step() {
    if (what.entity != null) {
      return InPlace.Step.entity(what.entity, body());
    }
    if (what.mart != null) {
      return InPlace.Step.mart(what.mart);
    }
    return what.vectors != null
        ? InPlace.Step.vectors(what.vectors)
        : InPlace.Step.features(what.features);
  }

  private Map<String, Object> body() {
    var body = new LinkedHashMap<String, Object>();
    body.put("quarantine_only", quarantine);
    if (since != null) {
      body.put("since", since.toString());
    }
    return body;
  }

  /** At once, as each may take a while. */
  private JsonNode shown(JsonNode answer) {
    if (!options.isJson()) {
      terminal.out().println(InPlace.line(answer));
    }
    return answer;
  }

  private static JsonNode array(List<JsonNode> answers) {
    return Client.JSON.createArrayNode().addAll(answers);
  }
}
