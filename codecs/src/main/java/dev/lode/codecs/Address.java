package dev.lode.codecs;

import static java.util.Objects.requireNonNull;

/** Where one kind of request is answered: its name on the bus, and the types that go in and out. */
public record Address<Q extends Message, R extends Message>(
    String name, Class<Q> request, Class<R> reply) {

  public Address {
    requireNonNull(name, "name is null");
    requireNonNull(request, "request is null");
    requireNonNull(reply, "reply is null");
  }

  /** The same question, put to one owner among several: {@code bronze.append.3}. */
  public Address<Q, R> owner(int shard) {
    return new Address<>(name + "." + shard, request, reply);
  }
}
