package dev.lode.http;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Who may come in. With keys configured, a key is always needed. Without keys only this machine is
 * served: the connection and the Host must both be loopback (no DNS rebinding), and the request
 * must have come neither through a proxy nor from a page of another origin.
 */
final class Access {
  private static final Set<String> ROLES = Set.of("admin", "writer", "reader");
  private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final List<String> PROXY_HEADERS =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final String ENVIRONMENT = "env:";
  private static final String EVERY_TENANT = "*";
  static final String TENANT_HEADER = "X-Lode-Tenant";

  private final List<Door> doors;
  private final List<String> tenants;

  private record Door(Bytes hash, Principal principal) {}

  private Access(List<Door> doors, List<String> tenants) {
    this.doors = doors;
    this.tenants = tenants;
  }

  /** INVALID_CONFIG where strangers could come in, or where a key is not usable. */
  static Access of(LodeConfig config, UnaryOperator<String> environment) {
    if (config.keys().isEmpty() && !isLoopback(config.http().host())) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot listen on "
              + config.http().host()
              + " without keys: everyone who reaches it would be admin",
          "Add keys to conf/lode.yaml, or set http.host to 127.0.0.1.");
    }
    if (config.tenants().isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Invalid tenants: none (must be at least one)");
    }
    var doors = new ArrayList<Door>();
    for (LodeConfig.Key key : config.keys()) {
      doors.add(door(key, config.tenants(), environment));
    }
    return new Access(List.copyOf(doors), config.tenants());
  }

  private static Door door(
      LodeConfig.Key key, List<String> tenants, UnaryOperator<String> environment) {
    if (!ROLES.contains(key.role())) {
      throw invalid(key, "role " + key.role() + " (must be admin, writer or reader)");
    }
    boolean every = key.tenant().equals(EVERY_TENANT);
    if (!every && !tenants.contains(key.tenant())) {
      throw invalid(key, "tenant " + key.tenant() + " (tenants: " + tenants + ", '*' for all)");
    }
    String secret = key.key();
    if (secret.startsWith(ENVIRONMENT)) {
      secret = environment.apply(secret.substring(ENVIRONMENT.length()));
    }
    if (secret == null || secret.isBlank()) {
      throw invalid(key, "no secret at " + key.key());
    }
    return new Door(
        Bytes.of(hash(secret)), new Principal(key.name(), key.tenant(), key.role(), every));
  }

  private static Failure invalid(LodeConfig.Key key, String reason) {
    return new Failure(ErrorCode.INVALID_CONFIG, "Invalid key " + key.name() + ": " + reason);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Invalid http.host: " + host + " is unknown");
    }
  }

  /** UNAUTHENTICATED, FORBIDDEN or TENANT_UNKNOWN where it may not come in. */
  Principal admit(HttpServerRequest request) {
    String wanted = request.getHeader(TENANT_HEADER);
    if (doors.isEmpty()) {
      checkLocal(request);
      return new Principal("local", named(wanted), "admin", true);
    }
    Principal principal = opened(key(request));
    if (principal.everyTenant()) {
      return new Principal(principal.name(), named(wanted), principal.role(), true);
    }
    if (wanted != null && !wanted.equals(principal.tenant())) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot act for tenant %s: this key is for %s".formatted(wanted, principal.tenant()));
    }
    return principal;
  }

  /** TENANT_UNKNOWN where {@code tenant} is not configured. */
  void checkTenant(String tenant) {
    if (!tenants.contains(tenant)) {
      throw new Failure(
          ErrorCode.TENANT_UNKNOWN,
          "Cannot act for tenant %s: it is not configured".formatted(tenant));
    }
  }

  /** For whoever may act for all: the tenant that it names, or the first. */
  private String named(String wanted) {
    if (wanted != null && !TENANT.matcher(wanted).matches()) {
      throw Failure.invalid(
          "Invalid %s: \"%s\" (must match %s)".formatted(TENANT_HEADER, wanted, TENANT));
    }
    return wanted == null ? tenants.getFirst() : wanted;
  }

  private static String key(HttpServerRequest request) {
    String bearer = request.getHeader("Authorization");
    String apiKey = request.getHeader("X-API-Key");
    if (bearer == null && apiKey == null) {
      throw unauthenticated("no API key came with the request");
    }
    // First: some clients send an Authorization that nobody gave them ("Bearer None").
    if (apiKey != null) {
      return apiKey.strip();
    }
    if (!bearer.regionMatches(true, 0, "Bearer ", 0, 7) || bearer.substring(7).isBlank()) {
      throw unauthenticated("Authorization must be: Bearer <key>");
    }
    return bearer.substring(7).strip();
  }

  /** Compares with every key, in the same time whichever it is. */
  private Principal opened(String key) {
    byte[] hash = hash(key);
    Principal found = null;
    for (Door door : doors) {
      if (MessageDigest.isEqual(door.hash().array(), hash)) {
        found = door.principal();
      }
    }
    if (found == null) {
      throw unauthenticated("the API key is unknown");
    }
    return found;
  }

  private static void checkLocal(HttpServerRequest request) {
    var address = request.remoteAddress();
    boolean local =
        address != null
            && address.host() != null
            && isLoopbackLiteral(address.hostAddress())
            && isLocalHost(request);
    if (!local) {
      throw unauthenticated("without keys only this machine is served, as localhost");
    }
    if (PROXY_HEADERS.stream().anyMatch(request.headers()::contains)) {
      throw unauthenticated("without keys nothing is served through a proxy");
    }
    String origin = request.getHeader("Origin");
    if (origin != null
        && !origin.replaceFirst("^https?://", "").equals(request.getHeader("Host"))) {
      throw unauthenticated("without keys no page of another origin is served: " + origin);
    }
  }

  private static boolean isLocalHost(HttpServerRequest request) {
    var authority = request.authority();
    return authority != null && LOOPBACK_HOSTS.contains(bracketed(authority.host()));
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static boolean isLoopbackLiteral(String address) {
    return address != null
        && (address.startsWith("127.")
            || address.equals("::1")
            || address.equals("0:0:0:0:0:0:0:1"));
  }

  private static Failure unauthenticated(String reason) {
    return new Failure(ErrorCode.UNAUTHENTICATED, "Cannot let you in: " + reason);
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
