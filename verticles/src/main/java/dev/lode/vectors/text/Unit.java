package dev.lode.vectors.text;

import java.util.Arrays;

/**
 * A vector of length one: a direction. The dot product of two is the cosine of their angle.
 * Immutable: whoever gets the array only reads it.
 */
public final class Unit {
  private final float[] array;

  private Unit(float[] array) {
    this.array = array;
  }

  /** The direction of {@code vector}, which must be finite and not zero. */
  public static Unit of(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    if (!(square > 0) || Double.isInfinite(square)) {
      throw new IllegalArgumentException("Not a direction: length " + Math.sqrt(square));
    }
    double scale = 1 / Math.sqrt(square);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return new Unit(unit);
  }

  /** Takes an array that came from {@link #array}, as it is. */
  public static Unit stored(float[] unit) {
    return new Unit(unit);
  }

  public float[] array() {
    return array;
  }

  public int dimension() {
    return array.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Unit unit && Arrays.equals(array, unit.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return "Unit[" + array.length + "]";
  }
}
