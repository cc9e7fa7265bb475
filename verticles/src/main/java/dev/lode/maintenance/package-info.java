/**
 * Keeps tables small however many commits made them: compacts files that are small or full of
 * deletes, forgets snapshots that nobody needs, removes files that nothing reaches. It changes no
 * row and moves no watermark, so no layer notices; a writer waits for it no longer than for another
 * commit. What is to be done is decided by pure functions.
 */
package dev.lode.maintenance;
