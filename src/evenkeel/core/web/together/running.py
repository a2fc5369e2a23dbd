"""Asking for a verb for several records, and doing it: each once, whatever happens in between."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Action, Denied, Invalid, Stale
from evenkeel.core.web import once
from evenkeel.core.web.together.choosing import Pick
from evenkeel.core.web.together.models import Batch, BatchResult

AT_ONCE = 20  # more than that are done by a job, and the page shows how far it is


def given(action: Action, sent: Mapping[str, str]) -> dict[str, str]:
    """What was filled in: what is left empty stays as it is in each record."""
    names = action.form_class.base_fields
    return {name: sent[name] for name in names if sent.get(name)}


def ask(
    action: Action,
    picks: Sequence[Pick],
    inputs: Mapping[str, Any],
    *,
    by: User,
    mark: str,
    via: str = Via.PAGE,
) -> Batch:
    """Take down what is asked, once for each form. Raises Invalid and `once.SentBefore`."""
    action.clean(inputs, by=by)
    with transaction.atomic():
        once.claim(mark, by)
        batch = Batch.objects.create(
            person=by,
            verb=action.name,
            via=via,
            inputs=dict(inputs),
            picks=list(picks),
            asked_at=timezone.now(),
        )
        once.keep(mark, batch.address)
    return batch


def run(batch: Batch) -> None:
    """Do it to each record of which nothing is known yet; a second runner does nothing twice."""
    if batch.ended_at:
        return
    try:
        inputs = batch.action.clean(batch.inputs, by=batch.person)
    except Invalid as refused:  # it was accepted when it was asked; what it names is gone since
        for number, _ in batch.left():
            _note(batch, number, _words(refused))
    else:
        for number, version in batch.left():
            _do(batch, number, version, inputs)
    Batch.objects.filter(pk=batch.pk).update(ended_at=timezone.now())


def _do(batch: Batch, number: str, version: int | None, inputs: dict[str, Any]) -> None:
    """The result is written with what it tells of: either both are there or neither is."""
    action = batch.action
    try:
        with transaction.atomic():
            if not _note(batch, number):
                return
            record = readable.one(action.model, number, batch.person)
            if record is None:
                raise Denied("There is no such record, or it is not yours to see.")
            action(record, by=batch.person, via=batch.via, expected_version=version, **inputs)
    except (Denied, Invalid, Stale) as refused:
        _note(batch, number, _words(refused))


def _note(batch: Batch, number: str, refused: str = "") -> bool:
    """False where another runner was faster; it waits for that one's transaction to end."""
    try:
        with transaction.atomic():
            BatchResult.objects.create(batch=batch, number=number, refused=refused[:400])
    except IntegrityError:
        return False
    return True


def _words(refused: Exception) -> str:
    if isinstance(refused, Invalid):
        pairs = refused.errors.items()
        said = [f"{name.replace('_', ' ').capitalize()}: {' '.join(why)}" for name, why in pairs]
        return " ".join(said).removeprefix(": ")
    return str(refused)
