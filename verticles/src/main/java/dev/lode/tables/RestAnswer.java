package dev.lode.tables;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.Catalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/**
 * How a response goes over the wire: not at all where the client has it, packed where it may be.
 */
final class RestAnswer {
  /** Metadata grows with the snapshots of a table; smaller bodies are not worth the work. */
  private static final int PACKED_MIN = 4096;

  private RestAnswer() {}

  static Catalog.Answer of(Catalog.Call call, RESTResponse response) {
    var headers = new HashMap<String, String>();
    if (response instanceof LoadTableResponse table && table.metadataLocation() != null) {
      String etag = etag(table, call.parameters());
      headers.put("ETag", etag);
      if (call.method().equals("GET") && isKnown(call.headers().get("if-none-match"), etag)) {
        return new Catalog.Answer(call.tenantId(), 304, headers, Bytes.of(new byte[0]));
      }
    }
    Bytes body = RestJson.write(response);
    if (body.array().length < PACKED_MIN || !mayPack(call.headers().get("accept-encoding"))) {
      return new Catalog.Answer(call.tenantId(), 200, headers, body);
    }
    headers.put("Content-Encoding", "gzip");
    headers.put("Vary", "Accept-Encoding");
    return new Catalog.Answer(call.tenantId(), 200, headers, packed(body));
  }

  /** A metadata file never changes, and what is shown of it depends on the query alone. */
  private static String etag(LoadTableResponse table, Map<String, String> parameters) {
    String snapshots = parameters.getOrDefault("snapshots", "all");
    String all = table.metadataLocation() + " " + snapshots;
    return '"' + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString() + '"';
  }

  private static boolean isKnown(String tags, String etag) {
    return tags != null
        && Arrays.stream(tags.split(",", -1))
            .map(tag -> tag.strip().replaceFirst("^W/", ""))
            .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
  }

  private static boolean mayPack(String encodings) {
    return encodings != null
        && Arrays.stream(encodings.toLowerCase(Locale.ROOT).split(",", -1))
            .map(encoding -> encoding.replace(" ", ""))
            .anyMatch(
                encoding ->
                    encoding.equals("gzip")
                        || encoding.matches("gzip;q=[01]\\..*[1-9].*|gzip;q=1"));
  }

  private static Bytes packed(Bytes body) {
    var packed = new ByteArrayOutputStream(body.array().length / 4);
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(body.array());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack an answer", e);
    }
    return Bytes.of(packed.toByteArray());
  }
}
