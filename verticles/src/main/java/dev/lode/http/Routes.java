package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.CallContext;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.openapi.OpenApi;
import dev.lode.openapi.Operation;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Joins the contract's operations to their handlers: who may, with what, is decided here. */
final class Routes {
  private static final String CALL = "lode.call";
  private static final String JSON = "application/json";
  private static final String TRACEPARENT = "traceparent";

  private final OpenApi contract;
  private final Access access;
  private final Limits limits;
  private final Map<String, Consumer<Exchange>> handlers;

  /** {@code bodyMax} of JSON bodies, in bytes; {@code timeout} of a whole request. */
  record Limits(long bodyMax, Duration timeout, Clock clock) {}

  /** {@code handlers} by operation id; tools are all handled by that of {@code tool}. */
  Routes(OpenApi contract, Access access, Limits limits, Map<String, Consumer<Exchange>> handlers) {
    this.contract = requireNonNull(contract, "contract is null");
    this.access = requireNonNull(access, "access is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.handlers = Map.copyOf(handlers);
  }

  static final String TOOL = "tool";
  static final String INGEST = "ingest";

  Router router(Vertx vertx) {
    checkComplete();
    Router router = Router.router(vertx);
    router.route().handler(this::begin).failureHandler(Problems::answer);
    BodyHandler body = BodyHandler.create(false).setBodyLimit(limits.bodyMax());
    contract.operations().forEach(operation -> add(router, operation, body));
    router.post("/v1/tools/:name").handler(this::unknownTool);
    allowed().forEach((path, methods) -> refuseOthers(router, path, methods));
    for (int status : new int[] {400, 404, 413, 414, 431, 500}) {
      router.errorHandler(status, route -> Problems.answer(route, status));
    }
    return router;
  }

  private void checkComplete() {
    var needed =
        contract.operations().stream().map(Routes::handlerName).collect(Collectors.toSet());
    if (!needed.equals(handlers.keySet())) {
      var missing = new TreeSet<>(needed);
      missing.removeAll(handlers.keySet());
      var strange = new TreeSet<>(handlers.keySet());
      strange.removeAll(needed);
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot serve openapi/lode.yaml: operations without a handler: %s; handlers without an"
                  .formatted(missing)
              + " operation: "
              + strange);
    }
  }

  private static String handlerName(Operation operation) {
    return operation.isTool() ? TOOL : operation.id();
  }

  private void begin(RoutingContext route) {
    CallContext call = call(route, limits);
    call.enter();
    route.response().putHeader(TRACEPARENT, call.traceparent());
    route.next();
  }

  private static CallContext call(RoutingContext route, Limits limits) {
    var call =
        CallContext.continuing(
            route.request().getHeader(TRACEPARENT), limits.timeout(), limits.clock());
    route.put(CALL, call);
    return call;
  }

  /** The trace and deadline of a request. */
  static CallContext call(RoutingContext route) {
    return route.get(CALL);
  }

  private void add(Router router, Operation operation, BodyHandler body) {
    Route route = router.route(HttpMethod.valueOf(operation.method()), path(operation));
    if (operation.method().equals("GET")) {
      route.method(HttpMethod.HEAD);
    }
    boolean json = operation.body() != null && !operation.id().equals(INGEST);
    SecurityPolicyHandler gate =
        context -> {
          admit(context, operation);
          if (json) {
            checkMedia(context.request());
            waitForBody(context);
          }
          context.next();
        };
    route.handler(gate);
    if (json) {
      route.handler(body);
    }
    Consumer<Exchange> handler = handlers.get(handlerName(operation));
    route.handler(context -> handler.accept(exchange(context, operation)));
  }

  private void waitForBody(RoutingContext route) {
    if (MediaType.hasBody(route.request())) {
      long timer =
          route
              .vertx()
              .setTimer(
                  limits.timeout().toMillis(),
                  late -> {
                    if (!route.request().isEnded()) {
                      route.fail(slow(route));
                    }
                  });
      route.addEndHandler(answered -> route.vertx().cancelTimer(timer));
    }
  }

  private Failure slow(RoutingContext route) {
    return new Failure(
        ErrorCode.BODY_SLOW,
        "Cannot %s %s: its body has not come within %d ms (http.request-timeout)"
            .formatted(
                route.request().method(), route.request().path(), limits.timeout().toMillis()));
  }

  /** {@code {path}} stands for all that follows, slashes too. */
  private static String path(Operation operation) {
    return operation.path().replace("/{path}", "/*").replaceAll("\\{(\\w+)}", ":$1");
  }

  private void admit(RoutingContext route, Operation operation) {
    if (operation.guarded()) {
      Principal principal = access.admit(route.request());
      if (!operation.id().equals(INGEST)) {
        access.checkTenant(principal.tenant());
      }
      if (!operation.isTool() && !operation.roles().contains(principal.role())) {
        throw new Failure(
            ErrorCode.FORBIDDEN,
            "Cannot %s %s: role %s may not (roles: %s)"
                .formatted(
                    operation.method(),
                    route.request().path(),
                    principal.role(),
                    String.join(", ", operation.roles())));
      }
      if (operation.everyTenant()) {
        principal.checkEveryTenant(operation.method() + " " + route.request().path());
      }
      route.put(Principal.class.getName(), principal);
    }
  }

  /** JSON, or nothing at all. */
  private static void checkMedia(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null || MediaType.hasBody(request)) {
      new MediaType(type).check(JSON);
      MediaType.checkEncoding(request, false);
    }
  }

  private Exchange exchange(RoutingContext route, Operation operation) {
    return new Exchange(
        route,
        operation,
        route.get(Principal.class.getName()),
        call(route),
        parameters(route, operation),
        body(route, operation));
  }

  private static Map<String, Object> parameters(RoutingContext route, Operation operation) {
    var parameters = new LinkedHashMap<String, Object>();
    for (Operation.Parameter parameter : operation.parameters()) {
      String text =
          switch (parameter.in()) {
            case "path" -> route.pathParam(parameter.name());
            case "header" -> route.request().getHeader(parameter.name());
            default -> route.request().getParam(parameter.name());
          };
      if (text != null) {
        parameters.put(parameter.name(), parameter.schema().parsed(parameter.name(), text));
      }
    }
    return parameters;
  }

  private static Map<String, Object> body(RoutingContext route, Operation operation) {
    Buffer buffer = operation.body() == null ? null : route.body().buffer();
    if (buffer == null || buffer.length() == 0) {
      if (operation.body() != null
          && operation.body().required()
          && !operation.id().equals(INGEST)) {
        throw Failure.invalid("Missing body: a JSON object");
      }
      return Map.of();
    }
    var object = StrictJson.object(buffer);
    return operation.isTool() ? object : operation.body().schema().checked(object);
  }

  private void unknownTool(RoutingContext route) {
    Principal principal = access.admit(route.request());
    String name = route.pathParam("name");
    var exchange =
        new Exchange(route, null, principal, call(route), Map.of("name", name), Map.of());
    handlers.get(TOOL).accept(exchange);
  }

  private Map<String, Set<String>> allowed() {
    var allowed = new TreeMap<String, Set<String>>();
    for (Operation operation : contract.operations()) {
      var methods = allowed.computeIfAbsent(path(operation), path -> new TreeSet<>());
      methods.add(operation.method());
      methods.add("OPTIONS");
      if (operation.method().equals("GET")) {
        methods.add("HEAD");
      }
    }
    return allowed;
  }

  private static void refuseOthers(Router router, String path, Set<String> methods) {
    String allow = String.join(", ", methods);
    Handler<RoutingContext> refusal =
        route -> {
          route.response().putHeader(HttpHeaders.ALLOW, allow);
          if (route.request().method().equals(HttpMethod.OPTIONS)) {
            route.response().setStatusCode(204).end();
          } else {
            String request = route.request().method() + " " + route.request().path();
            throw new Failure(
                ErrorCode.METHOD_NOT_ALLOWED, "Cannot " + request + ": allowed are " + allow);
          }
        };
    router.route(path).handler(refusal);
  }
}
