package dev.lode.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.vectors.text.Chunking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorSpecsTest {
  private static final String NOTES =
      """
      namespace: notes
      source: silver.note
      key: [note_id]
      text: "{body}"
      """;

  @TempDir Path folder;

  @Test
  void readsASpecificationWithItsDefaults() throws IOException {
    write("notes.yaml", NOTES);

    VectorSpec spec = VectorSpecs.read(folder).getFirst();

    assertThat(spec.incremental()).isTrue();
    assertThat(spec.metadata()).isEmpty();
    assertThat(spec.embedder()).isEqualTo("minilm");
    assertThat(spec.chunking()).isEqualTo(new Chunking(256, 32, null));
    assertThat(spec.chunking().separators()).containsExactly("\n## ", "\n### ", "\n\n", ". ");
    assertThat(spec.idExpression()).isEqualTo("CAST(\"note_id\" AS VARCHAR)");
  }

  @Test
  void knowsTheLanguageOfANamespace() throws IOException {
    write("notes.yaml", NOTES);
    VectorSpec english = VectorSpecs.read(folder).getFirst();
    write("notes.yaml", NOTES + "language: pt-BR\n");
    VectorSpec portuguese = VectorSpecs.read(folder).getFirst();

    assertThat(english.spoken().code()).isEqualTo("en");
    assertThat(portuguese.spoken().code()).isEqualTo("pt");
    assertThat(portuguese.fingerprint()).isNotEqualTo(english.fingerprint());
    assertThat(problem("notes.yaml", NOTES + "language: Portugese\n"))
        .contains("unknown language Portugese (did you mean Portuguese, pt?)");
  }

  @Test
  void readsNothingWhereThereIsNoFolder() {
    assertThat(VectorSpecs.read(folder.resolve("none"))).isEmpty();
  }

  @Test
  void findsNothingWrongWithWhatShips() {
    Path conf = Path.of("../conf");
    assertThat(VectorSpecs.problems(conf.resolve("vectors"))).isEmpty();
    assertThat(VectorSpecs.problems(conf.resolve("demo/vectors"))).isEmpty();
    assertThat(VectorSpecs.read(conf.resolve("vectors")))
        .extracting(VectorSpec::namespace)
        .containsExactly("products");
    assertThat(VectorSpecs.read(conf.resolve("demo/vectors")))
        .extracting(VectorSpec::namespace)
        .containsExactly("products", "support_notes");
  }

  @Test
  void saysWhatIsWrongAndWhere() throws IOException {
    assertThat(problem("notes.yaml", NOTES + "chunkin: {}\n"))
        .endsWith("notes.yaml:5: unknown key chunkin (did you mean chunking?)");
    assertThat(problem("notes.yaml", NOTES + "chunking: {max-tokens: 800}\n"))
        .endsWith(
            "max-tokens: 800, but minilm reads 256 tokens: the rest of a chunk would be lost");
    assertThat(problem("notes.yaml", NOTES + "embedder: minlm\n"))
        .endsWith("unknown embedder minlm (did you mean minilm?)");
    assertThat(problem("other.yaml", NOTES))
        .endsWith("namespace notes must be in a file of that name");
    assertThat(problem("notes.yaml", NOTES.replace("source: silver.note\n", "")))
        .contains("either source or sql must be given");
    assertThat(problem("notes.yaml", NOTES.replace("{body}", "body"))).contains("names no column");
    assertThat(problem("notes.yaml", NOTES.replace("namespace: notes", "namespace: No tes")))
        .contains("Invalid namespace: No tes");
  }

  private String problem(String file, String text) throws IOException {
    write(file, text);
    List<String> problems = VectorSpecs.problems(folder);
    Files.delete(folder.resolve(file));
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}
