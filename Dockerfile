FROM python:3.13-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --extra fast --no-cache
COPY manage.py ./
COPY config config
COPY opportunities opportunities
COPY matching matching
RUN SECRET_KEY=build SITE_URL=https://build DATABASE_URL=postgresql:///build \
    REDIS_URL=redis://build .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --uid 10001 foothold && install --directory --owner foothold /var/lib/foothold
COPY --from=build --chown=root:root /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 VAR=/var/lib/foothold
USER foothold
VOLUME /var/lib/foothold
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "config.wsgi", "--worker-class", "config.serving.Worker", "--threads", "8", "--graceful-timeout", "10", "--no-control-socket"]
