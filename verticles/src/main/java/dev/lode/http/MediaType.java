package dev.lode.http;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A Content-Type, as the sender wrote it; null for none. */
record MediaType(String header) {
  private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

  /** Its name without parameters, in lower case; UNSUPPORTED_MEDIA if not one of these in UTF-8. */
  String check(String... known) {
    String[] parts = header == null ? new String[] {"none"} : header.split(";", -1);
    String name = parts[0].strip().toLowerCase(Locale.ROOT);
    if (!List.of(known).contains(name)) {
      throw unsupported("Content-Type %s (must be %s)".formatted(name, String.join(" or ", known)));
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
      if (parameter.startsWith("charset=")
          && !CHARSETS.contains(parameter.substring("charset=".length()))) {
        throw unsupported(parameter + " (must be utf-8)");
      }
    }
    return name;
  }

  static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  /** Whether the body is gzip; any other encoding is refused, and gzip where it is not taken. */
  static boolean checkEncoding(HttpServerRequest request, boolean gzipTaken) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    boolean gzip = name.equals("gzip") || name.equals("x-gzip");
    if (!name.equals("identity") && !(gzip && gzipTaken)) {
      throw unsupported(
          "Content-Encoding %s (must be %s)"
              .formatted(name, gzipTaken ? "gzip or identity" : "identity"));
    }
    return gzip;
  }

  private static Failure unsupported(String what) {
    return new Failure(ErrorCode.UNSUPPORTED_MEDIA, "Cannot read " + what);
  }
}
