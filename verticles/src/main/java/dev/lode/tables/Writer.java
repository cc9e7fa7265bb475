package dev.lode.tables;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * A process that commits to the lake.
 *
 * @param id differs from every other process, on every host
 * @param name for people: {@code 4711 on host}
 */
record Writer(String id, String name) {
  static final Writer THIS_PROCESS =
      new Writer(UUID.randomUUID().toString(), ProcessHandle.current().pid() + " on " + host());

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }
}
