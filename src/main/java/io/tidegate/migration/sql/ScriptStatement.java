package io.tidegate.migration.sql;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a plain SQL file.
 *
 * @param text as it is sent: without the delimiter, and without the comments before it
 * @param line the line of the file in which it begins, from 1
 * @param head its first words in upper case with one space between them; comments, quoted texts and
 *     names, and symbols are left out
 * @param data what the client sends after it, as the rows of {@code COPY ... FROM stdin}; to be read
 *     before the next statement is asked for; null if there is none
 */
public record ScriptStatement(String text, int line, String head, @Nullable InputStream data) {}
