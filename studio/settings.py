"""All settings, from the environment alone; README lists each variable.

The default, with nothing set, is the embedded studio: SQLite, files on disk, the vendor simulator.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as levels
from django.core.exceptions import ImproperlyConfigured

from studio.env import (
    env,
    folder,
    generated_secret,
    is_loopback,
    mail_server,
    port,
    url,
    vendor_path,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# -- The studio ---------------------------------------------------------------------------------
STUDIO_VAR = folder("STUDIO_VAR", BASE_DIR / "var")
STUDIO_PORT = port("STUDIO_PORT", 8000)
STUDIO_BIND = env.str("STUDIO_BIND", "127.0.0.1")
STUDIO_PUBLIC_URL = url("STUDIO_PUBLIC_URL", f"http://127.0.0.1:{STUDIO_PORT}")
STUDIO_KEYRING = Path(env.str("STUDIO_KEYRING", "") or STUDIO_VAR / "keyring.json")
STUDIO_VAULT = STUDIO_VAR / "vault"
STUDIO_VAULT_RESERVE_BYTES = env.int("STUDIO_VAULT_RESERVE_MB", 500) * 1_000_000
if env.str("STUDIO_S3_URL", ""):
    raise ImproperlyConfigured(
        "STUDIO_S3_URL is set, but this version keeps films on disk only. Unset it, and let all "
        "hosts share the folder STUDIO_VAR, for example by a network file system."
    )
STUDIO_SIMULATOR_PORT = port("STUDIO_SIMULATOR_PORT", min(STUDIO_PORT + 1, 65535))
STUDIO_ACCEL_PREFIX = env.str("STUDIO_ACCEL_PREFIX", "")
STUDIO_METRICS_TOKEN = env.str("STUDIO_METRICS_TOKEN", "")
STUDIO_CHAT_ALLOW_LOOPBACK = env.bool("STUDIO_CHAT_ALLOW_LOOPBACK", False)

# -- The vendor ---------------------------------------------------------------------------------
TRANSEND_IS_CHOSEN = bool(env.str("TRANSEND_BASE_URL", ""))
_SIMULATOR_URL = f"http://127.0.0.1:{STUDIO_SIMULATOR_PORT}"
TRANSEND_BASE_URL = url("TRANSEND_BASE_URL", _SIMULATOR_URL)
TRANSEND_IS_SIMULATED = _IS_EMBEDDED = TRANSEND_BASE_URL == _SIMULATOR_URL
TRANSEND_ASSET_HOSTS: list[str] = env.list(
    "TRANSEND_ASSET_HOSTS",
    [urlsplit(_SIMULATOR_URL).netloc if _IS_EMBEDDED else "edge.transendai.net"],
)
TRANSEND_ALLOW_LOOPBACK = env.bool("TRANSEND_ALLOW_LOOPBACK", _IS_EMBEDDED)
# The document names both without saying where: off at a real vendor until an operator knows.
TRANSEND_METERS_PATH = vendor_path(
    "TRANSEND_METERS_PATH", "/v1/meters?task_id=" if _IS_EMBEDDED else ""
)
TRANSEND_RETENTION_PATH = vendor_path(
    "TRANSEND_RETENTION_PATH", "/v1/assets/{task_id}/retention" if _IS_EMBEDDED else ""
)
# A vendor on the internet cannot call us back on our own loopback address.
TRANSEND_WEBHOOK_BASE = (
    ""
    if is_loopback(STUDIO_PUBLIC_URL) and not is_loopback(TRANSEND_BASE_URL)
    else STUDIO_PUBLIC_URL
)

# -- Django -------------------------------------------------------------------------------------
DEBUG = env.bool("STUDIO_DEBUG", False)
SECRET_KEY = env.str("STUDIO_SECRET_KEY", "") or generated_secret(STUDIO_VAR / "secret_key")
_PUBLIC_HOST = urlsplit(STUDIO_PUBLIC_URL).hostname
ALLOWED_HOSTS: list[str] = [
    *env.list("STUDIO_ALLOWED_HOSTS", [_PUBLIC_HOST] if _PUBLIC_HOST else []),
    # Always, because the container's health check and run_studio ask by these.
    "127.0.0.1",
    "localhost",
    "[::1]",
]
ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False  # one language: templates need not ask for it at every number

INSTALLED_APPS = [
    "studio",
    "studio.accounts",
    "studio.vault",
    "studio.inbox",
    "studio.storyboards",
    "studio.renders",
    "studio.reviews",
    "studio.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "django_q",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studio.lib.bodies.BoundedBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every view asks for a signed-in person, unless it says @login_not_required.
    "studio.accounts.sign_in.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "studio.lib.htmx.AnswersForHtmx",
    "studio.lib.busy.BusyIsNoFault",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "studio.lib.themes.for_templates",
            ],
        },
    }
]

# -- Database and cache -------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", "") or f"sqlite:///{STUDIO_VAR / 'studio.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: without these, web threads and a worker lock each other out within seconds.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Tests run on a real file too: a database in memory locks differently.
    DATABASES["default"]["TEST"] = {"NAME": str(STUDIO_VAR / "test.sqlite3")}
elif DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL: only sqlite:// and postgres:// are supported.")

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # Sign-in throttling must count over all web processes, so memory of one will not do.
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "studio_cache",
            # The usual 300 are filled by a few dozen guests, and what goes first are the throttles.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    ),
    # django-q2 writes its own statistics twice a second; ours are heartbeat rows.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# -- Queue: the engine; the database's own rows are the truth (ARCHITECTURE.md, invariant 2) ------
_QUEUE = {
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 60,
    "retry": 240,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": -1,
    "poll": 0.1,
    "catch_up": False,
    "cpu_affinity": 0,
    "label": "Queue",
    "cache": "process",
}
Q_CLUSTER: dict[str, Any] = {
    **_QUEUE,
    "name": "takes",
    # Long work has its own queue; retry > timeout × (1 + ⌈(queue_limit + bulk) / workers⌉).
    "ALT_CLUSTERS": {
        "long": {"timeout": 1500, "retry": 4800},
        # One animatic at a time, for each takes several cores: nobody pays for it, so a film that
        # was paid for is collected beside it, and first.
        "pictures": {"timeout": 1500, "retry": 4800, "workers": 1, "queue_limit": 1},
    },
}

_IS_HTTPS = STUDIO_PUBLIC_URL.startswith("https://")

# -- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# How a message stands, in the words of static/js/toasts.js.
MESSAGE_TAGS = {
    levels.DEBUG: "noted",
    levels.INFO: "noted",
    levels.SUCCESS: "done",
    levels.WARNING: "failed",
    levels.ERROR: "failed",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "studio.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
# How many proxies add to X-Forwarded-For: with too few, all visitors share one throttle.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("STUDIO_PROXIES", 1 if _IS_HTTPS else 0)
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}

# -- E-mail: to the console, until a server is named ----------------------------------------------
_MAIL = mail_server("STUDIO_EMAIL_URL")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL else 'console'}.EmailBackend"
if _MAIL:
    EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.is_starttls, _MAIL.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "STUDIO_EMAIL_FROM", f"Shotboard <shotboard@{_PUBLIC_HOST or 'localhost'}>"
)

# -- Safety -------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _IS_HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [STUDIO_PUBLIC_URL] if STUDIO_PUBLIC_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
# A storyboard of 10 MB (exchange/strict_json.py), pasted, with the form around it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
# Forms with files: above what each view takes, so that its own sentence is the answer.
UPLOAD_MAX_BYTES = 48 * 1024 * 1024

# -- Static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# With hashed names, made by collectstatic (the container image does); without it files are served
# straight from static/, so that there is no such step before the first run.
_HAS_MANIFEST = env.bool("STUDIO_STATIC_MANIFEST", False)
STATIC_ROOT = BASE_DIR / "staticfiles" if _HAS_MANIFEST else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _HAS_MANIFEST
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not _HAS_MANIFEST
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0 if _IS_EMBEDDED else 3600

# -- Logs ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    # Django logs the paths of refused requests: webhook macs and share tokens are in some.
    "filters": {
        "redacted": {"()": "studio.lib.log_filters.RedactedPaths"},
        "nothing_routine": {"()": "studio.lib.log_filters.NothingRoutine"},
        "refusals_in_one_line": {"()": "studio.lib.log_filters.RefusalsInOneLine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["nothing_routine", "refusals_in_one_line", "redacted"],
        }
    },
    "root": {"handlers": ["stderr"], "level": logging.INFO},
    "loggers": {
        # At INFO httpx prints whole addresses, signatures and all.
        "httpx": {"level": logging.WARNING},
        "httpcore": {"level": logging.WARNING},
        "django-q": {"level": logging.WARNING},
    },
}
