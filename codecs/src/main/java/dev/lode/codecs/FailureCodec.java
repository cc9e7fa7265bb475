package dev.lode.codecs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Carries a {@link Failure} unchanged over any number of hops, as {@link RecordCodec} does a
 * record.
 */
final class FailureCodec implements MessageCodec<Failure, Failure> {
  private static final RecordCodec<Wire> WIRE = new RecordCodec<>(Wire.class);

  /** A code unknown to this build reads as null, and becomes INTERNAL. */
  record Wire(int number, String message, String hint) {}

  @Override
  public void encodeToWire(Buffer buffer, Failure failure) {
    WIRE.encodeToWire(
        buffer, new Wire(failure.code().number(), failure.getMessage(), failure.hint()));
  }

  @Override
  public Failure decodeFromWire(int position, Buffer buffer) {
    Wire wire = WIRE.decodeFromWire(position, buffer);
    return new Failure(code(wire.number()), wire.message(), wire.hint());
  }

  private static ErrorCode code(int number) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return ErrorCode.INTERNAL;
  }

  @Override
  public Failure transform(Failure failure) {
    return failure;
  }

  @Override
  public String name() {
    return Failure.class.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
