package dev.lode;

import dev.lode.cli.Amounts;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses to begin on a full disk, before anything is opened there: a library would fail half way,
 * in words of its own.
 */
final class Room {
  private static final String FILE = "file:";

  private Room() {}

  /**
   * @param folder what it is to Lode: {@code data directory}
   * @param other how to use another
   */
  private record Place(Path path, String folder, String other) {}

  /** BACKEND_DOWN names the folder, what is free there, and what to do. */
  static void check(Path data, LodeConfig config) {
    long least = config.disk().freeMin().bytes();
    for (Place place : places(data, config)) {
      long free = free(place.path);
      if (free < least) {
        throw new Failure(
            ErrorCode.BACKEND_DOWN,
            "Cannot use %s as the %s: %s are free there, and %s are needed (disk.free-min)"
                .formatted(place.path, place.folder, Amounts.bytes(free), Amounts.bytes(least)),
            "Make room, or use another folder: %s.".formatted(place.other));
      }
    }
  }

  private static List<Place> places(Path data, LodeConfig config) {
    var places = new ArrayList<Place>();
    places.add(
        new Place(
            data.toAbsolutePath().normalize(),
            "data directory",
            "name it with --data, or --beside of a replay"));
    String warehouse = config.warehouse().url();
    if (warehouse.startsWith(FILE)) {
      places.add(new Place(Path.of(URI.create(warehouse)), "warehouse", "move it, warehouse.url"));
    }
    places.add(
        new Place(
            Path.of(System.getProperty("java.io.tmpdir")),
            "folder for temporary files",
            "LODE_JAVA_OPTS=-Djava.io.tmpdir=DIR"));
    return places;
  }

  /** A lot where nobody knows: some file systems tell nothing, or more than fits into a long. */
  private static long free(Path path) {
    Path there = path;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      FileStore disk = Files.getFileStore(there == null ? path : there);
      long free = disk.getUsableSpace();
      return disk.getTotalSpace() <= 0 || free < 0 ? Long.MAX_VALUE : free;
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
