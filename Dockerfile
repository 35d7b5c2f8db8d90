# Debian, not Alpine: Temporal's native core needs glibc. The slim image lacks the CA certificates that TLS needs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY packages ./packages
COPY src ./src
# Installing builds dist; what only the build needed goes. The worker's packages are optional peers, named here so that
# they stay, in the versions and with the hashes of the lockfile.
RUN npm ci --workspace json2video-local --include-workspace-root && npm install --workspace json2video-local \
    --include-workspace-root --no-save --save-prod --omit=dev --ignore-scripts \
    @temporalio/worker@1.24.0 @temporalio/activity@1.24.0

FROM node:22-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
# Owned by root: the user below reads and runs, and changes nothing. The root file system may be read-only.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/dist ./dist
COPY docs/deploy/*.mjs ./
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["worker"]
