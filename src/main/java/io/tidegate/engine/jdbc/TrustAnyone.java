package io.tidegate.engine.jdbc;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Encrypts without asking who is there: what {@code sslmode=require} means to everybody. */
final class TrustAnyone implements X509TrustManager {
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
