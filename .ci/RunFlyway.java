import org.flywaydb.core.Flyway;

/** Flyway's command line in small: java -cp JARS RunFlyway.java JDBC_URL FOLDER COMMAND. */
void main(String[] args) {
  Flyway flyway =
      Flyway.configure().dataSource(args[0], null, null).locations("filesystem:" + args[1]).load();
  switch (args[2]) {
    case "migrate" -> flyway.migrate();
    case "validate" -> flyway.validate();
    case "repair" -> flyway.repair();
    case "baseline" -> flyway.baseline();
    default -> throw new IllegalArgumentException(args[2]);
  }
}
