package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Version;

/** Which program this is, under the path of Micronaut's management module. */
@Controller
@Produces(MediaType.ALL)
final class InfoController {

  /** The body of {@code /info}. */
  @Introspected
  record InfoBody(Build build) {
    /** Name and version as they were built. */
    @Introspected
    record Build(String name, String version) {}
  }

  @Get("/info")
  HttpResponse<InfoBody> info() {
    return JsonAnswers.of(true, new InfoBody(new InfoBody.Build("tidegate", Version.current())));
  }
}
