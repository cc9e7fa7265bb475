/**
 * Contracts as SQL. Pure: a contract goes in, statements for the lake's engine come out; one of
 * them reads, types, normalises, checks and masks a whole batch, be it of one record or of a
 * back-fill. Values are never changed in silence: a number that does not fit its type exactly is
 * unreadable. Names that begin with an underscore are ours, so that no contract's column can
 * collide with them.
 */
package dev.lode.silver.sql;
