package dev.lode.demo;

/** One of the six parts of the tour. */
interface Part {
  String title();

  /** Does it, tells it, and checks what it tells. */
  void show(Stage stage);
}
