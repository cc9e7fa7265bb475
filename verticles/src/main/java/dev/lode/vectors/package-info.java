/**
 * Documents for agents to search, kept in step with tables: each namespace takes its rows from a
 * table or a query, and each tenant's part of it is an index of its own with one owner. What an
 * index shows and the snapshots it shows move together; a text that did not change is never
 * embedded again, and replaying a commit changes nothing.
 */
package dev.lode.vectors;
