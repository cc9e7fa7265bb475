package dev.lode.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The top command; it only holds the others. */
@Command(
    name = "lode",
    mixinStandardHelpOptions = true,
    version = "Lode 0.1.0",
    description = "The data layer that AI agents work from.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Begin with:",
      "  ./lode demo                     a tour on generated business data",
      "  ./lode up                       the server, with the declarations in conf/",
      "  ./lode ingest --source retail --entity invoice_line *.csv",
      "  ./lode sql \"SELECT * FROM gold.daily_revenue ORDER BY day DESC LIMIT 7\"",
      "",
      "Each command has its own --help, with examples.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
public final class Lode {

  private Lode() {}

  /** What commands do in this process. */
  public record Parts(Launch launch, Restorer restorer, Replayer replayer, List<Checker> checkers) {
    public Parts {
      checkers = List.copyOf(checkers);
    }
  }

  /** Every command but the demo, which Main adds. */
  public static CommandLine commandLine(Parts parts, Terminal terminal) {
    var lode =
        new CommandLine(new Lode())
            .addSubcommand(new UpCommand(parts.launch, terminal))
            .addSubcommand(new IngestCommand(terminal))
            .addSubcommand(new SqlCommand(terminal))
            .addSubcommand(new TraceCommand(terminal))
            .addSubcommand(new ReplayCommand(parts.replayer, terminal))
            .addSubcommand(new TablesCommand(terminal))
            .addSubcommand(new MaintainCommand(terminal))
            .addSubcommand(new BackupCommand(terminal))
            .addSubcommand(new RestoreCommand(parts.restorer, terminal))
            .addSubcommand(new ToolsCommand(terminal))
            .addSubcommand(new CallCommand(terminal))
            .addSubcommand(new CheckCommand(parts.checkers, terminal))
            .addSubcommand(new HealthCommand(terminal));
    return lode;
  }

  /** Runs one command line; answers its exit code. */
  public static int run(CommandLine lode, Terminal terminal, String... args) {
    lode.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.isTty() ? Ansi.ON : Ansi.OFF));
    lode.setUsageHelpAutoWidth(false);
    lode.setExecutionExceptionHandler(sentences(terminal));
    return args.length == 0 ? usage(lode, terminal) : lode.execute(args);
  }

  private static int usage(CommandLine lode, Terminal terminal) {
    lode.usage(terminal.out());
    return CommandLine.ExitCode.USAGE;
  }

  private static IExecutionExceptionHandler sentences(Terminal terminal) {
    return (failure, command, parsed) -> {
      say(terminal, failure);
      return CommandLine.ExitCode.SOFTWARE;
    };
  }

  /** A failure as a person wants it: the sentence, then what to do. */
  static void say(Terminal terminal, Exception failure) {
    String sentence = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    terminal.err().println(terminal.red(sentence));
    if (failure instanceof Refused refused && !refused.hint().isEmpty()) {
      terminal.err().println(refused.hint());
    }
  }
}
