"""The real settings, made quick; the database and the broker are the real ones."""

import os

os.environ["DEBUG"] = "false"
os.environ["DEMO"] = "false"
os.environ["SECRET_KEY"] = "only-for-the-tests-" + "x" * 40
os.environ["SITE_URL"] = "https://testserver"
os.environ["TRUSTED_PROXIES"] = "0"
os.environ |= dict.fromkeys(("S3_BUCKET", "SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"), "")
# tests.services has set the real ones; these serve the type checker alone.
os.environ.setdefault("DATABASE_URL", "postgresql://localhost/foothold")
os.environ.setdefault("REDIS_URL", "redis://localhost:6379/0")

from config.environment import kombu_url, redis_database
from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, CACHES, REDIS_URL, STORAGES, VAR_DIR

ALLOWED_HOSTS = ["testserver", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
SECURE_SSL_REDIRECT = False

# Each worker of pytest-xdist has numbered databases and a folder of its own.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = redis_database(REDIS_URL, 2 * (WORKER % 8))
CELERY_BROKER_URL = kombu_url(REDIS_URL)
CACHES["default"]["LOCATION"] = redis_database(REDIS_URL, 2 * (WORKER % 8) + 1)

# All runs of this working copy read one table of cities.
PLACES_DIR = BASE_DIR / "var" / "places"

# Who follows a run takes one look and is sent away.
RUN_EVENTS_SECONDS = 0

# Static files are served from where they lie; nothing is collected for a test.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["default"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": VAR_DIR / "tests" / f"uploads-{WORKER}"},
}
