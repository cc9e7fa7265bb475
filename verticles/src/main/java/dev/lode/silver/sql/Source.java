package dev.lode.silver.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Where one value is in a record.
 *
 * @param name how generated columns are named after it
 * @param places of a JSON record that may hold it, the best first
 * @param headers of a CSV record that may name it, the best first
 */
record Source(String name, List<Place> places, List<String> headers) {

  /** A name in an object of the record; the record itself has an empty path. */
  record Place(List<String> object, String name) {
    Place {
      object = List.copyOf(object);
    }
  }

  Source {
    places = List.copyOf(places);
    headers = List.copyOf(headers);
  }

  /** {@code path} from the record's root. */
  static Source at(String name, String path) {
    return of(name, "", List.of(path));
  }

  /**
   * A property's value below {@code base} (empty for the root): as {@code source} says, or under
   * its own name; else as it was called before.
   */
  static Source of(String name, String base, String source, List<String> formerNames) {
    var paths = new LinkedHashSet<>(List.of(source, name));
    paths.addAll(formerNames);
    return of(name, base, List.copyOf(paths));
  }

  private static Source of(String name, String base, List<String> paths) {
    List<String> root = base.isEmpty() ? List.of() : parts(base);
    var places = new LinkedHashSet<Place>();
    for (String path : paths) {
      var object = new ArrayList<>(root);
      object.addAll(parts(path));
      places.add(new Place(object.subList(0, object.size() - 1), object.getLast()));
      // Tools that flatten records write user.name as one name.
      places.add(new Place(root, path));
    }
    return new Source(name, List.copyOf(places), paths);
  }

  private static List<String> parts(String path) {
    return Arrays.asList(path.split("\\.", -1));
  }
}
