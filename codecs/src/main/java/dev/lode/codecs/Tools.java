package dev.lode.codecs;

import java.util.List;
import java.util.Map;

/** What an agent may call: one registry, however the call came in. */
public sealed interface Tools extends Message {
  Address<Call, Result> CALL = new Address<>("tools.call", Call.class, Result.class);
  Address<Describe, Manifest> DESCRIBE =
      new Address<>("tools.describe", Describe.class, Manifest.class);

  /**
   * {@code principal} and {@code role} were authenticated at the edge; {@code arguments} were not
   * checked.
   */
  record Call(
      String tenantId, String principal, String role, String name, Map<String, Object> arguments)
      implements Tools {
    public Call {
      arguments = Values.copy(arguments);
    }
  }

  /**
   * The envelope: {@code data}, and what it is worth.
   *
   * @param lineage ids, tables and snapshot ids behind the answer
   * @param freshnessMs age of the oldest snapshot read; -1 where nothing was read
   * @param qualityScore 0..1 of the latest runs behind it; null where unknown
   * @param degraded parts that were missing, in words; empty when whole
   */
  record Result(
      String tenantId,
      Object data,
      Map<String, Object> lineage,
      long freshnessMs,
      Double qualityScore,
      boolean truncated,
      List<String> degraded)
      implements Tools {
    public Result {
      lineage = Values.copy(lineage);
      degraded = List.copyOf(degraded);
    }
  }

  record Describe(String tenantId) implements Tools {}

  record Manifest(String tenantId, List<Tool> tools) implements Tools {
    public Manifest {
      tools = List.copyOf(tools);
    }
  }

  /**
   * {@code input} and {@code output} are JSON Schemas (2020-12), closed with additionalProperties
   * false.
   */
  record Tool(
      String name,
      String description,
      List<String> roles,
      Map<String, Object> input,
      Map<String, Object> output) {
    public Tool {
      roles = List.copyOf(roles);
      input = Values.copy(input);
      output = Values.copy(output);
    }
  }
}
