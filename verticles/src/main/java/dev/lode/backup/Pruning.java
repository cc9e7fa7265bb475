package dev.lode.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** Lets go of the oldest backups, and of the files that none of the others needs. */
final class Pruning {

  private Pruning() {}

  static void prune(Repository repository, int keep) throws IOException {
    List<String> ids = repository.ids();
    if (ids.size() <= keep) {
      return;
    }
    var needed = new HashSet<Path>();
    for (String id : ids.subList(ids.size() - keep, ids.size())) {
      repository.read(id).files().forEach(file -> needed.add(repository.file(file.path())));
    }
    for (String id : ids.subList(0, ids.size() - keep)) {
      Trees.delete(repository.folder(id));
    }
    for (Path file : Trees.files(repository.files())) {
      if (!needed.contains(file)) {
        Files.delete(file);
      }
    }
  }
}
