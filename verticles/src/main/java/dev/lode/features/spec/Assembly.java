package dev.lode.features.spec;

import dev.lode.features.spec.FeatureFile.EntityEntry;
import dev.lode.features.spec.FeatureFile.ViewEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the files of a folder together, and notes whatever does not fit. */
final class Assembly {
  private final Map<String, FeatureFile> files;
  private final Problems problems;
  private final Map<String, List<View.Key>> entities = new LinkedHashMap<>();
  private final Map<String, ValueType> keyTypes = new HashMap<>();
  private final Map<String, String> declared = new HashMap<>();
  private final Map<String, View> views = new LinkedHashMap<>();
  private final Map<String, List<String>> services = new LinkedHashMap<>();

  Assembly(Map<String, FeatureFile> files, Problems problems) {
    this.files = files;
    this.problems = problems;
  }

  /** What fits together; whole only where no problem was noted. */
  FeatureCatalog catalog() {
    files.forEach((name, file) -> file.entities().forEach(e -> entity(problems.in(name), e)));
    files.forEach((name, file) -> file.views().forEach(view -> view(name, view)));
    files.forEach(
        (name, file) ->
            file.services().forEach((service, list) -> service(problems.in(name), service, list)));
    return new FeatureCatalog(views, services, declared);
  }

  private void entity(Problems file, EntityEntry entry) {
    Problems here = file.in("entity " + entry.name());
    here.name(entry.name());
    here.check(!entry.keys().isEmpty(), "no keys");
    var keys = new ArrayList<View.Key>();
    for (var key : entry.keys()) {
      Problems at = here.in("key " + key.name());
      at.name(key.name());
      at.check(!ViewAssembly.RESERVED.contains(key.name()), "is a name that Lode uses itself");
      ValueType type = at.type(key.type());
      if (type != null && at.check(keyable(type), type.sql() + " cannot be a key")) {
        ValueType before = keyTypes.putIfAbsent(key.name(), type);
        at.check(
            before == null || before.equals(type),
            "is "
                + type.sql()
                + " here and "
                + (before == null ? "" : before.sql())
                + " elsewhere");
        keys.add(new View.Key(key.name(), type));
      }
    }
    here.check(entities.put(entry.name(), keys) == null, "declared twice");
  }

  private static boolean keyable(ValueType type) {
    return type.kind() != ValueType.Kind.DOUBLE && type.kind() != ValueType.Kind.DECIMAL;
  }

  private void view(String file, ViewEntry entry) {
    declared.put(entry.name(), file);
    Problems here = problems.in(file).in("view " + entry.name());
    here.name(entry.name());
    var keys = new ArrayList<View.Key>();
    for (String entity : entry.entities()) {
      if (!entities.containsKey(entity)) {
        here.unknown("entity", entity, entities.keySet());
      }
      keys.addAll(entities.getOrDefault(entity, List.of()));
    }
    here.check(!entry.entities().isEmpty(), "no entities");
    here.check(
        new HashSet<>(keys).size() == keys.size(), "its entities share a key, which is not clear");
    View view = new ViewAssembly(here, entry, keys).view();
    here.check(views.put(entry.name(), view) == null, "declared twice");
  }

  private void service(Problems file, String name, List<String> references) {
    Problems here = file.in("service " + name);
    here.name(name);
    here.check(references != null && !references.isEmpty(), "no features");
    var list = references == null ? List.<String>of() : references;
    here.check(new HashSet<>(list).size() == list.size(), "names a feature twice");
    here.check(!views.containsKey(name), "has the name of a view");
    here.check(services.put(name, List.copyOf(list)) == null, "declared twice");
    var known =
        views.values().stream()
            .flatMap(view -> view.features().stream().map(f -> view.name() + ":" + f.name()))
            .toList();
    list.stream()
        .filter(reference -> !known.contains(reference))
        .forEach(reference -> here.unknown("feature", reference, known));
  }
}
