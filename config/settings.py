"""Every setting, read once from the environment; the defaults are the production ones.

A setting stands here only if two deployments differ in it or a library demands it. ``DEBUG`` is
for developers, ``DEMO`` is the market that ``make up`` shows on one's own machine.
"""

import contextlib
import os
import secrets
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP

from config import environment, logs
from config.environment import flag, number, text, words
from opportunities import ROOMS
from opportunities.accounts import passwords
from opportunities.core import retention

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(BASE_DIR / ".env")
VAR_DIR = Path(text("VAR", str(BASE_DIR / "var")))
PLACES_DIR = Path(text("PLACES_DIR", str(VAR_DIR / "places")))  # the table of cities

DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
# A clone that nobody has configured serves only the machine that it is on.
CONFIGURED = any(map(os.environ.get, ("SITE_URL", "SECRET_KEY", "DATABASE_URL", "REDIS_URL")))
LOCAL = DEBUG or DEMO or not CONFIGURED
SITE_NAME = text("SITE_NAME", "Foothold")
SITE_URL = text("SITE_URL", "http://localhost:8000" if LOCAL else None).rstrip("/")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if LOCAL else "")
if not ALLOWED_HOSTS:
    ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or ""]


def local_secret() -> str:
    """Return this machine's own key, drawn once, so that no one learns it from the source."""
    path = VAR_DIR / "secret-key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
        path.chmod(0o600)
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


SECRET_KEY = text("SECRET_KEY", local_secret() if LOCAL else None)
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

# --- What the site is made of ---

INSTALLED_APPS = [
    "config",
    *(f"opportunities.{room}" for room in ROOMS),
    "matching",
    "allauth",
    "config.apps.SignInConfig",
    "config.apps.SecondFactorConfig",
    "config.apps.DesksConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "corsheaders",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "config.apps.TokensConfig",
    "rest_framework",
]
MIDDLEWARE = [
    "config.middleware.one_piece_of_stack",
    "config.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.UsualHeaders",
    "config.overload.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opportunities.accounts.languages.ReadersLanguage",
    "opportunities.accounts.time_zones.ReadersClock",
    "opportunities.core.given_back.KeepWhatWasTyped",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opportunities.accounts.late_codes.LateCodes",
    "opportunities.accounts.session_ends.SignInsEnd",
    "config.middleware.SecondFactorForStaff",
    "config.contract.gate.ApiGate",
    "config.middleware.PageForForms",
    "config.middleware.PlainRequests",
]
ROOT_URLCONF = "config.urls"
# The site stands at the root of its host. gunicorn takes another root from a header of whoever
# connects from this machine, and every rule that goes by the path would read another path.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csp",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["opportunities.core.templatetags.languages"],
        },
    },
]
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
S3_BUCKET = environment.with_extra("S3_BUCKET", extra="storage", library="storages")
"""Where uploads are kept by an object store; empty: in a folder of this machine."""
S3_ENDPOINT_URL = text("S3_ENDPOINT_URL", "")
STORAGES = {
    "default": {
        "BACKEND": "config.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            # Stores of one's own have no name of a host for each bucket.
            "by_path": bool(S3_ENDPOINT_URL),
            "region_name": text("S3_REGION", "") or None,
            # Without a key boto3 asks the machine for its role.
            "access_key": text("S3_ACCESS_KEY_ID", "") or None,
            "secret_key": text("S3_SECRET_ACCESS_KEY", "") or None,
        },
    }
    if S3_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": text("UPLOADS_DIR", str(VAR_DIR / "uploads"))},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG

# --- Database, broker and cache ---

DATABASE_URL = text("DATABASE_URL", environment.embedded("postgres", VAR_DIR) if LOCAL else None)
REDIS_URL = text("REDIS_URL", environment.embedded("valkey", VAR_DIR) if LOCAL else None)

# A pool is for the threads of one web process; wsgi.py asks for it. Forked workers must not
# inherit one.
DATABASE_POOL_SIZE = number("DATABASE_POOL_SIZE", 0)
DATABASES = {"default": environment.database(DATABASE_URL)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0 if DATABASE_POOL_SIZE else 300,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": "5",
    "options": f"-c statement_timeout={number('STATEMENT_TIMEOUT_MS', 15_000)}"
    f" -c lock_timeout={number('LOCK_TIMEOUT_MS', 5_000)}"
    " -c idle_in_transaction_session_timeout=60000"
    " -c pg_trgm.word_similarity_threshold=0.45",  # finds "podcast" for "podcsat"
}
if DATABASE_POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        # There is one for every thread: who waits longer waits for a database that is away.
        "timeout": 2,
    }
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": environment.redis_database(REDIS_URL, 1),
        "KEY_PREFIX": "foothold",
        "OPTIONS": {"socket_timeout": 0.12, "socket_connect_timeout": 0.12},
    },
} | {
    # These each process has for itself: for how many seconds, and how many entries at most.
    name: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "TIMEOUT": seconds,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }
    for name, seconds, entries in (
        ("limits", 3600, 20_000),  # counts against limits, beside the shared ones in Valkey
        ("template_fragments", 600, 5000),  # parts of pages: their keys change with what they show
        ("pages", 300, 1000),  # what is one person's leaves neither the process nor its memory
        ("plans", 300, 500),  # the three best paths of a person, at one commit of the market
        ("rankings", 300, 40),  # at one commit: 16 bytes for every role that a person may take
    )
}
CACHES["template_fragments"]["KEY_FUNCTION"] = "opportunities.core.languages.key_in_language"

# --- Celery: the database says what is owed, a message only nudges a worker ---

CELERY_BROKER_URL = environment.kombu_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # longer than the longest task
    "unacked_restore_interval": 5,
    "unacked_mutex_expire": 10,  # a killed worker must not strand messages for five minutes
    "socket_timeout": 5,
    "socket_connect_timeout": 0.3,
    "socket_keepalive": True,
    "health_check_interval": 5,
    "max_retries": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 75
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TIMEZONE = "UTC"

# --- Who may come in ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["opportunities.accounts.backends.OneHash"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": passwords.LEAST},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "opportunities.accounts.passwords.NotOfTheSite"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "matching:matches"  # of whoever has no other work here
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "opportunities.accounts.forms.SignUpForm",
    "change_password": "opportunities.accounts.forms.ChangePassword",
    "set_password": "opportunities.accounts.forms.AddPassword",
    "reset_password_from_key": "opportunities.accounts.forms.ChoosePassword",
}
ACCOUNT_USER_DISPLAY = lambda user: user.name or user.email  # noqa: E731  (allauth calls it)
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_ADAPTER = "opportunities.accounts.adapter.Adapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password, address or factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
# How many proxies name the client; production says so, if only "0": a wrong count either gives all
# visitors one address, and so one limit, or lets anybody choose theirs.
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0 if LOCAL else -1)
MFA_ADAPTER = "opportunities.accounts.second_factor.Adapter"
MFA_FORMS = {
    "login_webauthn": "opportunities.accounts.forms.SignInByPasskey",
    "authenticate_webauthn": "opportunities.accounts.forms.SecondStepByKey",
    "reauthenticate_webauthn": "opportunities.accounts.forms.ConfirmByKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL

# --- What a browser must obey ---

SESSION_ENGINE = "opportunities.accounts.sessions"
SESSION_COOKIE_AGE = retention.SESSION_DAYS * 24 * 60 * 60
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
SESSION_COOKIE_SECURE = not LOCAL
CSRF_FAILURE_VIEW = "opportunities.core.given_back.csrf_failure"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [] if LOCAL else [SITE_URL]
SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", default=not LOCAL)
# A program that speaks to the API without TLS is refused (config.contract.gate), not led on: a
# redirect would hide that its token travels readable.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/v1/"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
# To be in the browsers' own lists binds the whole domain, and leaving them takes months.
SECURE_HSTS_PRELOAD = flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # it asks for that very choice
BEHIND_TLS_PROXY = flag("BEHIND_TLS_PROXY")
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "report-uri": ["/csp-reports/"],
    "report-to": ["csp"],  # config.middleware.UsualHeaders says where that is
}
GUEST_PROFILES_PER_ADDRESS = number("GUEST_PROFILES_PER_ADDRESS", 30)
GUEST_PROFILES_IN_ALL = number("GUEST_PROFILES_IN_ALL", 1_000)
"""Profiles without an account that are made in an hour, from one address and by everybody."""

WEBHOOKS_TO_LOOPBACK = (DEBUG or DEMO) and flag("WEBHOOKS_TO_LOOPBACK")
"""Whether webhooks may go to ``http://`` addresses of this very machine: for developers alone."""

UPLOAD_SCANNER = text("UPLOAD_SCANNER", "")
"""A command such as ``clamdscan --no-summary -`` that is asked about every resume; empty: none."""

DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- API ---

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.contract.scopes.ScopedToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.contract.parsing.BoundedJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["config.contract.limits.Quota"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,  # "format" is a filter of roles
    "EXCEPTION_HANDLER": "config.api.problem_details",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Pages of these origins may call the API with a token; never with the cookie of a session. What
# everybody may read is read from everywhere (config.contract.gate).
CORS_ALLOWED_ORIGINS = words("API_ORIGINS")
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CORS_ALLOW_HEADERS = (
    "accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match",
    "x-request-id",
)  # fmt: skip
CORS_EXPOSE_HEADERS = (
    "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID",
)  # fmt: skip
CORS_PREFLIGHT_MAX_AGE = 3600
API_QUOTA_FACTOR = number("API_QUOTA_FACTOR", 1)
RUN_EVENTS_SECONDS = number("RUN_EVENTS_SECONDS", 60)
ROLE_LIST_MAX_AGE = timedelta(seconds=number("ROLE_LIST_MAX_AGE", 900))
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  (a name; migrations ask for it)
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(days=90)}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SITE_NAME} API",
    "DESCRIPTION": "Internships and micro-internships, matched with the reasons.",
    "VERSION": "1",
    "CONTACT": {"name": "The people who run this site"},
    "LICENSE": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": "/", "description": "The site that this document comes from."}],
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": tomllib.loads(
        (BASE_DIR / "config" / "contract" / "words.toml").read_text(encoding="utf-8")
    )["enumerations"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.contract.describing.complete",
    ],
}

# --- Mail and logs ---

MAIL_HOST = text("MAIL_HOST", "") if LOCAL else text("MAIL_HOST", "localhost")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": number("MAIL_PORT", 587),
            "username": text("MAIL_USER", ""),
            "password": text("MAIL_PASSWORD", ""),
            "use_tls": flag("MAIL_USE_TLS", default=True),
            "timeout": 10,
        },
    }
    if MAIL_HOST
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(VAR_DIR / "outbox")},  # shown at /outbox/
    },
}
DEFAULT_FROM_EMAIL = text("MAIL_FROM", f"{SITE_NAME} <noreply@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LOGGING = logs.configuration(level=text("LOG_LEVEL", "INFO"), as_json=not LOCAL)
METRICS_TOKEN = text("METRICS_TOKEN", "")

# --- What other services are told, each only where it is set, and never of a person ---

SENTRY_DSN = environment.with_extra("SENTRY_DSN", extra="sentry", library="sentry_sdk")
SENTRY_ENVIRONMENT = text("SENTRY_ENVIRONMENT", "production")
OTEL_EXPORTER_OTLP_ENDPOINT = environment.with_extra(
    "OTEL_EXPORTER_OTLP_ENDPOINT", extra="otel", library="opentelemetry.sdk"
)
