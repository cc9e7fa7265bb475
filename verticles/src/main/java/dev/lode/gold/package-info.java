/**
 * The layer of marts: plain SQL in {@code conf/marts}, whose DAG is found from the SQL itself. A
 * mart is rebuilt from inputs that are each bound at one snapshot, and its own snapshot names them;
 * always to the heads, so a burst of commits is one rebuild. Rows that fail a test are never
 * published: the old ones stay until an input or the mart itself changes. What an incremental
 * rebuild leaves behind is what a full one would.
 */
package dev.lode.gold;
