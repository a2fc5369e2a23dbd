"""Drafts are tried out and imported by the worker, imports undone; pages show how far it is."""

import time
from pathlib import Path
from typing import Any

from django.utils import timezone

from evenkeel.core.imports import drafts, running, undoing
from evenkeel.core.imports.drafts import ImportDraft, Stage
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.profile import WrongProfile
from evenkeel.core.imports.progress import SoFar
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.running import Busy
from evenkeel.core.jobs import LONG, every, long_job
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied, within

_TELL_EVERY = 0.5  # seconds


def start(draft: ImportDraft, *, writes: bool) -> None:
    """Ask the worker for it; what is running is not started twice."""
    changed = ImportDraft.objects.filter(pk=draft.pk).exclude(
        stage__in=(Stage.WAITING, Stage.RUNNING)
    )
    now = timezone.now()
    fresh = {"part": 0, "rows": 0, "figures": {}, "notes": {}, "told": ""}
    if changed.update(stage=Stage.WAITING, writes=writes, changed_at=now, **fresh):
        bring_in.defer(draft=draft.pk)


@long_job
def bring_in(draft: int) -> None:
    """Try a draft out, or import it."""
    found = ImportDraft.objects.filter(pk=draft, stage__in=(Stage.WAITING, Stage.RUNNING)).first()
    if found is None:  # discarded, or done by a worker that was taken for dead
        return
    try:
        _run(found)
    except Busy as told:
        _tell(found, stage=Stage.WAITING, told=str(told))
        raise
    except (Denied, WrongProfile, OSError, EOFError) as told:
        _tell(found, stage=Stage.FAILED, told=str(told))


@long_job
def take_back(run: int) -> None:
    """Undo an import; begun again, it goes on where it was."""
    undoing.go_on(run)


@every("23 3 * * *", LONG)
def forget_drafts() -> None:
    """Take drafts of imports away that nobody touched for a month."""
    drafts.forget_old()


def _run(draft: ImportDraft) -> None:
    profile = drafts.profile_of(draft)
    sources, _ = drafts.sources_of(draft, profile)
    _tell(draft, stage=Stage.RUNNING, told="")
    draft.refusals.unlink(missing_ok=True)
    intake, _ = running.run(
        profile,
        sources,
        by=draft.by,
        refusals=lambda name: draft.refusals,
        progress=_Teller(draft, sources),
        writes=draft.writes,
    )
    _tell(
        draft,
        stage=Stage.DONE,
        part=1,
        figures={kind: one.as_dict() for kind, one in intake.figures.items()},
        notes=intake.notes,
        run=ImportRun.objects.filter(number=intake.name).first(),
    )
    if draft.writes:  # what is in is in; the other system's texts lie about no longer than needed
        for one in draft.files:
            Path(draft.folder, one["name"]).unlink(missing_ok=True)


class _Teller(SoFar):
    """Writes down how far it is, so that a page can show it."""

    def __init__(self, draft: ImportDraft, sources: list[Source]) -> None:
        super().__init__(sources)
        self.draft, self.next = draft, 0.0

    def __call__(self, source: Source, rows: int) -> None:
        super().__call__(source, rows)
        if time.monotonic() >= self.next:
            self.next = time.monotonic() + _TELL_EVERY
            _tell(self.draft, part=self.part, rows=self.rows)


def _tell(draft: ImportDraft, **said: Any) -> None:
    ImportDraft.objects.filter(pk=draft.pk).update(changed_at=timezone.now(), **said)


def _on_action(record: Record, entry: Entry) -> None:
    if entry.verb == "imports.undo":
        take_back.defer(run=record.pk)


within.append(_on_action)
