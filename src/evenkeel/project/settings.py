"""One file: environment in, typed values out."""

import os
from pathlib import Path

from evenkeel.project import environment

HERE = environment.read(os.environ)

SECRET_KEY = HERE.secret_key
DEBUG = HERE.debug
ALLOWED_HOSTS = list(HERE.hosts)
EVENKEEL_HOME = HERE.home
EVENKEEL_URL = HERE.url  # for the links in mails
METRICS_TOKEN = HERE.metrics_token
PRIVATE_FEEDS = HERE.private_feeds
MEMBERS_APART = HERE.members_apart
BACKUPS, BACKUPS_KEPT = HERE.backups, HERE.backups_kept
# What was set from outside, as far as a backup may tell it.
EVENKEEL_SETTINGS = environment.not_secret(os.environ)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "evenkeel.core",
    # The processes of the service management system. To add one, add its line here.
    "evenkeel.processes.services",
    "evenkeel.processes.incidents",
    # Where two of them meet.
    "evenkeel.handovers",
]
MIDDLEWARE = [
    "evenkeel.core.operation.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "evenkeel.core.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "evenkeel.core.web.errors.Refusals",
]
ROOT_URLCONF = "evenkeel.project.urls"
WSGI_APPLICATION = "evenkeel.project.wsgi.application"
DATABASES = {"default": environment.database(HERE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "evenkeel.core.web.jinja.environment",
            "context_processors": ["evenkeel.core.web.page.frame"],
        },
    },
    {
        # For the mails of allauth alone; its pages are drawn by ours.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# Rooms called `jobs` declare what the worker does.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "evenkeel.core.people.sessions.Backend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "evenkeel.core.people.passwords.NotThePerson"},
    {
        "NAME": "evenkeel.core.people.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "evenkeel.core.people.passwords.NotCommon"},
]
PASSWORD_RESET_DAYS = 3
PASSWORD_RESET_TIMEOUT = PASSWORD_RESET_DAYS * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "evenkeel.core.web.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# core.people.throttle counts, for all web servers together.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_ADAPTER = "evenkeel.core.web.proofs.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "evenkeel.core.web.proofs.CodeForm",
    "reauthenticate": "evenkeel.core.web.proofs.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody makes their own account, so no address is verified, and none has to be.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Evenkeel"
MFA_TOTP_TOLERANCE = 1  # half a minute that a telephone may be fast or slow
SECOND_PROOF_ROLES = HERE.second_proof
CSRF_FAILURE_VIEW = "evenkeel.core.web.errors.forgery"

# Mail is sent only where a server is named.
EMAIL_HOST, EMAIL_PORT = HERE.mail.host, HERE.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = HERE.mail.user, HERE.mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = HERE.mail.ssl, HERE.mail.starttls
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = HERE.mail_from

SESSION_ENGINE = "evenkeel.core.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HERE.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HERE.https else None
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = HERE.time_zone
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("en-gb", "English (United Kingdom)")]

# The assets lie in the package, built and compressed; nothing is collected anywhere.
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parents[1] / "core/web/static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = HERE.debug
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[0-9A-Z]{8}\.[a-z0-9]+$"
MEDIA_ROOT = HERE.home / "attachments"
ATTACHMENT_LIMIT = 25_000_000  # bytes, for one file

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "evenkeel.core.operation.lines.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": HERE.logs}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Of every request, for programs that read logs.
    "loggers": {"evenkeel.requests": {"level": "INFO" if HERE.logs == "json" else "WARNING"}},
}
