"""`evenkeel do incidents.resolve INC-7 --solution "Restarted the queue" --as carl`"""

import argparse
import sys
from typing import Any

from django.core.files import File
from django.forms import BooleanField, Field, FileField
from django.utils.choices import CallableChoiceIterator

from evenkeel.core.cli.saying import Refused, as_dict, as_json
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Denied, Invalid, Stale, registry


class _Help(argparse.Action):
    """What the verb asks for that was named before it, else how the command is given."""

    def __call__(self, parser: argparse.ArgumentParser, options: Any, *_: Any) -> None:
        action = registry.get(str(getattr(options, "verb", "")))
        (_parser(action) if action else parser).print_help()
        parser.exit()


def add_to(commands: Any) -> None:
    """Declare the command; the options of each verb are known once the verb is."""
    parser = commands.add_parser(
        "do", help="do a verb: do incidents.resolve INC-7 --as LOGIN …", add_help=False
    )
    parser.add_argument("verb", help="collection.verb, e.g. incidents.resolve")
    parser.add_argument("number", nargs="?", help="the record; left out where one is recorded")
    parser.add_argument("--as", dest="login", required=True, help="the account that does it")
    parser.add_argument("--version", type=int, help="refuse if the record is in another version")
    parser.add_argument("--json", action="store_true", help="print the record, as show does")
    parser.add_argument(
        "-h", "--help", nargs=0, action=_Help, help="after a verb: what it asks for"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do one verb and say where the record stands."""
    action = registry.get(options.verb)
    if action is None:
        raise Refused(_unknown(options.verb))
    return _do(action, options)


def _unknown(name: str) -> str:
    """That there is no such verb, and which there are: of its collection, if there is one."""
    collection, _, _ = name.partition(".")
    verbs = sorted(one for one in registry if one.startswith(f"{collection}."))
    if verbs:
        return f"There is no verb {name}. Verbs of {collection}: {', '.join(verbs)}."
    there = ", ".join(sorted({one.partition(".")[0] for one in registry}))
    return f"There is no verb {name}. A verb is COLLECTION.VERB; the collections: {there}."


def _do(action: Action, options: argparse.Namespace) -> int:
    by = account(options.login)
    record = _record(action, options.number, by)
    asked = action.model(requester=by) if action.creates else record
    if not (may := action.who(by, asked)):
        raise Refused(may.reason)  # before a word about the inputs
    given, files = _inputs(action, options.rest)
    try:
        record = action(
            record,
            by=by,
            via=Via.COMMAND,
            expected_version=options.version,
            **action.clean(given, by=by, files=files),
        )
    except (Denied, Stale, Invalid) as refusal:
        raise Refused(str(refusal)) from refusal
    finally:
        for file in files.values():
            file.close()
    if options.json:
        extra = {"remark": record.remark, "told": record.told}
        told = {name: said for name, said in extra.items() if said}
        sys.stdout.write(f"{as_json(as_dict(record, by) | told)}\n")
        return 0
    sys.stdout.write(f"{record.number} is {action.lifecycle.label(record.state).lower()}\n")
    for said in filter(None, (record.remark, record.told)):
        sys.stdout.write(f"{said}\n")
    return 0


def account(login: str) -> User:
    """The account of that login. Raises Refused where there is none that may sign in."""
    user = User.objects.filter(username__iexact=login, is_active=True).first()
    if user is None:
        raise Refused(f"There is no account {login!r} that may sign in.")
    return user


def _record(action: Action, number: str | None, by: User) -> Record:
    if action.creates:
        if number:
            raise Refused(f"{action.name} makes a new record; leave out {number}.")
        return action.model()
    if not number:
        raise Refused(f"{action.name} needs the number of a record.")
    record = readable.one(action.model, number.upper(), by)
    if not isinstance(record, Record):
        raise Refused(f"There is no {action.model._meta.verbose_name} {number}.")
    return record


def _inputs(action: Action, rest: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The verb's inputs from its options; only what was given, so that `edit` edits only that."""
    fields = action.form_class.base_fields
    given = {k: v for k, v in vars(_parser(action).parse_args(rest)).items() if v is not None}
    files = {k: _opened(given.pop(k)) for k in list(given) if isinstance(fields[k], FileField)}
    return given, files


def _parser(action: Action) -> argparse.ArgumentParser:
    """The options of a verb: its inputs."""
    number = "" if action.creates else " NUMBER"
    parser = argparse.ArgumentParser(
        f"evenkeel do {action.name}{number} --as LOGIN", description=action.help, add_help=False
    )
    for name, field in action.form_class.base_fields.items():
        option, told = f"--{name.replace('_', '-')}", _told(field)
        if isinstance(field, BooleanField):
            yes_or_no = argparse.BooleanOptionalAction
            parser.add_argument(option, dest=name, action=yes_or_no, default=None, help=told)
        else:
            parser.add_argument(option, dest=name, help=told)
    return parser


def _told(field: Field) -> str:
    """What an option asks for; choices that are data, not code, are left to the refusal."""
    choices: Any = getattr(field, "choices", ())
    known = () if isinstance(choices, CallableChoiceIterator) else choices
    listed = [str(value) for value, _ in known if value]
    parts = (
        str(field.help_text or f"{field.label}."),
        f"One of: {', '.join(listed)}." if listed else "",
        "Needed." if field.required else "",
    )
    return " ".join(part for part in parts if part).replace("%", "%%")


def _opened(path: str) -> File:  # type: ignore[type-arg]  # bytes
    try:
        # Closed by `run` when the verb is done.
        return File(open(path, "rb"), name=path.rsplit("/", 1)[-1])
    except OSError as failed:
        raise Refused(f"{path} cannot be read: {failed.strerror}.") from failed
