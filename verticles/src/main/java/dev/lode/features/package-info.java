/**
 * Features: what is known of an entity, at any time. Per view one owner keeps the offline table in
 * step with its source and puts the same rows into the online store; reads come from memory on any
 * instance; training sets are point-in-time joins over the offline tables. What a value means is
 * the feature contract: one answer per entity and time, the same online and offline.
 */
package dev.lode.features;
