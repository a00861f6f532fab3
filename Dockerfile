# One image for every role: web, worker and scheduler differ by --role.
FROM node:22-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app

# The packages first: they change less often than the sources. No package needs its install script.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY LICENSE ./
COPY bin ./bin
COPY src ./src
COPY jobs ./jobs
COPY fixtures ./fixtures
# The first run makes the bundle of these sources; whoever runs the image may not write here.
RUN node bin/elwatch --version

# The embedded store and mail as files, where neither a database nor a mail server is named.
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data

USER node
EXPOSE 8744
# Whether the process answers. /readyz says whether all it depends on does: for a monitor, not a reason to restart.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8744}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "bin/elwatch"]
CMD ["start"]
