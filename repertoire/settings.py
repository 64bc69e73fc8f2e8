"""The only settings file. Everything that differs between machines comes from the environment (docs/operations.md)."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from repertoire import env
from repertoire.logs import FORMATTERS

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT = env.choice("REPERTOIRE_ENV", "production", ["production", "development"]) == "development"
DEBUG = DEVELOPMENT and env.boolean("DEBUG", False)


def development_secret() -> str | None:
    """The key that `manage.py` made for this machine, in development only; production must give its own."""
    path = BASE_DIR / "var" / "secret_key"
    return path.read_text() if DEVELOPMENT and path.exists() else None


SECRET_KEY = env.secret("SECRET_KEY", development_secret())
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEVELOPMENT else None)
# A host that begins with a dot stands for its subdomains too, which an origin writes with a star.
CSRF_TRUSTED_ORIGINS = env.origins(
    "CSRF_TRUSTED_ORIGINS", ",".join(f"https://{'*' if host[0] == '.' else ''}{host}" for host in ALLOWED_HOSTS)
)

# What gunicorn takes from here (repertoire/gunicorn.py), so that every way to start refuses the same values.
PORT = env.integer("PORT", 8000, 1, 65535)
BIND = env.binding("BIND", f"127.0.0.1:{PORT}")
METRICS_BIND = env.text("METRICS_BIND", "") and env.binding("METRICS_BIND", "")
if METRICS_BIND.startswith("unix:"):
    env.refuse("METRICS_BIND", "host:port", METRICS_BIND)
if METRICS_BIND and METRICS_BIND.rpartition(":")[2] == BIND.rpartition(":")[2]:
    raise ImproperlyConfigured("METRICS_BIND is another port than BIND: metrics are not for visitors.")
WEB_PROCESSES = env.integer("WEB_PROCESSES", 2, 1, 64)
WEB_THREADS = env.integer("WEB_THREADS", 8, 1, 64)
# Seconds between « not ready any more » and the end, for whoever sends visitors to hear of it.
STOP_DELAY = env.integer("STOP_DELAY", 0 if DEVELOPMENT else 5, 0, 300)
# Which addresses these processes answer (initiatives/core/admission.py).
PROCESS_GROUP = env.choice("PROCESS_GROUP", "tout", ["tout", "public", "atelier"])
# After so many requests a process is replaced, and never in the middle of an import.
MAX_REQUESTS = env.integer("MAX_REQUESTS", 0, 0, 1_000_000)
if MAX_REQUESTS and PROCESS_GROUP != "public":
    raise ImproperlyConfigured("MAX_REQUESTS asks for PROCESS_GROUP=public: an import takes as long as it needs.")

INSTALLED_APPS = [
    "initiatives.apps.WorkshopConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "initiatives.apps.InitiativesConfig",
]

MIDDLEWARE = [
    "initiatives.core.watching.requests.Told",
    "initiatives.middleware.Bounds",
    # Before all others, so that no answer goes without them: a redirection to https, a host refused, a file.
    "initiatives.middleware.PrivacyHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "initiatives.middleware.Sessions",
    "initiatives.middleware.Language",
    "initiatives.middleware.OneGroup",
    "initiatives.middleware.Unavailable",
    "initiatives.middleware.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "initiatives.middleware.SeenTexts",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

# The largest request: a form, and the page that imports a spreadsheet (its file, and what a browser wraps around it).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
MAX_IMPORT_BYTES = 5_100_000

ROOT_URLCONF = "repertoire.urls"
WSGI_APPLICATION = "repertoire.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "repertoire.templates.LanguageLoader",
                    ["repertoire.templates.DedentedLoader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "initiatives.views.context.site",
            ],
        },
    },
]


# What a pooler in front of the database hands out: a connection for as long as one is kept, or for each transaction.
DATABASE_POOLER = env.choice("DATABASE_POOLER", "session", ["session", "transaction"])


def libpq(name: str, url: str) -> dict[str, str]:
    """The parts of a libpq address (postgresql://user:password@host:port/name), which may name several hosts."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:  # its message holds the whole address, password included
        parts = {}
    ports = [port for port in str(parts.get("port", "")).split(",") if port]
    if not parts.get("dbname") or not all(port.isdecimal() and 1 <= int(port) <= 65535 for port in ports):
        env.refuse(name, "a PostgreSQL address that names a database: postgresql://user:password@host:port/name")
    return parts


def database(writes: dict[str, str], reads: dict[str, str]) -> dict:
    """Django's description of the database: where it is written and, where that is not the same, where it is read.

    Of several hosts the one that may be written is looked for, or one that only copies it.
    """
    for parts, wanted in ((writes, "read-write"), (reads, "prefer-standby")):
        several = "," in parts.get("host", "") + parts.get("hostaddr", "")
        parts.setdefault("target_session_attrs", wanted if several else "any")
    other = {name: value for name, value in reads.items() if writes.get(name) != value}
    known = {key: writes.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "initiatives.core.database",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": str(known["port"]),
        # A cursor of the server outlives its transaction only on a connection that is kept.
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLER == "transaction",
        "OPTIONS": {
            # Values travel apart from the statement, so that no search term reaches a log of the server.
            "server_side_binding": True,
            # What is asked again and again is parsed once for each connection that is kept.
            "prepare_threshold": None if DATABASE_POOLER == "transaction" else 2,
            "pool": {
                "min_size": 1,
                "max_size": env.integer("DATABASE_POOL", WEB_THREADS, 1, 200),
                "timeout": env.integer("DATABASE_TIMEOUT", 1, 1, 60),  # seconds
                "max_lifetime": 600,  # seconds: a copy that came back is read again
            },
            "reads": other,
            # A host that is gone says nothing: how long until that is noticed, in seconds and milliseconds.
            "connect_timeout": 2,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 3_000,
            **writes,
        },
    }


_writes = env.text("DATABASE_URL")
_reads = env.text("DATABASE_READ_URL", "") or _writes
DATABASES = {"default": database(libpq("DATABASE_URL", _writes), libpq("DATABASE_READ_URL", _reads))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# French is the language of the code's own texts; English lives in locale/en. The address alone chooses (/en/…).
LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", "Français"), ("en", "English")]
FORMAT_MODULE_PATH = "repertoire.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Toronto"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

# Staff prove a second factor, everywhere but on a developer's own machine.
SECOND_FACTOR = env.boolean("SECOND_FACTOR", not DEVELOPMENT)
if not (SECOND_FACTOR or DEVELOPMENT):
    raise ImproperlyConfigured("SECOND_FACTOR cannot be turned off in production.")
OTP_TOTP_ISSUER = "Répertoire"
# Five wrong passwords close an account to the address that they came from, for fifteen minutes: not to a whole office.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "initiatives.hearing.client.address"
AXES_LOCKOUT_CALLABLE = "initiatives.views.errors.locked_out"
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# A visitor gets no cookie: staff cookies are bound to the admin's path. Only plain http at home differs.
ADMIN_PATH = "admin/"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{ADMIN_PATH}"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_ENGINE = "initiatives.core.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", not DEVELOPMENT)
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 0 if DEVELOPMENT else 31_536_000, 0, 63_072_000)
# The domain may be a ministry's: what binds its other sites, for years, is for its owner to ask.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.boolean("SECURE_HSTS_PRELOAD", False)
if SECURE_HSTS_PRELOAD and not (SECURE_HSTS_INCLUDE_SUBDOMAINS and SECURE_HSTS_SECONDS >= 31_536_000):
    raise ImproperlyConfigured(
        "SECURE_HSTS_PRELOAD asks for SECURE_HSTS_INCLUDE_SUBDOMAINS=1 and SECURE_HSTS_SECONDS of a year (31536000)."
    )
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # they ask for these two
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
CSRF_FAILURE_VIEW = "initiatives.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie outside the admin's path
X_FRAME_OPTIONS = "DENY"
# The sites that may show /integrer/ inside their own pages; none by default, and never every one.
EMBED_ORIGINS = env.origins("EMBED_ORIGINS", "")
# How many proxies stand before the server: 0 trusts the connection's own address alone.
PROXY_DEPTH = env.integer("PROXY_DEPTH", 0, 0, 10)
if env.boolean("BEHIND_HTTPS_PROXY", False):
    if not PROXY_DEPTH:
        raise ImproperlyConfigured(
            "BEHIND_HTTPS_PROXY=1 asks for PROXY_DEPTH=1 or more: else every visitor has the proxy's address, "
            "and the limits of one are those of all (see docs/operations.md)."
        )
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Where the site lives: the first part of every whole address that leaves it (initiatives/core/addresses.py), hence of
# every identifier. It is not guessed where there are several hosts to choose from.
_schemes = ("https", "http") if DEVELOPMENT else ("https",)
_alone = f"https://{ALLOWED_HOSTS[0]}" if len(ALLOWED_HOSTS) == 1 and ALLOWED_HOSTS[0][0] != "." else None
_home = f"http://127.0.0.1:{PORT if BIND.startswith('unix:') else BIND.rpartition(':')[2]}"
SITE_URL = env.url("SITE_URL", _home if DEVELOPMENT else _alone, *_schemes)

# E-mail leaves for the campaigns alone. On a developer's machine it is printed.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "repertoire@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is told of faults and of what is late (manage.py tell_faults).
ADMINS = [(address, address) for address in env.emails("ADMINS")]
if ADMINS and not (DEVELOPMENT or EMAIL_HOST):
    raise ImproperlyConfigured("ADMINS asks for EMAIL_HOST: who is told is told by e-mail (see docs/operations.md).")
EMAIL_CONFIGURED = DEVELOPMENT or bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PER_MINUTE = env.integer("EMAIL_PER_MINUTE", 30, 1, 1000)
# Who signs them, and a telephone number that tells whether they are real; without one they give none.
MINISTRY_NAME = env.line("MINISTRY_NAME") or "Ministère de la Santé et des Services sociaux"
MINISTRY_PHONE = env.telephone("MINISTRY_PHONE")

# How long the name and e-mail of who wrote to us are kept after the decision, in days.
CONTACT_RETENTION_DAYS = env.integer("CONTACT_RETENTION_DAYS", 90, 1, 365)
# Who stands behind the directory: the foot of every page says what is given here, and nothing else.
RUN_BY, RUN_BY_EN = env.line("RUN_BY"), env.line("RUN_BY_EN")
RUN_SINCE = env.day("RUN_SINCE")
CONTACT_EMAIL = env.email("CONTACT_EMAIL")
if RUN_BY_EN and not RUN_BY:
    raise ImproperlyConfigured("RUN_BY_EN asks for RUN_BY: the name in French (see docs/operations.md).")
# Who reads what is told of a weakness: /.well-known/security.txt, absent where nobody is.
SECURITY_CONTACT = env.contacts("SECURITY_CONTACT") or [f"mailto:{CONTACT_EMAIL}"] * bool(CONTACT_EMAIL)

# Where « Quitter rapidement » leads: neutral, and the same for everybody.
# Sentences are read by a model where its package runs; 0 keeps the search to words.
READ_SENTENCES = env.boolean("READ_SENTENCES", True)
# Up to how many public fiches a process answers the list from its memory; 0 leaves all of it to the database.
INDEX_MAX = env.integer("INDEX_MAX", 20_000, 0, 1_000_000)
# Pages set aside for when the database is away (initiatives/views/reserve.py).
_reserve = env.text("RESERVE", str(BASE_DIR / "var" / "reserve.zip"))
RESERVE = None if _reserve == "none" else Path(_reserve)
os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy is loaded: a search takes one core, not all of them
QUICK_EXIT_URL = env.url("QUICK_EXIT_URL", "https://www.google.ca/", "https", path=True)

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
LOG_FORMAT = env.choice("LOG_FORMAT", "text" if DEVELOPMENT else "json", ["json", "text"])
LOG_REQUESTS = env.boolean("LOG_REQUESTS", not DEVELOPMENT)
SLOW_STATEMENT = env.integer("SLOW_STATEMENT", 500, 0, 60_000)
# Not one value reaches a log (logs.py). Nothing is mailed: Django's own mail of an error holds the whole request.
SILENT = {"handlers": ["nowhere"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": FORMATTERS[LOG_FORMAT]}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "discreet"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": []},
        "repertoire.acces": {
            "handlers": ["console"],
            "propagate": False,
            "level": "INFO" if LOG_REQUESTS else "CRITICAL",
        },
        "django.server": {"handlers": ["console"], "propagate": False},
        # Whoever makes up a host would fill the log with it.
        "django.security.DisallowedHost": SILENT,
        # Its messages hold the name typed at the door, which may be a password. The workshop keeps the attempts.
        "axes": SILENT,
    },
}
