/**
 * Copies of a whole data directory, and the way back. A copy is the catalog as of one transaction
 * and every file that it leads to; files never change once they have their name, so a file that is
 * in a repository already is not copied again. A copy is complete or absent: its folder takes its
 * name last. Whatever can be made again from tables (vector indexes, online features, scratch) is
 * left out.
 */
package dev.lode.backup;
