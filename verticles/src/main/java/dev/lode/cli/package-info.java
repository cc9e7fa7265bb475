/**
 * The commands of {@code ./lode}. The client ones speak only HTTP to a running Lode and touch no
 * layer, so that they start quickly; what needs the composed server gets it from Main as a {@link
 * dev.lode.cli.Launch}. Exit codes: 0 done, 1 failed (said in one sentence), 2 wrong usage.
 */
package dev.lode.cli;
