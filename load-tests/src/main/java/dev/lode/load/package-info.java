/**
 * Measures Lode from outside and inside: JMH benchmarks for the parts, drivers for the whole
 * process. Each prints what it measured and beside what; the last numbers and their machine are in
 * README.md.
 */
package dev.lode.load;
