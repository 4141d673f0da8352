"""All settings of the portal, read from the environment; domain numbers are rules or rows, never settings."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from governance.embedded.folders import default_data_folder
from governance.front.limits import usual_proxies
from governance.logs import is_not_readiness

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """A variable of the environment: its default, as it is told where it depends on others, what it is for."""

    name: str
    default: str | None
    help: str
    told: str = ""


VARIABLES: dict[str, Variable] = {}


def env(name, default=None, help="", told=""):
    """Read a variable and record what it is for; an empty one counts as not set."""
    VARIABLES[name] = Variable(name, default, help, told)
    return os.environ.get(name) or default


def env_bool(name, default, help=""):
    """Read a switch: 1, true, yes or on (any case) switch it on."""
    return env(name, "1" if default else "0", help).lower() in {"1", "true", "yes", "on"}


def env_list(name, default="", help="", told=""):
    """Read a list separated by commas."""
    return [part.strip() for part in env(name, default, help, told).split(",") if part.strip()]


def read_database_url(url):
    """Turn postgresql://user:password@host:port/name into Django's form; the host may be a socket folder."""
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "portal"}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://; the portal needs PostgreSQL.")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def be_patient(options, patience):
    """Add to the options of a connection how long it waits: for the server, and for what the server does."""
    options.setdefault("connect_timeout", "5")
    if patience:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        told = " ".join(f"-c {name}={value}" for name, value in zip(names, patience, strict=True))
        options["options"] = f"{options.get('options', '')} {told}".strip()


def broker_url(url):
    """Celery writes a unix socket as redis+socket://, redis-py and Django as unix://."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    return f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query).get('db', ['0'])[0]}"


# --- where the portal stands -------------------------------------------------------------------------
DEMO = env_bool(
    "PORTAL_DEMO", True, "Demo township on first start; 0 for a real one, which needs its own keys."
)
DEBUG = env_bool("PORTAL_DEBUG", False, "Django's debug pages; never where others can reach the portal.")
PORT = env("PORTAL_PORT", "8000", "Port on which `manage.py portal` listens.")
HOST = env("PORTAL_HOST", "127.0.0.1", "Address on which `manage.py portal` listens; 0.0.0.0 for all.")
DATA_ROOT = Path(
    env("PORTAL_DATA", str(default_data_folder()), "Folder of the embedded servers, keys and files.",
        told="/var/lib/… for root, ~/.local/share/… for others")
)
ATTACHMENT_ROOT = Path(
    env("PORTAL_MEDIA", str(DATA_ROOT / "attachments"), "Folder of attachments.", told="PORTAL_DATA/attachments")
)
MEDIA_ROOT = ATTACHMENT_ROOT
BACKUP_FOLDER = env("PORTAL_BACKUP_FOLDER", "", "Folder of nightly backups, on another disk or machine; empty: none.")
BACKUP_KEEP = env(
    "PORTAL_BACKUP_KEEP", "7 5 12", "For how many days, weeks and months the last backup of each is kept."
)
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS", "*" if DEMO else "localhost,127.0.0.1,[::1]", "Host names, separated by commas.",
    told="* with the demo township, else localhost",
)
CSRF_FAILURE_VIEW = "governance.casework.views.refusals.csrf_failure"
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "", "Origins such as https://portal.example.gov.cn.")

PROCESS = env(
    "PORTAL_PROCESS", "command",
    "What this process does: web, worker or command; how long it waits for a lock and a statement depends on it."
)
MAX_BODY_MB = int(env("PORTAL_MAX_BODY_MB", "100", "Megabytes that one request may have; what is larger is not read."))
WEB_PROCESSES = int(env("PORTAL_WEB_PROCESSES", "2", "Processes of the web server, each with four threads."))

# --- secrets -----------------------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", "", "postgresql://user:password@host:5432/name; empty: embedded server.")
REDIS_URL = env(
    "REDIS_URL", "unix:///nowhere", "redis://host:6379/0 or unix:///path; empty: embedded server.",
    told="the embedded server",
)
SECRET_KEY = env("SECRET_KEY", "", "Signs sessions and forms; 50 random characters.")
PERSONAL_KEY = env(
    "PORTAL_PERSONAL_KEY", "",
    "Encrypts and hashes contact data; losing it loses them. Several with spaces between: the first encrypts.",
).encode()
BACKUP_KEY = env(
    "PORTAL_BACKUP_KEY", "", "Encrypts backups; without it none is made, and without it none is restored."
).encode()
if DATABASE_URL and not (SECRET_KEY and PERSONAL_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY and PORTAL_PERSONAL_KEY must be set (only `manage.py` in demo mode makes its own)."
    )

# --- applications ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "import_export",
    "governance.organisation",
    "governance.keeping",
    "governance.casework",
    "governance.reporting",
    "governance.ledgers",
    "governance.leadership",
    "grids",
    "disputes",
    "petitions",
    "safety",
]
MIDDLEWARE = [
    "governance.logs.RequestLogMiddleware",
    "governance.organisation.views.health.HealthMiddleware",
    "governance.measuring.MeasureMiddleware",
    "governance.addresses.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "governance.organisation.views.gate.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "governance.sessions.PersonMiddleware",
    "governance.organisation.views.gate.AccountLanguage",
    "governance.organisation.views.gate.FirstThings",
    "governance.casework.views.refusals.FilesFromPeopleOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "governance.casework.views.readable.ReadableMiddleware",
    "governance.casework.views.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "governance.casework.views.receipts.ReceiptMiddleware",
]
ROOT_URLCONF = "governance.urls"
WSGI_APPLICATION = "governance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
if (BASE_DIR / "governance/casework/views/context.py").exists():
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("governance.casework.views.context.portal")

# --- data --------------------------------------------------------------------------------------------
# Milliseconds for a statement, a lock and an open transaction in which nothing happens. A page that waits for a lock
# takes one of few places; a command may take as long as it needs.
DATABASE_PATIENCE = {"web": (20_000, 2_000, 30_000), "worker": (900_000, 30_000, 600_000)}
DATABASES = {"default": {**read_database_url(DATABASE_URL), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
be_patient(DATABASES["default"].setdefault("OPTIONS", {}), DATABASE_PATIENCE.get(PROCESS))
CACHES = {"default": {"BACKEND": "governance.caching.SurvivingCache", "LOCATION": REDIS_URL}}

# --- people and sessions -----------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "governance.organisation.visibility.PostBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "governance.passwords.CommonPatternValidator"},
    {"NAME": "governance.passwords.OwnWordsValidator"},
]
LOGIN_URL = "organisation:login"
LOGIN_REDIRECT_URL = "casework:inbox"
LOGOUT_REDIRECT_URL = "organisation:login"
SESSION_ENGINE = "governance.sessions"
SESSION_COOKIE_AGE = 60 * int(
    env("PORTAL_IDLE_MINUTES", "30", "Minutes without a click after which one is logged out.")
)
SESSION_HOURS = int(
    env("PORTAL_SESSION_HOURS", "12", "Hours after a login at which one is logged out, however busy.")
)
SESSIONS_PER_PERSON = int(
    env("PORTAL_SESSIONS_PER_PERSON", "5", "Places at which one person may be logged in; the oldest ends.")
)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SAMESITE = "Lax"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# Grants are read through the direct-foreign-key table by the kernel's own question, not by a backend.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
LOGIN_ATTEMPTS = int(env(
    "PORTAL_LOGIN_ATTEMPTS", "5", "Wrong passwords for a name from one address or browser after which it is locked."
))
LOGIN_ATTEMPTS_NAME = int(env(
    "PORTAL_LOGIN_ATTEMPTS_NAME", "20", "Wrong passwords for a name from all addresses after which it is locked."
))
LOGIN_ATTEMPTS_ADDRESS = int(env(
    "PORTAL_LOGIN_ATTEMPTS_ADDRESS", "30", "Wrong passwords from one address after which it is locked for every name."
))
LOCK_MINUTES = int(env("PORTAL_LOCK_MINUTES", "15", "Minutes within which they count, and for which it stays locked."))
KEEP_LOGINS_DAYS = int(env("PORTAL_KEEP_LOGINS", "180", "Days for which the login log is kept; never fewer than 180."))
SECOND_FACTOR_DEMANDED = env_bool(
    "PORTAL_SECOND_FACTOR", not DEMO,
    "Administrators, leaders, office and clerks may not work without a second factor; 0: it is offered only.",
)
# Wrong codes are counted in the login log, like wrong passwords.
OTP_TOTP_THROTTLE_FACTOR = 0
# Django-axes asks before a password is compared; what is counted is the portal's own log.
AXES_HANDLER = "governance.organisation.views.locking.Handler"
AXES_CLIENT_IP_CALLABLE = "governance.addresses.address_of"
AXES_LOCKOUT_CALLABLE = "governance.organisation.views.locking.locked"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_COOLOFF_TIME = LOCK_MINUTES / 60
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HTTP_RESPONSE_CODE = 429

# --- transport and content security ------------------------------------------------------------------
TLS = env_bool("PORTAL_TLS", False, "The portal is reached over HTTPS: secure cookies, redirect, HSTS.")
TRUSTED_PROXIES = env_list(
    "PORTAL_TRUSTED_PROXIES", usual_proxies(TLS),
    "Addresses or networks of the reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    told="127.0.0.1,::1 with PORTAL_TLS, else none",
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
# With this prefix a browser takes the cookie from this host over HTTPS only; no neighbour can set another one.
if TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = (
        f"__Host-{name}" for name in ("sessionid", "csrftoken", "django_language")
    )
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# A body as a whole is bounded by the front (PORTAL_MAX_BODY_MB), a file by its form; this bounds everything else.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- language, time, files ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["governance.formats"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("PORTAL_STATIC", None, "Folder of collected static files; empty: they are served in place.")
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_MANIFEST_STRICT = False
STATICFILES_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_ROOT and not DEBUG
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE},
}

# --- mail --------------------------------------------------------------------------------------------
EMAIL_HOST = env("EMAIL_HOST", "", "Mail server; empty: mails are written to files in the data folder.")
EMAIL_PORT = int(env("EMAIL_PORT", "25", "Port of the mail server."))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "", "User at the mail server.")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "", "Password at the mail server.")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False, "STARTTLS with the mail server.")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "portal@localhost", "Sender of mails.")
EMAIL_BACKEND = (
    "governance.mailing.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_ROOT / "mail"
PUBLIC_URL = env(
    "PORTAL_URL", f"http://{HOST}:{PORT}", "Address of the portal as it stands in mails.",
    told="http://PORTAL_HOST:PORTAL_PORT",
)

# --- interfaces --------------------------------------------------------------------------------------
METRICS_TOKEN = env("PORTAL_METRICS_TOKEN", "", "Token with which Prometheus reads /metrics; empty: there is none.")
API_RATE = env("PORTAL_API_RATE", "600/min", "Calls of the interface for each token: number/sec, min, hour.")
WEBHOOK_ALLOW_LOCAL = env_bool(
    "PORTAL_WEBHOOK_LOCAL", False, "Webhooks may go to this machine itself (loopback, link-local); for trials only."
)
KEEP_MESSAGES_DAYS = int(
    env("PORTAL_KEEP_MESSAGES", "180", "Days after which messages in the portal and mails that were sent are removed.")
)
KEEP_DELIVERIES_DAYS = int(
    env("PORTAL_KEEP_DELIVERIES", "90", "Days after which deliveries of webhooks and their log are removed.")
)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "governance.organisation.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "governance.organisation.api.parsers.BoundedJSON", "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"caller": API_RATE},
    "EXCEPTION_HANDLER": "governance.organisation.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("Township governance portal"),
    "DESCRIPTION": _(
        "Every client acts as an account with posts and sees what these posts see. What a rule of the work refuses "
        "is answered with 409 and a permanent code. docs/api.md tells how to begin."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "TAGS": [
        {"name": "units", "description": _("Units")},
        {"name": "matters", "description": _("Matters")},
        {"name": "acts", "description": _("Acts on matters")},
        {"name": "inbox", "description": _("Inbox and messages")},
        {"name": "clocks", "description": _("Clocks")},
        {"name": "disputes", "description": _("Disputes")},
        {"name": "figures", "description": _("Figures")},
        {"name": "webhooks", "description": _("Outgoing messages (webhooks)")},
    ],
    "ENUM_NAME_OVERRIDES": {
        "UnitLevelEnum": "governance.organisation.models.UnitLevel",
        "ExtensionStateEnum": "governance.casework.models.Extension.State",
        "RollupStateEnum": "governance.reporting.models.RollupVersion.State",
    },
}

# --- background work: acknowledged late, so that a killed worker loses nothing -------------------------
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# What talks to machines outside has a queue of its own: it may wait for them, and holds nothing else up.
CELERY_TASK_ROUTES = {
    "governance.casework.tasks.deliver_webhooks": {"queue": "outward"},
    "governance.casework.tasks.send_messages": {"queue": "outward"},
}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "governance.scheduling.DatabaseScheduler"

# --- logs --------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"not-readiness": {"()": "django.utils.log.CallbackFilter", "callback": is_not_readiness}},
    "formatters": {"json": {"()": "governance.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("PORTAL_LOG_LEVEL", "WARNING", "Level of the log.")},
    "loggers": {
        # Django's own handlers would print a second line, and mail the query string to administrators.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"filters": ["not-readiness"]},
        "django.server": {"handlers": [], "propagate": True},
        # One line for each call of the interface and each delivery of a webhook, whatever the level.
        "portal.api": {"level": "INFO"},
        "portal.webhooks": {"level": "INFO"},
    },
}
