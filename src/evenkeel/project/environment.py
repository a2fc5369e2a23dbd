"""The settings that come from outside, typed; a wrong one is refused with a sentence.

Every variable named here has its line in docs/operating/settings.md (a test compares)."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from evenkeel.core.database import cluster

T = TypeVar("T")
SHORTEST_KEY = 32
# As `core.people.models.RoleType` has them (a test compares); its models need the settings.
ROLE_TYPES = (
    *("sms_owner", "sms_manager", "process_owner", "process_manager", "case_owner"),
    *("process_staff", "service_owner", "auditor", "privacy", "other"),
)
# Helpers of a query are processes: to start them costs more than almost any of our queries.
NO_HELPERS = "-c max_parallel_workers_per_gather=0"
SECRET = ("DATABASE_URL", "EVENKEEL_MAIL_URL", "EVENKEEL_METRICS_TOKEN", "EVENKEEL_SECRET_KEY")
SHORTEST_TOKEN = 16


class SettingRefused(Exception):
    """A setting is wrong. The text names it, says why, and what would be right."""


@dataclass(frozen=True)
class Mail:
    """The server that sends our mail; no host, no mail."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    ssl: bool = False  # from the first byte, on port 465
    starttls: bool = False


@dataclass(frozen=True)
class Environment:
    """What the deployment decides. Everything else about the software is not a setting."""

    home: Path
    database_url: str
    database_is_ours: bool
    port: int
    listen: str
    hosts: tuple[str, ...]
    workers: int
    secret_key: str
    debug: bool
    pgbouncer: bool
    https: bool
    demo: bool
    time_zone: str
    second_proof: tuple[str, ...]
    mail: Mail
    mail_from: str
    url: str
    backups: Path
    backups_kept: int
    logs: str
    metrics_token: str
    private_feeds: bool
    members_apart: bool


def read(given: Mapping[str, str]) -> Environment:
    """All settings, or the first refusal."""
    home = _one(given, "EVENKEEL_HOME", str(_default_home(given)), _folder)
    port = _one(given, "EVENKEEL_PORT", "8000", _port)
    hosts = _one(given, "EVENKEEL_HOSTS", "localhost,127.0.0.1,[::1]", _list)
    https = _one(given, "EVENKEEL_HTTPS", "no", _truth)
    here = f"https://{hosts[0]}" if https else f"http://{hosts[0]}:{port}"
    return Environment(
        home=home,
        database_url=_one(given, "DATABASE_URL", "", _database_url) or cluster.url(home),
        database_is_ours=not given.get("DATABASE_URL", ""),
        port=port,
        listen=_one(given, "EVENKEEL_LISTEN", "127.0.0.1", _text),
        hosts=hosts,
        workers=_one(given, "EVENKEEL_WORKERS", "2", _count),
        secret_key=_one(given, "EVENKEEL_SECRET_KEY", "", _key) or _stored_key(home),
        debug=_one(given, "EVENKEEL_DEBUG", "no", _truth),
        pgbouncer=_one(given, "EVENKEEL_PGBOUNCER", "no", _truth),
        https=https,
        demo=_one(given, "EVENKEEL_DEMO", "yes", _truth),
        time_zone=_one(given, "EVENKEEL_TIME_ZONE", "UTC", _zone),
        second_proof=_one(given, "EVENKEEL_SECOND_PROOF", "", _role_types),
        mail=_one(given, "EVENKEEL_MAIL_URL", "", _mail),
        mail_from=_one(given, "EVENKEEL_MAIL_FROM", "evenkeel@localhost", _sender),
        url=_one(given, "EVENKEEL_URL", here, _address),
        backups=_one(given, "EVENKEEL_BACKUPS", str(home / "backups"), _path),
        backups_kept=_one(given, "EVENKEEL_BACKUPS_KEPT", "7", _kept),
        logs=_one(given, "EVENKEEL_LOGS", "lines", _logs),
        metrics_token=_one(given, "EVENKEEL_METRICS_TOKEN", "", _token),
        private_feeds=_one(given, "EVENKEEL_PRIVATE_FEEDS", "no", _truth),
        members_apart=_one(given, "EVENKEEL_MEMBERS_APART", "no", _truth),
    )


def not_secret(given: Mapping[str, str]) -> dict[str, str]:
    """Our settings as they were given, without those that are secret."""
    ours = (name for name in sorted(given) if name.startswith("EVENKEEL_") and name not in SECRET)
    return {name: given[name] for name in ours}


def database(environment: Environment) -> dict[str, Any]:
    """The database as Django wants it named."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  (see `_database_url`)

    parts = dict(conninfo_to_dict(environment.database_url))
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    found = {ours: parts.pop(theirs, "") or "" for ours, theirs in names.items()}
    direct = not environment.pgbouncer
    if direct:  # PgBouncer would refuse it
        parts["options"] = f"{parts.get('options') or ''} {NO_HELPERS}".strip()
    return {
        "ENGINE": "evenkeel.core.database.postgresql",
        **found,
        "PORT": parts.pop("port", "") or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": not direct,
        "OPTIONS": {
            **parts,
            # Statements prepared once, planned once: PostgreSQL's share of a list falls to a
            # quarter. Behind PgBouncer a statement may meet a server that never saw it.
            "server_side_binding": direct,
            "prepare_threshold": 1 if direct else None,
        },
    }


def _one(given: Mapping[str, str], name: str, default: str, parse: Callable[[str], T]) -> T:
    text = given.get(name, "").strip() or default
    try:
        return parse(text)
    except ValueError as fault:
        shown = name if name in SECRET else f"{name}={text}"
        raise SettingRefused(f"{shown} is refused: {fault}") from None


def _default_home(given: Mapping[str, str]) -> Path:
    home = Path(given.get("HOME") or "~").expanduser()
    return Path(given.get("XDG_DATA_HOME") or home / ".local/share") / "evenkeel"


def _path(text: str) -> Path:
    """A folder that may be away for a while, such as a disk that is not mounted."""
    return Path(text).expanduser().absolute()


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ValueError(f"{fault.strerror}; name a folder that this account may write.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ValueError("this account may not write there; name another folder.")
    return path


def _database_url(text: str) -> str:
    if not text:
        return ""  # our own
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("write it as postgresql://user:password@host:5432/name.")
    # Large, and needed only where a database is named: the process that watches has none of it.
    from psycopg import ProgrammingError  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        parts = conninfo_to_dict(text)
    except ProgrammingError:
        raise ValueError("write it as postgresql://user:password@host:5432/name.") from None
    if not parts.get("dbname"):
        raise ValueError("it names no database; write …host:5432/name.")
    return text


def _text(text: str) -> str:
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write it as https://service.example.org.")
    return text.rstrip("/")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValueError("a port is a number from 1 to 65535.")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise ValueError("give a number from 1 to 64.")
    return int(text)


def _kept(text: str) -> int:
    if not text.isdecimal() or int(text) > 1000:
        raise ValueError("give a number from 0 (no backups by the timetable) to 1000.")
    return int(text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _truth(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("write yes or no.")
    return text.lower() == "yes"


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except Exception:
        raise ValueError("name a time zone such as Europe/Berlin.") from None


def _role_types(text: str) -> tuple[str, ...]:
    named = _list(text.lower())
    if unknown := [name for name in named if name not in ROLE_TYPES]:
        raise ValueError(f"{unknown[0]} is no role type; there are {', '.join(ROLE_TYPES)}.")
    return named


def _mail(text: str) -> Mail:
    if not text:
        return Mail()
    wrong = ValueError("write it as smtp://user:password@host:587 or smtps://…:465.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise wrong
    ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=port or (465 if ssl else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ssl=ssl,
        starttls=bool(parts.username) and not ssl,
    )


def _sender(text: str) -> str:
    if "@" not in text:
        raise ValueError("give the address that mail comes from, e.g. desk@example.org.")
    return text


def _key(text: str) -> str:
    if text and len(text) < SHORTEST_KEY:
        raise ValueError(f"it is shorter than {SHORTEST_KEY} characters.")
    return text


def _token(text: str) -> str:
    if text and len(text) < SHORTEST_TOKEN:
        raise ValueError(f"it is shorter than {SHORTEST_TOKEN} characters.")
    return text


def _logs(text: str) -> str:
    if text not in {"lines", "json"}:
        raise ValueError("write lines or json.")
    return text


def _stored_key(home: Path) -> str:
    """Made once and kept in the data folder, readable for its owner alone."""
    file = home / "secret-key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as new:
        new.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
