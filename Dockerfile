# syntax=docker/dockerfile:1

# -- Build: the hash-pinned packages and the static files with hashed names -----------------------
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1
WORKDIR /app
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
COPY requirements/run.lock requirements/run.lock
RUN pip install --require-hashes --requirement requirements/run.lock
COPY manage.py ./
COPY studio studio
COPY templates templates
COPY static static
# A throw-away secret: this step signs nothing, and its folder stays out of the image.
RUN STUDIO_VAR=/tmp/build STUDIO_STATIC_MANIFEST=1 python manage.py collectstatic --noinput \
    && python -m compileall -q studio

# -- Run -------------------------------------------------------------------------------------------
FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Shotboard" \
      org.opencontainers.image.licenses="MIT"
# pg_dump and pg_restore, for `manage.py backup` and `restore`.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 studio \
    && useradd --system --uid 10001 --gid studio --no-create-home --home-dir /nonexistent studio \
    && install -d -o studio -g studio -m 0700 /var/lib/shotboard
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OPENBLAS_NUM_THREADS=1 \
    STUDIO_VAR=/var/lib/shotboard \
    STUDIO_BIND=0.0.0.0 \
    STUDIO_PORT=8000 \
    STUDIO_STATIC_MANIFEST=1
WORKDIR /app
COPY --from=build /app /app
COPY LICENSE NOTICE ./
USER 10001:10001
VOLUME ["/var/lib/shotboard"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "manage.py"]
CMD ["serve"]
