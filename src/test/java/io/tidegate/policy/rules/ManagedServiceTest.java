package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedServiceTest {

  /** Host names in the shape that the providers' documentation shows. */
  @ParameterizedTest
  @CsvSource({
    "clustercfg.orders.abc123.memorydb.eu-central-1.amazonaws.com, Amazon MemoryDB",
    "master.orders.abc123.euc1.cache.amazonaws.com, Amazon ElastiCache",
    "orders.abc123.cfg.cnn1.cache.amazonaws.com.cn, Amazon ElastiCache",
    "orders.cluster-abc123.eu-central-1.docdb.amazonaws.com, Amazon DocumentDB",
    "orders-123456789012.eu-central-1.docdb-elastic.amazonaws.com, Amazon DocumentDB",
    "orders.cluster-abc123.eu-central-1.rds.amazonaws.com, Amazon Aurora",
    "orders.cluster-ro-abc123.eu-central-1.rds.amazonaws.com, Amazon Aurora",
    "orders.abc123.eu-central-1.rds.amazonaws.com, Amazon RDS or Aurora",
    "orders.abc123.rds.cn-north-1.amazonaws.com.cn, Amazon RDS or Aurora",
    "orders.redis.cache.windows.net, Azure Cache for Redis",
    "orders.eastus.redisenterprise.cache.azure.net, Azure Cache for Redis Enterprise",
    "orders.eastus.redis.azure.net, Azure Managed Redis",
    "orders.postgres.database.azure.com, Azure Database for PostgreSQL",
    "orders.mysql.database.azure.com, Azure Database for MySQL",
    "orders.mongo.cosmos.azure.com, Azure Cosmos DB",
    "0abc123.1def456.europe-west1.sql.goog, Google Cloud SQL",
    "eu1-orders-38123.upstash.io, Upstash",
    "redis-12345.c1.eu-central-1-1.ec2.cloud.redislabs.com, Redis Cloud",
    "redis-12345.c1.eu-central-1-1.ec2.redns.redis-cloud.com, Redis Cloud",
    "orders.ab1cd.mongodb.net, MongoDB Atlas",
    "ep-cool-darkness-123456.eu-central-1.aws.neon.tech, Neon",
    "db.abcdefghijkl.supabase.co, Supabase",
    "aws-0-eu-central-1.pooler.supabase.com, Supabase",
    "aws.connect.psdb.cloud, PlanetScale",
    "ORDERS.ABC123.EU-CENTRAL-1.RDS.AMAZONAWS.COM, Amazon RDS or Aurora"
  })
  void a_service_is_known_by_its_address(String host, String name) {
    assertThat(ManagedService.of(Situation.redis(host, Purpose.STORE)))
        .map(ManagedService::name)
        .contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis",
        "10.0.0.7",
        "cache.orders.svc.cluster.local",
        "rds.amazonaws.com.example.org",
        "ec2-18-1-2-3.eu-central-1.compute.amazonaws.com",
        "rds.cache.example.com",
        "notmongodb.net",
        "mongodb.net.local"
      })
  void a_host_of_ones_own_is_none(String host) {
    assertThat(ManagedService.of(Situation.redis(host, Purpose.STORE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "os, Amazon ElastiCache, Amazon ElastiCache or MemoryDB",
    "upstash_version, 1.10.5, Upstash",
    "node.10.0.0.7:6379.rlec_version, 7.22.0-28, Redis Cloud or Redis Enterprise",
    "aurora_version, 3.08.0, Amazon Aurora",
    "basedir, /rdsdbbin/mysql-8.0.40.R1/, Amazon RDS",
    "version, 8.0.31-google, Google Cloud SQL",
    "version, 8.0.34-Vitess, PlanetScale or another Vitess",
    "azure.extensions, pgcrypto, Azure Database for PostgreSQL"
  })
  void behind_a_private_name_it_is_known_by_what_it_answers(
      String fact, String value, String name) {
    assertThat(
            ManagedService.of(
                Situation.redis("redis.internal", Purpose.STORE),
                new Facts(Map.of(fact, known(value)))))
        .map(ManagedService::name)
        .contains(name);
  }

  @Test
  void a_server_of_ones_own_answers_like_none() {
    Map<String, Fact> facts =
        Map.of(
            "os", known("Linux 6.8.0 x86_64"),
            "upstash_version", refused(),
            "version", known("18.1"),
            "basedir", known("/usr/"));
    assertThat(ManagedService.of(Situation.redis("redis", Purpose.STORE), new Facts(facts)))
        .isEmpty();
  }

  @Test
  void only_what_keeps_every_acknowledged_write_is_durable() {
    assertThat(durable("orders.abc123.memorydb.eu-central-1.amazonaws.com")).isTrue();
    assertThat(durable("ep-cool-darkness-123456.eu-central-1.aws.neon.tech")).isTrue();
    assertThat(durable("master.orders.abc123.euc1.cache.amazonaws.com")).isFalse();
    assertThat(durable("orders.abc123.eu-central-1.rds.amazonaws.com")).isFalse();
  }

  private static boolean durable(String host) {
    return ManagedService.of(Situation.redis(host, Purpose.STORE)).orElseThrow().durable();
  }
}
