package dev.lode.load;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PyIceberg, where it is installed: the build never fetches it. */
class PyIcebergIT {
  @TempDir Path folder;

  @Test
  void readsEveryLayerRowForRow() throws Exception {
    String named = System.getenv("LODE_PYTHON");
    String python = named == null ? "python3" : named;
    assumeTrue(
        hasPyIceberg(python),
        "Skipped: "
            + python
            + " has no pyiceberg with pyarrow (pip install 'pyiceberg[pyarrow]', or set"
            + " LODE_PYTHON)");
    try (var shop = EvolvingShop.open(folder);
        var engine = EngineProcess.pyIceberg(python, folder, shop.url())) {
      for (String table : shop.tables()) {
        EvolvingShop.Read ours = shop.read(table);
        ours.assertIs(engine.ask(table + " " + ours.snapshot()));
      }
    }
  }

  private static boolean hasPyIceberg(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import pyiceberg, pyarrow").start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
