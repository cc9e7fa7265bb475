package dev.lode.silver;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.sql.Evaluation;
import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The key that a lake's tokens are made with: its fingerprint lies in the catalog, so that another
 * one, or a new one for one that was lost, cannot give the same person a second token.
 */
public final class LakeKey {
  private static final String FINGERPRINT = "lode.hmac-key.fingerprint";
  private static final String SALTED = "lode.hmac-key.salted";

  private LakeKey() {}

  /**
   * @param setting {@code silver.hmac-key}
   * @param data where a generated one is kept
   * @param contracts all of them: where none makes tokens, any key will do
   */
  public static HmacKey of(Lake lake, String setting, Path data, List<Contract> contracts) {
    var keyed = contracts.stream().filter(Evaluation::keyed).toList();
    Optional<String> known = lake.note(FINGERPRINT);
    if (keyed.isEmpty()) {
      return HmacKey.load(setting, data);
    }
    boolean made = keyed.stream().anyMatch(contract -> hasRows(lake, contract));
    if (HmacKey.isLost(setting, data) && (known.isPresent() || made)) {
      throw refused("secrets/hmac.key is gone, and tables hold tokens that were made with it");
    }
    HmacKey key = HmacKey.load(setting, data);
    if (known.isEmpty()) {
      lake.note(SALTED, Boolean.toString(!made));
      lake.note(FINGERPRINT, key.fingerprint());
    } else if (!known.get().equals(key.fingerprint())) {
      throw refused("silver.hmac-key is not the key that the tokens in its tables were made with");
    }
    return key.salted(lake.note(SALTED).map(Boolean::parseBoolean).orElse(true));
  }

  private static boolean hasRows(Lake lake, Contract contract) {
    return lake.exists(contract.table())
        && lake.head(contract.table()).map(Snapshot::rows).orElse(0L) > 0;
  }

  private static Failure refused(String why) {
    return new Failure(
        ErrorCode.INVALID_CONFIG,
        "Cannot start: %s; with another the same person would get two tokens".formatted(why),
        "Bring the key back, from a backup or the environment. To begin with a new one, replay"
            + " into a new data directory without secrets/.");
  }
}
