package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import java.util.List;

/** One rule over what files deploy. Found by its id; {@link CheckRules} lists all. */
public interface FileRule {

  /** Who the rule is: constant. A rule that judges live servers too has the same id there. */
  RuleCard card();

  /** What it finds. Never quotes a value that may be secret. */
  List<FileFinding> evaluate(Stack stack);
}
