package io.tidegate.policy.rules;

/**
 * Replies to hello as MongoDB documents them.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/command/hello/">MongoDB: hello</a>
 */
final class MongoHello {
  static final String ROUTER = "{isWritablePrimary: true, ismaster: true, msg: 'isdbgrid'}";

  private MongoHello() {}

  /** The primary of a set of three, the only one that a client is told to reach. */
  static String primary(int port) {
    return ("{setName: 'rs0', isWritablePrimary: true, ismaster: true, me: '%1$s', hosts: ['%1$s'],"
            + " passives: ['127.0.0.1:1'], arbiters: ['127.0.0.1:2']}")
        .formatted("127.0.0.1:" + port);
  }

  /** A secondary of a set whose primary nobody can reach. */
  static String secondary(int port) {
    return ("{setName: 'rs0', isWritablePrimary: false, ismaster: false, secondary: true, me: '%1$s',"
            + " hosts: ['%1$s'], primary: '127.0.0.1:1'}")
        .formatted("127.0.0.1:" + port);
  }
}
