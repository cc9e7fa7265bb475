package dev.lode.features.spec;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.ConfigFile;
import dev.lode.config.YamlFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every view and service of a folder, consistent with each other. */
public final class FeatureCatalog {
  private final Map<String, View> views;
  private final Map<String, List<String>> services;
  private final Map<String, String> files;

  /**
   * @param files by view, the name of the one that declares it
   */
  FeatureCatalog(
      Map<String, View> views, Map<String, List<String>> services, Map<String, String> files) {
    this.views = new TreeMap<>(views);
    this.services = new TreeMap<>(services);
    this.files = Map.copyOf(files);
  }

  /** One feature of one view, as a request names it. */
  public record Reference(View view, Feature feature) {
    public String name() {
      return view.name() + ":" + feature.name();
    }
  }

  /** Reads every YAML file of {@code folder}; INVALID_CONFIG lists all that is wrong. */
  public static FeatureCatalog load(Path folder) {
    var problems = new Problems();
    FeatureCatalog catalog = new Assembly(files(folder, problems), problems).catalog();
    if (!problems.found().isEmpty()) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Invalid features in " + folder + ": " + String.join("; ", problems.found()));
    }
    return catalog;
  }

  /** All that is wrong in {@code folder}, each with file and place; needs no lake. */
  public static List<String> problems(Path folder) {
    var problems = new Problems();
    var _ = new Assembly(files(folder, problems), problems).catalog();
    return problems.found();
  }

  private static Map<String, FeatureFile> files(Path folder, Problems problems) {
    var files = new LinkedHashMap<String, FeatureFile>();
    for (Path path : yaml(folder, problems)) {
      try {
        files.put(path.getFileName().toString(), ConfigFile.read(path, FeatureFile.class));
      } catch (Failure e) {
        problems.add(e.getMessage());
      }
    }
    return files;
  }

  private static List<Path> yaml(Path folder, Problems problems) {
    try {
      return YamlFiles.in(folder);
    } catch (IOException e) {
      problems.add("Cannot list " + folder + ": " + e);
      return List.of();
    }
  }

  /** The name of the file that declares a view. */
  public String file(String view) {
    return files.get(view);
  }

  public List<View> views() {
    return List.copyOf(views.values());
  }

  public Map<String, List<String>> services() {
    return services;
  }

  /** FEATURE_NOT_FOUND names the nearest. */
  public View view(String name) {
    View view = views.get(name);
    if (view == null) {
      throw notFound("feature view", name, views.keySet());
    }
    return view;
  }

  /** In the order asked: {@code view:feature} names, or one service, or one view for all of it. */
  public List<Reference> resolve(List<String> names) {
    if (names.isEmpty()) {
      throw Failure.invalid("Cannot read features: none named (write view:feature, or a service)");
    }
    if (names.size() == 1 && names.getFirst().indexOf(':') < 0) {
      return whole(names.getFirst());
    }
    return names.stream().map(this::reference).toList();
  }

  private List<Reference> whole(String name) {
    List<String> service = services.get(name);
    if (service != null) {
      return service.stream().map(this::reference).toList();
    }
    View view = views.get(name);
    if (view == null) {
      var known = new ArrayList<>(services.keySet());
      known.addAll(views.keySet());
      throw notFound("feature service or view", name, known);
    }
    return view.features().stream().map(feature -> new Reference(view, feature)).toList();
  }

  private Reference reference(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      throw Failure.invalid(
          "Invalid feature name: " + name + " (write view:feature; a service stands alone)");
    }
    View view = view(name.substring(0, colon));
    String feature = name.substring(colon + 1);
    return new Reference(
        view,
        view.feature(feature)
            .orElseThrow(
                () ->
                    notFound(
                        "feature",
                        name,
                        view.features().stream()
                            .map(each -> view.name() + ":" + each.name())
                            .toList())));
  }

  private static Failure notFound(String what, String name, java.util.Collection<String> known) {
    return new Failure(
        ErrorCode.FEATURE_NOT_FOUND, "No " + what + " " + name + " " + Problems.hint(name, known));
  }
}
