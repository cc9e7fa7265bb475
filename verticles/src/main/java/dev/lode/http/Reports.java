package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks every layer how it is. */
final class Reports {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String READY = "ready";
  private static final String BUSY = "busy";

  /** It serves, though not all that it should: the dashboard says what is missing, and why. */
  static final String DEGRADED = "degraded";

  private final Bus bus;
  private final List<String> layers;
  private final Clock clock;
  private final Set<String> onceReady = ConcurrentHashMap.newKeySet();

  Reports(Bus bus, LodeConfig.Deploy deploy, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.layers = layers(deploy);
    this.clock = requireNonNull(clock, "clock is null");
  }

  private static List<String> layers(LodeConfig.Deploy deploy) {
    var instances = new LinkedHashMap<String, Integer>();
    instances.put("ingest", deploy.ingest());
    instances.put("bronze", deploy.bronze());
    instances.put("silver", deploy.silver());
    instances.put("gold", deploy.gold());
    instances.put("vectors", deploy.vectors());
    instances.put("features", deploy.features());
    instances.put("lineage", deploy.lineage());
    instances.put("maintenance", deploy.maintenance());
    instances.put("query", deploy.tools());
    instances.put("tools", deploy.tools());
    instances.values().removeIf(count -> count == 0);
    return List.copyOf(instances.keySet());
  }

  /** Of each layer its report, or the failure to get one, in the order of the layers. */
  Future<Map<String, Object>> all(String tenantId) {
    var asked = new ArrayList<Future<Object>>();
    for (String layer : layers) {
      asked.add(
          bus.request(
                  Status.of(layer), new Status.Ask(tenantId), CallContext.within(PATIENCE, clock))
              .<Object>map(report -> report)
              .otherwise(cause -> cause));
    }
    return Future.all(asked)
        .map(
            done -> {
              var reports = new LinkedHashMap<String, Object>();
              for (int i = 0; i < layers.size(); i++) {
                reports.put(layers.get(i), done.resultAt(i));
              }
              return reports;
            });
  }

  /** Each layer and its state: ready, or why not. BACKEND_DOWN names those that are not. */
  Future<Map<String, String>> ready(String tenantId) {
    return all(tenantId).map(this::judged);
  }

  private Map<String, String> judged(Map<String, Object> reports) {
    var states = new LinkedHashMap<String, String>();
    reports.forEach((layer, report) -> states.put(layer, state(layer, report)));
    var not = new LinkedHashMap<>(states);
    not.values().removeIf(state -> state.equals(READY) || state.equals(BUSY));
    troubled(reports).forEach((layer, open) -> states.replace(layer.toString(), READY, DEGRADED));
    if (!not.isEmpty()) {
      throw new Failure(
          ErrorCode.BACKEND_DOWN,
          "Not ready: " + not,
          "Wait a moment; if it lasts, the log of the named part says why.");
    }
    return states;
  }

  /** Layers that could not do something of late, and how much. */
  private static Map<?, ?> troubled(Map<String, Object> reports) {
    return reports.get("query") instanceof Status.Report report
            && report.values().get("troubled") instanceof Map<?, ?> open
        ? open
        : Map.of();
  }

  /** A layer that was ready and is too busy to say so still is. */
  private String state(String layer, Object report) {
    if (report instanceof Status.Report told) {
      if (told.ready()) {
        onceReady.add(layer);
      }
      return told.ready() ? READY : "starting";
    }
    boolean late =
        report instanceof Failure failure && failure.code().kind() == ErrorCode.Kind.BUSY;
    return late && onceReady.contains(layer) ? BUSY : ((Throwable) report).getMessage();
  }
}
