"""Settings of every process. Everything that differs between places comes from the environment.

`environs` reads strictly: all wrong or missing variables are reported at once, before anything starts. Each variable may
also come from a file, named in the variable of the same name with `_FILE` after it: `SECRET_KEY_FILE=/run/secrets/…`.
`.env.example` explains every variable.
"""

from pathlib import Path
from typing import Any

import structlog
from environs import FileAwareEnv

from config import armour, mail
from config.engine import CELERY_BEAT_SCHEDULE  # noqa: F401 (Celery reads it here)
from config.logs import without_keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv(eager=False, strip_whitespace=True)
mail.teach(env)

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", "http://127.0.0.1:8000")
LIVE_ADDRESS = env.str("LIVE_ADDRESS", "")
"""Where pages hear that something changed (`config/live.py`); without one they ask by themselves, every some seconds."""
LIVE_KEY = env.str("LIVE_KEY", "")
"""Signs what lets a page listen there, and nothing else: the live process knows this key and not SECRET_KEY."""
BEHIND_TLS = env.bool("BEHIND_TLS", False)

# The runtime role serves; the owner role only migrates, and what serves need not know it (design: two database roles).
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600, conn_health_checks=True)}
if env.str("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = env.dj_db_url("DATABASE_OWNER_URL")
REDIS_URL = env.str("REDIS_URL")
EMAIL = env.mail_server("EMAIL_URL")
SEALING_KEYS: list[str] = env.list("SEALING_KEYS")
"""Ring of `id:base64(32 bytes)`; the first seals, all open. Losing one loses what it sealed."""
DEMO_CLOCK = env.bool("DEMO_CLOCK", False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
MAIL_FROM = env.str("MAIL_FROM", "Homeward <notices@homeward.example>")
WEB_TIMEOUT = env.int("WEB_TIMEOUT", 10)
"""Seconds that an operator's or an organisation's server may take for each step of an answer."""
WAITING_TOO_LONG_HOURS: list[int] = env.list("WAITING_TOO_LONG_HOURS", [24, 72, 168], subcast=int)
"""After how many hours of waiting a group is said aloud, once for each."""
DELIVERY_LEASE_SECONDS = env.int("DELIVERY_LEASE_SECONDS", 60)
"""How long a worker may keep a delivery before another takes it over."""
CHANNEL_VERIFIED_DAYS = env.int("CHANNEL_VERIFIED_DAYS", 90)
"""How long a channel counts as verified after somebody answered behind it."""
HEARTBEAT_URL = env.str("HEARTBEAT_URL", "")
"""Asked once a minute while all is well; whoever watches there hears when that ends."""
RATE_LIMITS: list[str] = env.list("RATE_LIMITS", [])
"""What an operator changes of `config.armour.LIMITS`: `search=120/60,export=30/600`."""
DATABASE_SESSIONS = env.int("DATABASE_SESSIONS", 0)
"""How many sessions of the database all threads of a process share; 0 leaves each thread one of its own."""
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", 30)
"""How long a page may let the database work on one statement; tasks and commands have their own time."""
DUPLICATE_OFFERED_FROM = env.float("DUPLICATE_OFFERED_FROM", 0.6)
"""The likeness, from 0 to 1, from which two people are shown as possibly one (migrants/names/likeness.py has the weights)."""
DUPLICATE_SURE_FROM = env.float("DUPLICATE_SURE_FROM", 0.95)
"""From here an import takes a row for the known person without asking: never on a name alone."""
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")
"""A virus scanner that looks at every upload, as host:port or path of a socket; without one none is asked."""
EGRESS_ALLOWED: list[str] = env.list("EGRESS_ALLOWED", [])
"""Hosts that may stand in our own network although somebody else names them: a sign-in provider of the house."""
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
SECURITY_EXPIRES = env.date("SECURITY_EXPIRES", None)
"""Whom to tell of a hole, as mailto: or https: address, and the day on which that ends (RFC 9116)."""
SINGLE_SIGN_ON: Any = env.json("SINGLE_SIGN_ON", {})
"""OpenID Connect providers by code of organisation: name, issuer, client_id, client_secret, and acr if need be."""
CHANNELS: Any = env.json("CHANNELS", {})
"""Operators of SMS, Telegram and WhatsApp by kind of channel; `.env.example` says what each entry holds."""
PROVIDER_RATES: list[str] = env.list("PROVIDER_RATES", ["sms=10", "telegram=25", "whatsapp=50"])
"""How many messages a second an operator takes; a kind that is not named is not limited."""
env.seal()

DATABASES["default"].update(ATOMIC_REQUESTS=True)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    application_name="homeward",
    options=f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=15s -c idle_in_transaction_session_timeout=120s",
)
if DATABASE_SESSIONS:  # a session that rests keeps 20 to 30 MB in the server; the last one used is the next one given
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 0,
        "max_size": DATABASE_SESSIONS,
        "max_idle": 20,
        "timeout": 10,
    }
DATABASE_ROUTERS: list[str] = []

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = MAIL_FROM

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "phonenumber_field",
    "django_htmx",
    "template_partials",
    "rules",
    "django_structlog",
    "common",
    "accounts",
    "partners",
    "notifications",
    "corridors",
    "migrants",
    "returns",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.compression.BrotliMiddleware",
    "common.headers.Armour",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "common.plain_text.PlainTextMiddleware",
    "accounts.middleware.SignedIn",
    "accounts.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LastUse",
    "django_structlog.middlewares.RequestMiddleware",
    "common.addresses.AddressMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "config.context.page",
            ],
        },
    }
]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "homeward",
    }
}
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("tg", "Тоҷикӣ"), ("uz", "O‘zbekcha")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # every address in a page carries its hash
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = armour.static_file
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["br", "gif", "gz", "jpeg", "jpg", "map", "png", "webp", "woff", "woff2"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HashedFiles"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.StandingAccounts"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody opens an account for themselves, so there is nothing to offer
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", **armour.PASSWORD_RATES}
"""Of failed attempts, the key is the account: for the password, and again for its second factor."""
ACCOUNT_EMAIL_NOTIFICATIONS = False  # accounts.letters tells the owner, in the owner's language
MFA_ADAPTER = "accounts.adapter.SealedSecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.forms.ShowSecondFactor",
    "reauthenticate": "accounts.forms.ShowSecondFactorAgain",
    "activate_totp": "accounts.forms.SetUpApp",
    "login_webauthn": "accounts.forms.SignInByPasskey",
    "authenticate_webauthn": "accounts.forms.ShowPasskey",
    "reauthenticate_webauthn": "accounts.forms.ShowPasskeyAgain",
    "add_webauthn": "accounts.forms.AddAPasskey",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # the pages carry the token themselves
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from beside the process, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS  # below the name of the site nothing else stands
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # the list of browsers takes whole domains: their owner decides, not the site
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = armour.PERMISSIONS_POLICY
CONTENT_SECURITY_POLICY = armour.policy(listening_at=LIVE_ADDRESS, public=PUBLIC_ADDRESS)
LIMITS = armour.limits(RATE_LIMITS)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Without the socket time-outs a half-open link leaves workers deaf.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

API_RATE = "600/min"
"""How often one account may ask the API."""
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.Tokens", "accounts.api.Sessions"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.OneAccount"],
    "DEFAULT_SCHEMA_CLASS": "common.openapi.Described",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsing.CarefulJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "common.problems.answer_problem",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  # nosec B105  # the name of a model
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "hw_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Homeward",
    "DESCRIPTION": (
        "The same acts as the pages, in the same scopes. Refusals are problems (RFC 9457); lists are keyset pages; "
        "a POST with an Idempotency-Key is done once."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "OrganisationKind": "partners.enums.OrganisationKind",
        "ChannelKind": "partners.enums.ChannelKind",
        "NameKind": "migrants.enums.NameKind",
        "NationalityStatus": "migrants.enums.NationalityStatus",
        "DocumentKind": "migrants.enums.DocumentKind",
        "DocumentState": "migrants.enums.DocumentState",
        "ProofKind": "migrants.enums.ProofKind",
        "TestKind": "migrants.enums.TestKind",
        "ConsentPurpose": "migrants.enums.Purpose",
        "NoticeState": "notifications.enums.NoticeState",
        "StepKind": "notifications.enums.StepKind",
        "DeliveryState": "notifications.enums.DeliveryState",
        "CallOutcome": "notifications.enums.CallOutcome",
        "NeedKind": "returns.enums.NeedKind",
        "IncidentKind": "returns.enums.IncidentKind",
        "RoadAnswer": "returns.enums.RoadAnswer",
        "RelationKind": "migrants.enums.RelationKind",
        "EnquiryState": "migrants.enums.EnquiryState",
        "EnquiryAnswer": "migrants.enums.ENQUIRY_ANSWERS",
        "AttachmentKind": "corridors.enums.AttachmentKind",
        "PartyWordKind": "corridors.enums.PartyWordKind",
        "Mode": "corridors.enums.Mode",
        "TravelMode": "migrants.enums.TravelMode",
        "ConsentAnswer": "migrants.enums.Answer",
        "Decision": "corridors.enums.DECISIONS",
        "AnsweredBy": "notifications.enums.AnsweredBy",
        "WrittenDown": "notifications.enums.WRITTEN_DOWN",
        "TestResult": "migrants.enums.TestResult",
        "PictureKind": "migrants.enums.PictureKind",
        "ReferralAnswer": "migrants.enums.ReferralAnswer",
        "ProtectionNeed": "migrants.enums.ProtectionNeed",
        "UploadState": "returns.enums.UploadState",
        "PaperKind": "returns.enums.PaperKind",
        "ConsentHow": "migrants.enums.ConsentHow",
        "ScreeningStage": "migrants.enums.ScreeningStage",
        "ReferralService": "migrants.enums.Service",
        "CaseStage": "returns.enums.CaseStage",
        "CaseOutcome": "returns.enums.CaseOutcome",
        "TaskState": "returns.enums.TaskState",
        "TaskEnded": "returns.enums.TASK_ENDED",
        "OwnerRole": "returns.enums.OwnerRole",
        "CrewRole": "returns.enums.CrewRole",
        "FollowUpStage": "returns.enums.FollowUpStage",
        "FollowUpState": "returns.enums.FollowUpState",
        "FollowUpHow": "returns.enums.FollowUpHow",
        "FollowUpNeed": "returns.follow_ups.ASKED_ABOUT",
        "ReintegrationService": "returns.enums.ReintegrationService",
        "JourneyPaper": "returns.enums.JourneyPaper",
        "NamesToAdd": "returns.serializers.people.NAMES_TO_ADD",
        "FoundResult": "returns.api.laboratory.RESULTS",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                without_keys,
            ],
        }
    },
    "filters": {"refusals": {"()": "config.logs.WithoutTraceOfRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "amqp": {"level": "WARNING"}},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_keys,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_USER_ID_FIELD = "public_id"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
