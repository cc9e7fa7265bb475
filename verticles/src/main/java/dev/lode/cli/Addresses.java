package dev.lode.cli;

/** The pages that a running Lode serves. */
public final class Addresses {

  private Addresses() {}

  /** One line each, ready to click. */
  public static void print(Terminal terminal, int port) {
    String url = "http://127.0.0.1:" + port;
    terminal.out().println("  API        " + terminal.cyan(url + "/docs"));
    terminal.out().println("  Dashboard  " + terminal.cyan(url + "/v1/dashboard"));
    terminal.out().println("  Tools      " + terminal.cyan(url + "/v1/tools"));
    terminal.out().flush();
  }
}
