/**
 * What an agent may call. A tool is declared once: its name, description, schemas and roles in
 * {@code openapi/lode.yaml}, and here the way it is called over the bus; the start fails where one
 * lacks the other. Every call goes the same way: find, authorise, check, call, and wrap in an
 * envelope that says what the answer is worth. A part that is down degrades an answer in words; it
 * fails one only where nothing is left to say.
 */
package dev.lode.tools;
