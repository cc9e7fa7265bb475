package dev.lode.http;

/** Who asks. */
record Principal(String name, String tenant, String role) {}
