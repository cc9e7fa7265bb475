# docker build -t lode .
# docker run -p 8420:8420 -v "$PWD/conf:/opt/lode/conf:ro" -v lode:/var/lib/lode lode
# Access is closed outside loopback: in the mounted conf/lode.yaml set http.host to 0.0.0.0, and keys.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY codecs codecs
COPY verticles verticles
COPY load-tests/pom.xml load-tests/
COPY load-tests/spark/pom.xml load-tests/spark/
COPY openapi openapi
COPY conf/lode.yaml conf/
RUN mvn -B -q -Dmaven.test.skip=true -pl codecs,verticles -am package \
 && mv verticles/target/verticles-*.jar verticles/target/lode.jar

FROM eclipse-temurin:25-jdk
RUN groupadd --gid 10001 lode \
 && useradd --uid 10001 --gid lode --no-create-home --shell /usr/sbin/nologin lode \
 && install -d -o lode -g lode /var/lib/lode
WORKDIR /opt/lode
COPY --from=build /src/verticles/target/lib lib
COPY --from=build /src/verticles/target/lode.jar ./
COPY conf conf
USER lode
ENV LODE_DATA=/var/lib/lode
VOLUME ["/opt/lode/conf", "/var/lib/lode"]
EXPOSE 8420
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-jar", "lode.jar", "health"]
ENTRYPOINT ["java", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=50", "-Dlode.home=/opt/lode", \
  "-jar", "lode.jar"]
CMD ["up"]
