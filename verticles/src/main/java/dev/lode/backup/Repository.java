package dev.lode.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of backups: {@code copies/<id>/} holds each one's catalog, secrets and {@code
 * copy.json}; {@code files/} the files of all of them, once. For its owner's eyes alone.
 */
final class Repository {
  private static final String COPIES = "copies";
  private static final String DRAFT = ".part";
  private static final String FACTS = "copy.json";
  private static final String CHECKSUM = "copy.json.sha256";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path root;

  private Repository(Path root) {
    this.root = root;
  }

  /** Made where it is missing; a folder that holds other things is refused. */
  static Repository make(Path root) throws IOException {
    if (Files.isDirectory(root)) {
      try (Stream<Path> inside = Files.list(root)) {
        if (!Files.isDirectory(root.resolve(COPIES)) && inside.findAny().isPresent()) {
          throw Failure.invalid(
              "Cannot back up to %s: it holds other things (must be empty, or hold backups)"
                  .formatted(root));
        }
      }
    }
    Files.createDirectories(root.toAbsolutePath().getParent());
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    if (!Files.isDirectory(root)) {
      Files.createDirectory(root, owner);
    }
    Files.createDirectories(root.resolve(COPIES));
    Files.createDirectories(root.resolve("files"));
    return new Repository(root);
  }

  static Repository open(Path root) {
    if (!Files.isDirectory(root.resolve(COPIES))) {
      throw Failure.invalid("Cannot restore from %s: it holds no backups".formatted(root));
    }
    return new Repository(root);
  }

  Path files() {
    return root.resolve("files");
  }

  Path file(String path) {
    return files().resolve(path);
  }

  /** Where the catalog and the secrets of a backup are. */
  Path folder(String id) {
    return root.resolve(COPIES).resolve(id);
  }

  /** Keeps another process out while one writes. */
  FileChannel lock() throws IOException {
    var channel =
        FileChannel.open(
            root.resolve("backup.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isOurs(channel)) {
      channel.close();
      throw new Failure(
          ErrorCode.OWNER_BUSY, "Cannot back up to %s: another Lode does".formatted(root));
    }
    return channel;
  }

  private static boolean isOurs(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  /** Of all complete backups, oldest first. */
  List<String> ids() throws IOException {
    try (Stream<Path> folders = Files.list(root.resolve(COPIES))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.endsWith(DRAFT))
          .sorted()
          .toList();
    }
  }

  /** NOT_FOUND names those that there are. */
  Copy read(String id) throws IOException {
    Path facts = folder(id).resolve(FACTS);
    try {
      byte[] json = Files.readAllBytes(facts);
      String expected = Files.readString(folder(id).resolve(CHECKSUM)).split(" ", 2)[0];
      if (!Digests.digest(json).equals(expected)) {
        throw damaged(facts, "its checksum differs");
      }
      return JSON.readValue(json, Copy.class);
    } catch (NoSuchFileException e) {
      throw new Failure(
          ErrorCode.NOT_FOUND,
          "No backup %s in %s (there are: %s)".formatted(id, root, String.join(", ", ids())),
          "Name one of those with --id, or none for the newest.");
    }
  }

  static Failure damaged(Path file, String why) {
    return new Failure(
        ErrorCode.BACKEND_DOWN,
        "The backup is damaged: %s: %s".formatted(file, why),
        "Remove that file and back up again: it is copied anew while its source is there."
            + " Else restore an older backup with --id, or from another folder.");
  }

  /** An empty folder for a backup that is being made; what an interrupted one left goes. */
  Path begin(String id) throws IOException {
    try (Stream<Path> folders = Files.list(root.resolve(COPIES))) {
      for (Path folder : folders.filter(path -> path.toString().endsWith(DRAFT)).toList()) {
        Trees.delete(folder);
      }
    }
    return Files.createDirectory(folder(id + DRAFT));
  }

  /** From here on it is there, after a power cut too. */
  void complete(Copy copy) throws IOException {
    Path draft = folder(copy.id() + DRAFT);
    byte[] json = JSON.writeValueAsBytes(copy);
    Files.write(draft.resolve(FACTS), json);
    Files.write(
        draft.resolve(CHECKSUM), (Digests.digest(json) + "  " + FACTS + "\n").getBytes(UTF_8));
    Trees.force(draft);
    Files.move(draft, folder(copy.id()), StandardCopyOption.ATOMIC_MOVE);
    Digests.force(root.resolve(COPIES));
  }
}
