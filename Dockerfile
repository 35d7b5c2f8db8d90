# Debian, not Alpine: Temporal's native core needs glibc. The slim image lacks the CA certificates that TLS needs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json rollup.config.mjs ./
COPY packages ./packages
COPY src ./src
# The build runs some of them.
COPY tools/*.mjs ./tools/
# The install builds dist. The second command removes packages that only the build needs. It names the packages of workers
# and of S3 stores, which are optional peers, so that they stay, with the versions and hashes of the lockfile.
RUN npm ci --workspace json2video-local --include-workspace-root && npm install --workspace json2video-local \
    --include-workspace-root --no-save --save-prod --omit=dev --ignore-scripts \
    @temporalio/worker@1.24.0 @temporalio/activity@1.24.0 \
    @aws-sdk/client-s3@3.1169.0 @aws-sdk/lib-storage@3.1169.0 @aws-sdk/s3-request-presigner@3.1169.0

# The engine for `up`, fetched as `up` does it: by pip, with the hash checked.
FROM build AS engine
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip
RUN XDG_CACHE_HOME=/engine node --input-type=module \
    -e "import('/app/build/engine/index.js').then(({ findEngine }) => findEngine({ env: process.env }))" \
 && chmod -R a+rX /engine

FROM node:22-bookworm-slim AS renderonce
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=node --group=node --mode=700 /data
WORKDIR /app
ENV NODE_ENV=production
# Root owns the files: the user below can read and run them, but not change them. The root file system may be read-only.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/dist ./dist
COPY assets ./assets
COPY docs/deploy/*.mjs ./
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["worker"]

# For docs/deploy/one-machine.yml: the same with an engine.
FROM renderonce AS one-machine
COPY --from=engine /engine /engine
ENV XDG_CACHE_HOME=/engine RENDERONCE_DATA=/data
CMD ["up"]

# The last stage is what a build without a target makes.
FROM renderonce
