# For several platforms: docker buildx build --platform linux/amd64,linux/arm64 .
# The release records the digests of the images below (provenance); dependabot proposes newer ones.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# A package mirror, where the public registry cannot be reached: docker compose passes on the variable of that name.
ARG NPM_CONFIG_REGISTRY
COPY .npmrc package.json package-lock.json ./
COPY client/package.json client/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.ts scripts/
COPY scripts/build scripts/build
COPY client client
COPY src src
ARG PROBITY_REVISION
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS probity
ENV NODE_ENV=production
WORKDIR /app
# Debian packages for the commands of checks and channels. Those of the variant `-tools`:
# --build-arg PROBITY_PACKAGES='bind9-dnsutils ca-certificates curl iputils-ping openssl traceroute'
# It is an argument and not a stage, because builders without BuildKit build every stage.
ARG PROBITY_PACKAGES
RUN if [ -n "$PROBITY_PACKAGES" ]; then \
      apt-get update -qq && apt-get install -y -qq --no-install-recommends $PROBITY_PACKAGES && rm -rf /var/lib/apt/lists/*; \
    fi
# A new volume takes over the owner of the folder it is mounted on. These are the notifier's, which runs as nobody.
RUN install -d -o nobody -g nogroup -m 0750 /etc/probity/secrets /etc/probity/alertmanager /var/lib/probity/alerts
# The passwords of the Compose stack: what is made in these folders belongs to the group of those who may read it.
RUN install -d -o nobody -g 51700 -m 2750 /etc/probity/database /etc/probity/grafana
# The exporter's, which runs as node: results that wait while the database is away.
RUN install -d -o node -g node -m 0750 /var/lib/probity/exporter
# That of `probity solo`.
RUN install -d -o node -g node -m 0750 /var/lib/probity/solo
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY config config
COPY docs docs
ARG PROBITY_VERSION=0.2.0
ARG PROBITY_REVISION=unknown
ARG PROBITY_SOURCE
LABEL org.opencontainers.image.title="probity" \
      org.opencontainers.image.description="Tells you, with evidence, whether the services and APIs you depend on behave as you expect." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$PROBITY_VERSION" \
      org.opencontainers.image.revision="$PROBITY_REVISION" \
      org.opencontainers.image.source="$PROBITY_SOURCE"
USER node
EXPOSE 9740 9741
# Without a shell. PROBITY_HEALTH_URL is for a server that listens elsewhere.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/bin/health.cjs"]
ENTRYPOINT ["node", "/app/bin/probity.cjs"]
CMD ["exporter", "--web.listen-address=0.0.0.0:9740"]
