package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.config.LodeConfig;
import dev.lode.features.online.OnlineStore;
import dev.lode.features.online.ViewStates;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.tables.Lake;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What all verticles of this layer share, one object per process.
 *
 * @param online written by the owner of a view, read by all
 * @param training the folder for training sets as Parquet
 */
public record FeatureStore(
    Bus bus,
    Lake lake,
    FeatureCatalog catalog,
    OnlineStore online,
    ViewStates states,
    LodeConfig.Features limits,
    Path training,
    Clock clock) {
  static final String LAYER = "features";

  public FeatureStore {
    requireNonNull(bus, "bus is null");
    requireNonNull(lake, "lake is null");
    requireNonNull(catalog, "catalog is null");
    requireNonNull(online, "online is null");
    requireNonNull(states, "states is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(training, "training is null");
    requireNonNull(clock, "clock is null");
  }
}
