/**
 * Questions in SQL to the tables of one tenant. A statement is parsed and judged node by node
 * before anything runs: what is not provably harmless is refused. It then runs in an engine that
 * can reach nothing but the tables it named, each bound to the tenant's rows, within limits of
 * rows, bytes and time.
 */
package dev.lode.query;
