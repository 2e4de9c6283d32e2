# The digest of python:3.13-slim that this machine trusts; docs/operations.md says how to learn it.
ARG PYTHON_DIGEST
FROM python:3.13-slim@sha256:${PYTHON_DIGEST} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY config/uv.txt config/uv.txt
RUN pip install --no-cache-dir --only-binary :all: --require-hashes --requirement config/uv.txt
COPY pyproject.toml uv.lock ./
# What each deployment may switch on is there; the demo market is not.
RUN uv sync --frozen --no-default-groups --all-extras --no-extra demo --no-cache
COPY manage.py ./
COPY config config
COPY opportunities opportunities
COPY matching matching
# Whatever starts first compiles the catalogues of translations: nothing can be written later.
RUN SECRET_KEY=build SITE_URL=https://build DATABASE_URL=postgresql:///build \
    REDIS_URL=redis://build .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim@sha256:${PYTHON_DIGEST}
RUN groupadd --system --gid 10001 foothold && useradd --system --uid 10001 --gid foothold foothold \
    && install --directory --owner foothold --group foothold /var/lib/foothold
COPY --from=build --chown=root:root /app /app
WORKDIR /app
# The kernel is compiled once and kept with the files: /app cannot be written, and there is no home.
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 VAR=/var/lib/foothold \
    NUMBA_CACHE_DIR=/var/lib/foothold/numba
USER 10001:10001
VOLUME /var/lib/foothold
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "config.wsgi", "--worker-class", "config.serving.Worker", "--threads", "8", "--graceful-timeout", "10", "--no-control-socket"]
