package dev.lode.vectors.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniLmIT {
  @TempDir static Path natives;
  private static MiniLm miniLm;

  @BeforeAll
  static void load() {
    miniLm = MiniLm.load(2, natives);
  }

  @AfterAll
  static void close() {
    miniLm.close();
  }

  @Test
  void findsMeaningWithoutCommonWords() {
    Unit question = one("my parcel got lost in the mail");

    double near = cosine(question, one("The package never arrived."));
    double far = cosine(question, one("The kettle's lid does not close."));

    assertThat(near).isGreaterThan(far + 0.2);
  }

  @Test
  void givesATextTheSameVectorWhateverIsBesideIt() {
    var many = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      many.add("word ".repeat(i + 1));
    }
    many.add("white metal lantern");

    assertThat(miniLm.embed(many).getLast()).isEqualTo(one("white metal lantern"));
    assertThat(one("white metal lantern").dimension()).isEqualTo(384);
    assertThat(cosine(one("lantern"), one("lantern"))).isCloseTo(1, within(1e-5));
  }

  @Test
  void readsAsManyTokensAsItSays() {
    String start = "shop ".repeat(miniLm.tokensMax() - 3);
    assertThat(miniLm.tokens(start + "elephant")).isEqualTo(miniLm.tokensMax());

    assertThat(one(start + "elephant")).isNotEqualTo(one(start + "airplane"));
    assertThat(one("shop " + start + "elephant")).isEqualTo(one("shop " + start + "airplane"));
  }

  @Test
  void countsItsMarkersAsTokens() {
    assertThat(miniLm.tokens("white metal lantern")).isEqualTo(5);
  }

  private static Unit one(String text) {
    return miniLm.embed(List.of(text)).getFirst();
  }

  private static double cosine(Unit one, Unit other) {
    double sum = 0;
    for (int i = 0; i < one.dimension(); i++) {
      sum += one.array()[i] * other.array()[i];
    }
    return sum;
  }
}
