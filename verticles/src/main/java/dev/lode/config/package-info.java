/**
 * {@code conf/lode.yaml}, read strictly: every key has a default, a unit and a reason there; an
 * unknown key or an impossible value stops the start, with the place and the nearest known key.
 */
package dev.lode.config;
