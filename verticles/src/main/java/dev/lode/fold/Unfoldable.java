package dev.lode.fold;

/** Why a SELECT is computed from all rows. */
final class Unfoldable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unfoldable(String reason) {
    super(reason, null, false, false);
  }
}
