package io.tidegate.web;

/** Puts HTML together; whatever is not ours goes through {@link #text}. */
final class Html {
  private final StringBuilder page = new StringBuilder(4096);

  Html raw(String html) {
    page.append(html);
    return this;
  }

  Html text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> page.append("&lt;");
        case '>' -> page.append("&gt;");
        case '&' -> page.append("&amp;");
        case '"' -> page.append("&quot;");
        case '\'' -> page.append("&#39;");
        default -> page.append(c);
      }
    }
    return this;
  }

  Html verdict(boolean good, String yes, String no) {
    return raw(good ? "<span class=\"yes\">" : "<span class=\"no\">")
        .text(good ? yes : no)
        .raw("</span>");
  }

  Html cell(String text) {
    return raw("<td>").text(text).raw("</td>");
  }

  Html heads(String... names) {
    raw("<tr>");
    for (String name : names) {
      raw("<th>").text(name).raw("</th>");
    }
    return raw("</tr>");
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
