/**
 * The HTTP edge, routed and checked by {@code openapi/lode.yaml}: the start fails where an
 * operation has no handler or a handler no operation. Whoever comes in is a principal of one tenant
 * and role before anything is read. Every answer that is not a success is an RFC 9457 problem; the
 * one translation of failures to statuses is here. Runs on the event loop and waits for nothing.
 */
package dev.lode.http;
