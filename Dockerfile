# Tidegate's image. Builds with the classic builder and with BuildKit:
#   docker build -t tidegate .

# --- builds the program, its runtime, and the cache of classes
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY LICENSE ./
# The checks and the tests are those of mvn verify.
RUN mvn -B -ntp -Pimage package -DskipTests -Dformat.skip=true -Derrorprone.flags=-XepDisableAllChecks && \
    src/main/docker/layout

# The training runs the program against real servers, which refuse to run as root.
RUN useradd --uid 65532 --create-home tidegate && mkdir /opt/tidegate/aot && chown 65532 /opt/tidegate/aot
USER 65532
# The servers come for amd64 only. With --build-arg TRAIN=false the caches are empty, and the JVM starts without.
ARG TRAIN="true"
RUN [ "$TRAIN" = true ] || exec touch /opt/tidegate/aot/tidegate.aot /opt/tidegate/aot/run.aot /opt/tidegate/aot/health.aot; \
    "$JAVA_HOME/bin/java" -cp "target/test-classes:target/classes:target/training/*" \
      io.tidegate.image.Training /opt/tidegate/jre/bin/java /opt/tidegate /opt/tidegate/aot

# --- what runs
FROM debian:12.12-slim
LABEL org.opencontainers.image.title="Tidegate" \
      org.opencontainers.image.description="Waits until every backing service truly answers, migrates each schema once, answers /ready" \
      org.opencontainers.image.licenses="Apache-2.0"
# From what changes least to what changes with every build.
COPY --from=build /opt/tidegate/jre /opt/tidegate/jre
COPY --from=build /opt/tidegate/native /opt/tidegate/native
COPY --from=build /opt/tidegate/lib /opt/tidegate/lib
COPY --from=build /opt/tidegate/licenses /opt/tidegate/licenses
COPY --from=build /build/src/main/docker/tidegate /usr/local/bin/tidegate
COPY --from=build /opt/tidegate/tidegate.args /opt/tidegate/run.args /opt/tidegate/health.args /opt/tidegate/names.security /opt/tidegate/sbom.cdx.json /opt/tidegate/tidegate.jar /opt/tidegate/
# A layer of classes knows the cache below it by this place.
COPY --from=build /opt/tidegate/aot /opt/tidegate/aot
# Which source it was built from: docker build --build-arg VERSION=... --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=""
ARG REVISION=""
LABEL org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
USER 65532:65532
EXPOSE 8433
ENTRYPOINT ["/opt/tidegate/jre/bin/java", "@/opt/tidegate/tidegate.args"]
# Failures count only when Tidegate has had time to wait and to migrate; it ends by itself where it gives up.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20m --retries=3 \
  CMD ["/opt/tidegate/jre/bin/java", "@/opt/tidegate/health.args"]
