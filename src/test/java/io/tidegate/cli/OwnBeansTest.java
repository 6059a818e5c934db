package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.census.Census;
import io.tidegate.census.CensusSettings;
import io.tidegate.engine.Engine;
import io.tidegate.engine.EngineCatalog;
import io.tidegate.http.HttpServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OwnBeansTest {
  private final OwnBeans beans = new OwnBeans();

  @Test
  void bean_isMadeOnce_andWithAllThatItCollects() {
    assertThat(beans.all(Engine.class)).hasSize(5);
    assertThat(beans.one(EngineCatalog.class))
        .isSameAs(beans.one(EngineCatalog.class))
        .extracting(EngineCatalog::schemes)
        .asString()
        .contains("postgresql", "mysql", "sqlite", "redis", "mongodb");
  }

  @Test
  void bean_thatIsMissing_orNotTheOnlyOne_isNamed() {
    assertThatThrownBy(() -> beans.one(HttpServer.class))
        .hasMessage("0 beans are a io.tidegate.http.HttpServer");
    assertThatThrownBy(() -> beans.one(Engine.class))
        .hasMessage("5 beans are a io.tidegate.engine.Engine");
    assertThatThrownBy(() -> beans.one(Census.class))
        .hasMessage("0 beans are a io.tidegate.census.CensusSettings");
  }

  @Test
  void bean_thatIsMadeElsewhere_isTaken() {
    CensusSettings settings = new CensusSettings(3, null, Path.of("none"), Map.of());
    beans.add(settings);
    assertThat(beans.one(CensusSettings.class)).isSameAs(settings);
    assertThat(beans.one(Census.class)).isNotNull();
  }
}
