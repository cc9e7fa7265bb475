/**
 * The HTTP contract, {@code openapi/lode.yaml}, read once: its operations, its schemas with all
 * references resolved and the limits of {@code conf/lode.yaml} put in, and arguments judged by them
 * in sentences. The file is the truth: whoever routes, checks, describes or documents reads it
 * here.
 */
package dev.lode.openapi;
