# picket in a container: `docker build -t picket .`, then
#
#   docker run -d --name picket -p 127.0.0.1:8080:8080 -v picket:/data -e PICKET_DOMAIN=social.union.example picket
#   docker exec picket picket statement list
#
# Everything of the node stands in the volume /data: a picket.toml there is read too. A reverse proxy with TLS goes in front
# (samples in deploy/).

FROM rust:1.95-slim-bookworm AS build
# The system's libpq is linked instead of the one that the default build compiles in, since that one speaks no TLS and a
# container's PostgreSQL is usually on another machine.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --no-default-features --bin picket

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 picket \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin picket \
    && install -d -o picket -g picket -m 0700 /data
COPY --from=build /src/target/release/picket /usr/local/bin/picket
COPY deploy/healthcheck /usr/local/bin/picket-healthcheck
# By number, so that an orchestrator that asks for "not root" can see it.
USER 10001:10001
WORKDIR /data
ENV PICKET_DATA_DIR=/data \
    PICKET_LISTEN=0.0.0.0:8080 \
    MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8080
# The first start makes keys and tables: it is given half a minute.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["picket-healthcheck"]
ENTRYPOINT ["picket"]
CMD ["serve"]
