package dev.lode.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file to be posted as it is.
 *
 * @param type its content type
 * @param isGzip sent compressed, as it lies
 */
record SourceFile(Path path, String type, boolean isGzip, long bytes) {
  private static final Map<String, String> TYPES =
      Map.of(
          "csv", "text/csv",
          "json", "application/json",
          "ndjson", "application/x-ndjson",
          "jsonl", "application/x-ndjson");

  /** {@code format} csv, json or ndjson; null to tell by the extension. */
  static SourceFile of(Path path, String format) throws IOException {
    String name = path.getFileName().toString();
    boolean isGzip = name.endsWith(".gz");
    String plain = isGzip ? name.substring(0, name.length() - 3) : name;
    String extension = plain.substring(plain.lastIndexOf('.') + 1);
    String type = TYPES.get(format == null ? extension : format);
    if (type == null) {
      throw new IllegalArgumentException(
          "Cannot tell the format of " + path + ": give --format csv, json or ndjson");
    }
    return new SourceFile(path, type, isGzip, Files.size(path));
  }

  /** Files, globs (for shells that leave them as they are), and the known files of folders. */
  static List<Path> expand(List<String> arguments) throws IOException {
    var paths = new ArrayList<Path>();
    for (String argument : arguments) {
      List<Path> found = expand(argument);
      if (found.isEmpty()) {
        throw new IllegalArgumentException("Cannot find " + argument);
      }
      paths.addAll(found);
    }
    return paths;
  }

  private static List<Path> expand(String argument) throws IOException {
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      return listed(path, "*.{csv,json,ndjson,jsonl}{,.gz}");
    }
    if (Files.exists(path)) {
      return List.of(path);
    }
    Path folder = path.getParent() == null ? Path.of("") : path.getParent();
    return Files.isDirectory(folder) ? listed(folder, path.getFileName().toString()) : List.of();
  }

  private static List<Path> listed(Path folder, String glob) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && matcher.matches(file.getFileName()))
          .sorted()
          .toList();
    }
  }

  /** Names the bytes, wherever the file lies and whatever it is called. */
  String digest() throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(path), sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      byte[] digest = ((DigestInputStream) in).getMessageDigest().digest();
      return HexFormat.of().formatHex(digest, 0, 16);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
