package io.tidegate.config;

import io.tidegate.secret.Secret;
import io.tidegate.target.Engine;
import io.tidegate.target.ServiceUrl;
import org.jspecify.annotations.Nullable;

/**
 * A URL, the engine that it names, and the credentials that stood in it.
 *
 * @param username null: none
 * @param password null: none
 */
record ParsedUrl(
    ServiceUrl url, Engine engine, @Nullable String username, @Nullable Secret password) {}
