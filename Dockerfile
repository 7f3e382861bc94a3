FROM node:24-bookworm-slim AS build
WORKDIR /app
# A package mirror, where the public registry cannot be reached: docker compose passes on the variable of that name.
ARG NPM_CONFIG_REGISTRY
COPY .npmrc package.json package-lock.json ./
COPY client/package.json client/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.ts scripts/
COPY client client
COPY src src
ARG PROBITY_REVISION
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="probity" \
      org.opencontainers.image.description="Tells you, with evidence, whether the services and APIs you depend on behave as you expect." \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
# A new volume takes over the owner of the folder it is mounted on. These are the notifier's, which runs as nobody.
RUN install -d -o nobody -g nogroup -m 0750 /etc/probity/secrets /etc/probity/alertmanager /var/lib/probity/alerts
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
USER node
EXPOSE 9740 9741
ENTRYPOINT ["node", "/app/bin/probity.cjs"]
CMD ["exporter", "--web.listen-address=0.0.0.0:9740"]
