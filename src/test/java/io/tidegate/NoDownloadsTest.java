package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLStreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoDownloadsTest {
  private final NoDownloads factory = new NoDownloads();

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void web_address_isNamedAndNotOpened(String protocol) throws IOException {
    URLStreamHandler handler = factory.createURLStreamHandler(protocol);
    URL url = URL.of(URI.create(protocol + "://localhost/changelog.xml"), handler);
    assertThatThrownBy(url::openConnection)
        .isInstanceOf(IOException.class)
        .hasMessage("nothing is downloaded here: localhost");
  }

  @Test
  void otherAddresses_areTheJdks() {
    assertThat(factory.createURLStreamHandler("file")).isNull();
    assertThat(factory.createURLStreamHandler("jar")).isNull();
  }
}
