package dev.lode.tools;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Tools;
import dev.lode.config.Nearest;
import dev.lode.openapi.OpenApi;
import dev.lode.openapi.Operation;
import dev.lode.openapi.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Every tool: what the contract declares, joined to the way it is called. */
final class Registry {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  record Entry(Tools.Tool declared, Schema input, Tool tool) {}

  /** INVALID_CONFIG where a declared tool has no way to be called, or the other way round. */
  Registry(OpenApi contract, Map<String, Tool> tools) {
    var left = new TreeSet<>(tools.keySet());
    for (Operation operation : contract.operations()) {
      if (operation.isTool()) {
        left.remove(operation.id());
        entries.put(operation.id(), entry(operation, tools.get(operation.id())));
      }
    }
    if (!left.isEmpty()) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG, "Cannot serve " + left + ": not in openapi/lode.yaml");
    }
  }

  private static Entry entry(Operation operation, Tool tool) {
    if (tool == null) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG, "Cannot serve " + operation.id() + ": no tool of that name");
    }
    var input = operation.body().schema();
    return new Entry(
        new Tools.Tool(
            operation.id(),
            operation.description(),
            operation.roles(),
            input.json(),
            operation.answer().json()),
        input,
        tool);
  }

  List<Tools.Tool> declared() {
    return entries.values().stream().map(Entry::declared).toList();
  }

  /** Those whose feature view, where they read but one, is there. */
  List<Tools.Tool> declared(Predicate<String> hasView) {
    return declared().stream()
        .filter(
            tool ->
                !FeatureTools.VIEWS.containsKey(tool.name())
                    || hasView.test(FeatureTools.VIEWS.get(tool.name())))
        .toList();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** TOOL_NOT_FOUND names the nearest; FORBIDDEN the roles that may. */
  Entry find(Tools.Call call) {
    Entry entry = entries.get(call.name());
    if (entry == null) {
      throw new Failure(
          ErrorCode.TOOL_NOT_FOUND,
          "Cannot call %s: there is no such tool (%s)".formatted(call.name(), known(call.name())));
    }
    if (!entry.declared().roles().contains(call.role())) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot call %s: role %s may not (roles: %s)"
              .formatted(call.name(), call.role(), String.join(", ", entry.declared().roles())));
    }
    return entry;
  }

  private String known(String name) {
    return Nearest.to(name, entries.keySet())
        .map(nearest -> "did you mean " + nearest + "?")
        .orElse("known: " + String.join(", ", entries.keySet()));
  }
}
