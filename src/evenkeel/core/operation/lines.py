"""Logs as lines of JSON, without personal data.

Names, addresses, titles and what people wrote come into a log by what is filled into a message and
by the text of an exception. So a line has the message as the code has it, filled in with numbers
and names of the code alone, and of an exception its kind and the places that it passed.
"""

import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from evenkeel.core.operation.requests import current

LEFT_OUT = "…"
_OF_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")  # the name of a verb, a job, a module


class JsonLines(logging.Formatter):
    """One line for each message."""

    def format(self, record: logging.LogRecord) -> str:
        """Moment, level, who says it, what, for which request, and the facts that came with it."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if name := current.get():
            line["request"] = name
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            line |= _fault(record.exc_info[1])
        return msgspec.json.encode(line).decode()


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.args, tuple) or not record.args:
        return str(record.msg) if isinstance(record.msg, str) else LEFT_OUT
    try:
        return str(record.msg) % tuple(map(_harmless, record.args))
    except (TypeError, ValueError):
        return str(record.msg)


def _harmless(given: Any) -> Any:
    """As it is where it can say nothing of anybody."""
    if isinstance(given, int | float) or getattr(given, "is_impersonal", False):
        return given
    return given if isinstance(given, str) and _OF_CODE.fullmatch(given) else LEFT_OUT


def _fault(fault: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(fault.__traceback__)
    places = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    kind = f"{type(fault).__module__}.{type(fault).__name__}".removeprefix("builtins.")
    told: dict[str, Any] = {"fault": kind, "where": places}
    if getattr(fault, "is_impersonal", False):
        told["says"] = str(fault)
    cause = fault.__cause__
    return told | ({"because": _fault(cause)} if cause else {})
