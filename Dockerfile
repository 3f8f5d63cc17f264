# One image for the Home Assistant add-on and for whoever runs containers. docs/install/container.md says how.

FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No scripts of packages: the one native package brings its compiled code along.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY page page
COPY scripts/build-page.mjs scripts/
RUN npm run build

FROM docker.io/library/node:24-bookworm-slim AS modules
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY scripts/prune-modules.mjs ./
RUN node prune-modules.mjs node_modules

FROM docker.io/library/node:24-bookworm-slim
# udev: udevadm tells the makers and serial numbers of serial adapters.
RUN apt-get update \
  && apt-get install -y --no-install-recommends udev \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log /usr/share/doc /usr/share/man \
    /usr/lib/udev /etc/udev /etc/init.d/udev \
  && install -d -o node -g node /data \
  && install -d /app \
  && ln -s /app/dist/main.js /usr/local/bin/multical2mqtt
COPY package.json LICENSE CHANGELOG.md /app/
COPY --from=modules /build/node_modules /app/node_modules
COPY --from=build --chmod=755 /build/dist /app/dist

# Home Assistant's Supervisor and Docker buildx both give these.
ARG BUILD_VERSION=0.1.0
ARG BUILD_ARCH=amd64
LABEL io.hass.type="app" \
  io.hass.version="${BUILD_VERSION}" \
  io.hass.arch="${BUILD_ARCH}" \
  io.hass.name="Kamstrup MULTICAL to MQTT" \
  io.hass.description="Reads Kamstrup MULTICAL heat meters through their optical eye" \
  org.opencontainers.image.title="multical2mqtt" \
  org.opencontainers.image.description="Reads Kamstrup MULTICAL heat meters through their optical eye and publishes them over MQTT" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${BUILD_VERSION}"

# The program begins as root and at once becomes the user of RUN_AS, in the groups that own serial ports: Home Assistant
# writes an add-on's options so that only root may read them. Started as another user (docker run --user), it stays that.
ENV NODE_ENV=production DATA_DIR=/data RUN_AS=1000:1000
WORKDIR /data
VOLUME ["/data"]

# Asks the running process itself. Whether the meter answers or the broker is there is no question of its health.
HEALTHCHECK --interval=60s --timeout=10s --start-period=20s --retries=3 \
  CMD ["node", "-e", "import('/app/dist/app/health-socket.js').then((h) => h.askHealth(process.env.DATA_DIR)).then((stuck) => process.exit(stuck.length > 0 ? 1 : 0), () => process.exit(1))"]

# Node is process 1 and needs no init above it: it handles the signals itself and starts no children that outlive it.
# The heap stays small, as V8 is told at the start: the space for young objects does not grow to many times what a bridge
# needs that reads once an hour.
ENTRYPOINT ["node", "--optimize-for-size", "--semi-space-growth-factor=1", "--single-threaded", "/app/dist/main.js"]
