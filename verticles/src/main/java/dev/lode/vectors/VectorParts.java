package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.config.Nearest;
import dev.lode.tables.Lake;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Embedder;
import java.util.List;
import java.util.function.Function;

/**
 * What all verticles of this layer share. Thread-safe.
 *
 * @param specs all namespaces
 * @param tenants whose rows may exist
 * @param embedders by name
 */
public record VectorParts(
    Bus bus,
    Lake lake,
    Sources sources,
    List<VectorSpec> specs,
    List<String> tenants,
    VectorIndexes indexes,
    Function<String, Embedder> embedders,
    LodeConfig.Vectors config) {
  public VectorParts {
    requireNonNull(bus, "bus is null");
    requireNonNull(lake, "lake is null");
    requireNonNull(sources, "sources is null");
    requireNonNull(indexes, "indexes is null");
    requireNonNull(embedders, "embedders is null");
    requireNonNull(config, "config is null");
    specs = List.copyOf(specs);
    tenants = List.copyOf(tenants);
  }

  /** NAMESPACE_NOT_FOUND names the nearest to {@code verb}. */
  VectorSpec spec(String verb, String namespace) {
    return specs.stream()
        .filter(spec -> spec.namespace().equals(namespace))
        .findFirst()
        .orElseThrow(() -> unknown(verb, String.valueOf(namespace)));
  }

  private Failure unknown(String verb, String namespace) {
    var known = specs.stream().map(VectorSpec::namespace).sorted().toList();
    return new Failure(
        ErrorCode.NAMESPACE_NOT_FOUND,
        "Cannot %s %s: no such namespace%s"
            .formatted(
                verb,
                namespace,
                Nearest.to(namespace, known)
                    .map(near -> " (did you mean " + near + "?)")
                    .orElse(" (there are: " + String.join(", ", known) + ")")));
  }
}
