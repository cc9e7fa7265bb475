/**
 * Where rows came from, and what was made of them. Run events follow from the tables' own history,
 * so a crash loses none and each commit has exactly one, under an id that follows from the commit.
 * A trace walks links that the other layers declare, row by row, within one tenant, and never
 * further than its bound; commits of {@code system.*} are not recorded.
 */
package dev.lode.lineage;
