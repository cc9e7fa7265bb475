package dev.lode.codecs;

/** A column of a result: {@code type} is the SQL type, {@code DECIMAL(18,2)}. */
public record Column(String name, String type) {}
