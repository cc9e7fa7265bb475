package dev.lode.codecs;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Passes an immutable value by reference inside the JVM; on the wire, a version byte, a length and
 * CBOR. Fields added by a newer peer are ignored, fields it does not send are null, zero or empty.
 */
final class RecordCodec<T> implements MessageCodec<T, T> {
  static final byte VERSION = 1;
  private static final JsonSetter.Value EMPTY = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
  private static final ObjectMapper CBOR =
      CBORMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          // A long stays a long, also where the component's type is Object.
          .disable(CBORGenerator.Feature.WRITE_MINIMAL_INTS)
          .withConfigOverride(List.class, as -> as.setSetterInfo(EMPTY))
          .withConfigOverride(Map.class, as -> as.setSetterInfo(EMPTY))
          .build();

  private final Class<T> type;

  RecordCodec(Class<T> type) {
    this.type = type;
  }

  @Override
  public void encodeToWire(Buffer buffer, T value) {
    try {
      byte[] body = CBOR.writeValueAsBytes(value);
      buffer.appendByte(VERSION).appendInt(body.length).appendBytes(body);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode " + type.getName(), e);
    }
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    byte version = buffer.getByte(position);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "Cannot decode "
              + type.getName()
              + ": wire version "
              + version
              + " (known: "
              + VERSION
              + ")");
    }
    int start = position + 1 + Integer.BYTES;
    try {
      return CBOR.readValue(buffer.getBytes(start, start + buffer.getInt(position + 1)), type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot decode " + type.getName(), e);
    }
  }

  @Override
  public T transform(T value) {
    return value;
  }

  @Override
  public String name() {
    return type.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
