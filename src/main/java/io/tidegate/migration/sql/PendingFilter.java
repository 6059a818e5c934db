package io.tidegate.migration.sql;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.filter.ChangeSetFilter;
import liquibase.changelog.filter.ChangeSetFilterResult;

/** Accepts the changesets that were found pending, so that what was counted is what runs. */
final class PendingFilter implements ChangeSetFilter {
  private final Set<ChangeSet> pending = Collections.newSetFromMap(new IdentityHashMap<>());

  PendingFilter(Collection<ChangeSet> pending) {
    this.pending.addAll(pending);
  }

  @Override
  public ChangeSetFilterResult accepts(ChangeSet changeSet) {
    boolean accepted = pending.contains(changeSet);
    return new ChangeSetFilterResult(
        accepted, accepted ? "pending" : "not pending", getClass(), getMdcName(), getDisplayName());
  }
}
