/**
 * The tour: a small shop's events, generated with a fixed seed relative to today, go through a real
 * server by its HTTP API, as a client would send and ask. What the shop should look like in the end
 * is known from the generator alone; every part checks what it shows against that.
 */
package dev.lode.demo;
