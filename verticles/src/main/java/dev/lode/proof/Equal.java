package dev.lode.proof;

/** Two values that a condition makes equal in every row. */
record Equal(int left, int right) {}
