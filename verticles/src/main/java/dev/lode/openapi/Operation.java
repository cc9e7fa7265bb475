package dev.lode.openapi;

import java.util.List;

/**
 * One operation of the contract.
 *
 * @param path with {@code {names}}, as in the contract
 * @param guarded needs a principal
 * @param roles that may call it; empty where it is not guarded
 * @param everyTenant shows or changes what belongs to all tenants: a key of one may not call it
 * @param body null where the operation takes none
 * @param answer of status 200
 */
public record Operation(
    String id,
    String method,
    String path,
    String description,
    boolean guarded,
    List<String> roles,
    boolean everyTenant,
    List<Parameter> parameters,
    Body body,
    Schema answer) {
  private static final String TOOLS = "/v1/tools/";

  /** {@code in} is path, query or header. */
  public record Parameter(String name, String in, boolean required, Schema schema) {}

  /** {@code schema} is that of application/json. */
  public record Body(boolean required, List<String> mediaTypes, Schema schema) {}

  public Operation {
    roles = List.copyOf(roles);
    parameters = List.copyOf(parameters);
  }

  /** Whether it is a tool: its path is its name, under the tools. */
  public boolean isTool() {
    return path.equals(TOOLS + id);
  }
}
