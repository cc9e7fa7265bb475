package dev.lode.tables;

/**
 * Why a table cannot become what a spec says.
 *
 * @param column null where it is the table as a whole
 * @param what {@code column id is INTEGER, not VARCHAR}
 * @param next what to do
 */
public record Refusal(String column, String what, String next) {}
