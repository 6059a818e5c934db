package io.tidegate.manifest.stack;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A kind of database or store, known by its image.
 *
 * @param kind the name of what it speaks
 * @param images the last parts of its images' names
 * @param servers the commands that serve it; another command makes a container a client
 * @param data the directories of its data, the official image's first
 * @param port where it listens
 * @param keeps whether people expect it to keep what it is given
 */
public record Database(
    String kind,
    Set<String> images,
    Set<String> servers,
    List<String> data,
    int port,
    boolean keeps) {

  /** Programs of the same images that only ask a server. */
  private static final Set<String> CLIENTS =
      Set.of(
          "psql",
          "pg_dump",
          "pg_dumpall",
          "pg_restore",
          "pg_basebackup",
          "pg_isready",
          "pgbench",
          "createdb",
          "mysql",
          "mysqldump",
          "mysqladmin",
          "mariadb",
          "mariadb-dump",
          "mariadb-admin",
          "mongo",
          "mongosh",
          "mongodump",
          "mongorestore",
          "redis-cli",
          "valkey-cli",
          "keydb-cli",
          "sqlcmd",
          "clickhouse-client",
          "cqlsh");

  /** What follows these is a user's name: gosu mysql mysqld. */
  private static final Set<String> USERS_FOLLOW = Set.of("gosu", "su-exec", "su", "-u", "-o");

  /** What some have in the name and not in the tag: postgresql-16-c9s, spilo-17. */
  private static final Pattern VERSION =
      Pattern.compile("-\\d+(?:-(?:c|el|rhel|ubi|centos)\\d+s?)?$");

  private static final List<Database> ALL =
      List.of(
          new Database(
              "PostgreSQL",
              Set.of(
                  "postgres",
                  "postgresql",
                  "postgis",
                  "timescaledb",
                  "timescaledb-ha",
                  "pgvector",
                  "postgresql-repmgr",
                  "pgautoupgrade",
                  "pgvecto-rs",
                  "vchord-postgres",
                  "spilo",
                  "alloydbomni"),
              Set.of("postgres", "postgresql"),
              List.of(
                  "/var/lib/postgresql", "/bitnami/postgresql", "/home/postgres", "/var/lib/pgsql"),
              5432,
              true),
          new Database(
              "MySQL",
              Set.of(
                  "mysql",
                  "mysql-server",
                  "mariadb",
                  "mariadb-galera",
                  "mariadb-aria",
                  "alpine-mariadb",
                  "percona",
                  "percona-server",
                  "community-server"),
              Set.of("mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe"),
              List.of("/var/lib/mysql", "/bitnami/mysql", "/bitnami/mariadb", "/config"),
              3306,
              true),
          new Database(
              "MongoDB",
              Set.of("mongo", "mongodb", "mongodb-community-server", "percona-server-mongodb"),
              Set.of("mongod", "mongos"),
              List.of("/data/db", "/bitnami/mongodb"),
              27017,
              true),
          new Database(
              "Redis",
              Set.of(
                  "redis",
                  "valkey",
                  "valkey-bundle",
                  "redis-stack",
                  "redis-stack-server",
                  "redis-alpine",
                  "redismod",
                  "keydb"),
              Set.of(
                  "redis-server",
                  "valkey-server",
                  "keydb-server",
                  "redis-sentinel",
                  "valkey-sentinel"),
              List.of("/data", "/bitnami/redis", "/bitnami/valkey"),
              6379,
              false),
          new Database(
              "SQL Server",
              Set.of("mssql-server-linux", "azure-sql-edge", "server"),
              Set.of("sqlservr"),
              List.of("/var/opt/mssql"),
              1433,
              true),
          new Database(
              "CockroachDB",
              Set.of("cockroach"),
              Set.of("start", "start-single-node", "cockroach"),
              List.of("/cockroach/cockroach-data"),
              26257,
              true),
          new Database(
              "ClickHouse",
              Set.of("clickhouse-server", "clickhouse"),
              Set.of("clickhouse-server"),
              List.of("/var/lib/clickhouse"),
              9000,
              true),
          new Database(
              "Elasticsearch",
              Set.of("elasticsearch", "opensearch"),
              Set.of("elasticsearch", "opensearch", "eswrapper"),
              List.of(
                  "/usr/share/elasticsearch/data",
                  "/usr/share/opensearch/data",
                  "/bitnami/elasticsearch",
                  "/bitnami/opensearch"),
              9200,
              true),
          new Database(
              "Cassandra",
              Set.of("cassandra", "scylla"),
              Set.of("cassandra"),
              List.of("/var/lib/cassandra", "/var/lib/scylla", "/bitnami/cassandra"),
              9042,
              true),
          new Database(
              "InfluxDB",
              Set.of("influxdb"),
              Set.of("influxd", "influxdb", "influxdb3"),
              List.of(
                  "/var/lib/influxdb2",
                  "/var/lib/influxdb",
                  "/var/lib/influxdb3",
                  "/bitnami/influxdb"),
              8086,
              true),
          new Database(
              "CouchDB",
              Set.of("couchdb"),
              Set.of("couchdb"),
              List.of("/opt/couchdb/data", "/bitnami/couchdb"),
              5984,
              true),
          new Database(
              "Neo4j",
              Set.of("neo4j"),
              Set.of("neo4j"),
              List.of("/data", "/var/lib/neo4j/data", "/bitnami/neo4j"),
              7687,
              true),
          new Database(
              "Kafka",
              Set.of("kafka", "kafka-native", "cp-kafka", "cp-server"),
              Set.of("kafka-server-start.sh", "kafka-server-start", "run"),
              List.of(
                  "/var/lib/kafka",
                  "/bitnami/kafka",
                  "/tmp/kraft-combined-logs",
                  "/tmp/kafka-logs",
                  "/kafka"),
              9092,
              true),
          new Database(
              "Kafka",
              Set.of("redpanda"),
              Set.of("redpanda"),
              List.of("/var/lib/redpanda"),
              9092,
              true),
          new Database(
              "RabbitMQ",
              Set.of("rabbitmq"),
              Set.of("rabbitmq-server"),
              List.of("/var/lib/rabbitmq", "/bitnami/rabbitmq"),
              5672,
              true),
          new Database(
              "Memcached", Set.of("memcached"), Set.of("memcached"), List.of(), 11211, false),
          new Database(
              "DynamoDB Local",
              Set.of("dynamodb-local"),
              Set.of("dynamodblocal.jar"),
              List.of("/home/dynamodblocal/data"),
              8000,
              false));

  /** The kind of an image; empty where the image is not known for one. */
  static Optional<Database> of(ImageName image) {
    String name = VERSION.matcher(image.name()).replaceFirst("");
    boolean server = name.equals("server");
    return ALL.stream()
        .filter(database -> database.images.contains(name))
        .filter(database -> !server || image.repository().endsWith("mssql/server"))
        .findFirst();
  }

  /** Whether it is of a kind. */
  public boolean is(String name) {
    return kind.equals(name);
  }

  /**
   * Whether a command runs the server. Without a command, or with options only, the image's own entry
   * point runs it; another program, such as pg_dump, makes the container a client. The first word that
   * is a server or a client decides: what follows psql -h may be a host called postgres.
   */
  boolean isServedBy(List<String> words) {
    if (words.isEmpty() || words.getFirst().startsWith("-") || words.getFirst().contains("${")) {
      return true;
    }
    String before = "";
    for (String token : words.stream().flatMap(word -> ShellWords.split(word).stream()).toList()) {
      String word = token.substring(token.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      if (!USERS_FOLLOW.contains(before)) {
        if (isServer(word)) {
          return true;
        }
        if (CLIENTS.contains(word)) {
          return false;
        }
      }
      before = word;
    }
    return false;
  }

  private boolean isServer(String word) {
    return servers.contains(word)
        || word.endsWith("entrypoint.sh")
        || (word.endsWith(".sh") && word.contains("run"));
  }

  /**
   * An image's reference in parts.
   *
   * @param repository all before tag and digest, as written
   * @param name the last part of the repository, lower case
   * @param tag empty where none is written
   * @param digest empty where none is written
   */
  public record ImageName(String repository, String name, String tag, String digest) {

    /** Cuts a reference as the container engines do: a colon before a slash belongs to a port. */
    public static ImageName of(String reference) {
      int at = reference.indexOf('@');
      String digest = at < 0 ? "" : reference.substring(at + 1);
      String rest = at < 0 ? reference : reference.substring(0, at);
      int colon = rest.lastIndexOf(':');
      boolean tagged = colon > rest.lastIndexOf('/');
      // In ${REGISTRY:-docker.io}/redis the colon is no separator, and what follows is not known.
      String tag = tagged ? rest.substring(colon + 1) : "";
      String repository = tagged ? rest.substring(0, colon) : rest;
      String name = repository.substring(repository.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      return new ImageName(repository, name, tag, digest);
    }
  }
}
