package dev.lode.vectors;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.ConfigFile;
import dev.lode.config.YamlFiles;
import dev.lode.vectors.text.Embedders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All namespaces: the files of a folder. */
public final class VectorSpecs {

  private VectorSpecs() {}

  /** Every YAML file of {@code folder}, in order; none where there is no folder. */
  public static List<VectorSpec> read(Path folder) {
    return files(folder).stream().map(VectorSpecs::readOne).toList();
  }

  /** One sentence for each file that cannot be used. */
  public static List<String> problems(Path folder) {
    var problems = new ArrayList<String>();
    for (Path file : files(folder)) {
      try {
        readOne(file);
      } catch (Failure e) {
        problems.add(e.getMessage());
      }
    }
    return problems;
  }

  private static VectorSpec readOne(Path file) {
    VectorSpec spec = ConfigFile.read(file, VectorSpec.class);
    if (!YamlFiles.stem(file).equals(spec.namespace())) {
      throw invalid(file, "namespace " + spec.namespace() + " must be in a file of that name");
    }
    YamlFiles.either(file);
    int reads = Embedders.tokensMax(spec.embedder()).orElse(0);
    if (reads == 0) {
      throw invalid(file, Embedders.unknown(spec.embedder()));
    }
    int chunk = spec.chunking().maxTokens();
    if (chunk > reads) {
      throw invalid(
          file,
          "max-tokens: %d, but %s reads %d tokens: the rest of a chunk would be lost"
              .formatted(chunk, spec.embedder(), reads));
    }
    return spec;
  }

  private static Failure invalid(Path file, String reason) {
    return new Failure(ErrorCode.INVALID_CONFIG, "Invalid configuration: " + file + ": " + reason);
  }

  private static List<Path> files(Path folder) {
    try {
      return YamlFiles.in(folder);
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + folder + ": " + e);
    }
  }
}
