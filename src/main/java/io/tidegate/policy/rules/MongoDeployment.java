package io.tidegate.policy.rules;

import io.tidegate.target.Facts.Fact;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a MongoDB's replies say about its kind. */
final class MongoDeployment {
  /** What mongos, the router of a sharded cluster, has as the {@code msg} of its hello. */
  static final String ROUTER = "isdbgrid";

  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

  private MongoDeployment() {}

  /** A server that is no member of a set, and no router. False where it is not known. */
  static boolean isStandalone(LiveTarget live) {
    return live.reports("setName", "") && !live.reports("msg", ROUTER);
  }

  /**
   * Since 6.1 there is no way to turn the journal off: see <a
   * href="https://www.mongodb.com/docs/manual/release-notes/6.1/">the release notes</a>.
   */
  static boolean alwaysJournals(LiveTarget live) {
    if (!(live.fact("version") instanceof Fact.Known(String version))) {
      return false;
    }
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(matcher.group(2)) >= 1);
  }
}
