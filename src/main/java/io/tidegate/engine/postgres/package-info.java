/**
 * PostgreSQL and what speaks its protocol. Facts: {@code version}, {@code fsync}, {@code
 * full_page_writes}, {@code synchronous_commit}, {@code superuser}, {@code in_recovery} and {@code
 * ssl}, each as PostgreSQL spells it ({@code on}, {@code off}).
 */
@NullMarked
package io.tidegate.engine.postgres;

import org.jspecify.annotations.NullMarked;
