package io.tidegate.policy;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A user's word that a rule's findings are known and accepted.
 *
 * @param rule the rule's id
 * @param reason why, never empty
 * @param until the last day on which it holds; null: for ever
 */
public record Acceptance(String rule, String reason, @Nullable LocalDate until) {}
