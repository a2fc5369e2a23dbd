"""Files that somebody has handed in on a page: looked at, tried out, and then imported.

A draft is a working copy, not evidence: what was imported is on record as an import of its own.
Its files lie in a folder of their own until they are in, its refusals file until it is discarded.
"""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.files import File
from django.db import models
from django.utils import timezone
from django.utils.text import get_valid_filename

from evenkeel.core.imports import shelf
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.profile import Profile, WrongProfile
from evenkeel.core.imports.recognise import Source, recognise_all
from evenkeel.core.imports.running import check_may_import
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.core.schemes import retention

OWN = "own.toml"  # a profile that was handed in with the files
REFUSALS = "refusals.csv"
ENDINGS = (".csv", ".csv.gz", ".csv.xz")
MOST_FILES, LARGEST = 20, 2_000_000_000  # bytes of all files together
KEPT = timedelta(days=30)  # since something happened to it, where no rules say otherwise
_PIECE = 1 << 20
Handed = Sequence[File]  # type: ignore[type-arg]  # bytes; Django's stub wants AnyStr


class Stage(models.TextChoices):
    """Where a draft stands; `writes` says whether it is only tried out."""

    READY = "ready", "Ready"
    WAITING = "waiting", "Waiting for the worker"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class ImportDraft(models.Model):
    """The files of one import that is not yet one."""

    key = models.CharField(max_length=24, unique=True)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    profile = models.CharField(max_length=80)  # one of the shelf, or OWN
    files = models.JSONField(default=list)  # name and size of each
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.READY)
    writes = models.BooleanField(default=False)
    part = models.FloatField(default=0)  # read of all files, from 0 to 1
    rows = models.PositiveBigIntegerField(default=0)
    figures = models.JSONField(default=dict)  # kind -> created, changed, unchanged, refused
    notes = models.JSONField(default=dict)
    told = models.TextField(blank=True)  # why it failed
    run = models.ForeignKey(ImportRun, models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="draft_changed")]

    def __str__(self) -> str:
        return f"{self.key}: {', '.join(one['name'] for one in self.files)}"

    @property
    def folder(self) -> Path:
        return Path(settings.EVENKEEL_HOME) / "imports" / self.key

    @property
    def refusals(self) -> Path:
        return self.folder / REFUSALS

    @property
    def refused(self) -> int:
        return sum(rows.get("refused", 0) for rows in self.figures.values())

    @property
    def is_busy(self) -> bool:
        return self.stage in {Stage.WAITING, Stage.RUNNING}

    @property
    def is_tried(self) -> bool:
        """Was it tried out to the end, and not imported yet?"""
        return self.stage == Stage.DONE and not self.writes

    @property
    def is_in(self) -> bool:
        return self.stage == Stage.DONE and self.writes


def begin(user: User, files: Handed, profile: str, own: File | None = None) -> ImportDraft:  # type: ignore[type-arg]
    """Keep what was handed in. Raises Denied, and Invalid with what is wrong with which field."""
    check_may_import(user)
    now = timezone.now()
    draft = ImportDraft(
        key=secrets.token_urlsafe(12), by=user, made_at=now, changed_at=now,
        profile=OWN if own else profile,
    )  # fmt: skip
    _check(files, profile, has_own=own is not None)
    draft.folder.mkdir(parents=True, mode=0o700)
    try:
        if own:
            _keep(own, draft.folder / OWN)
        for file in files:
            name = _free(draft, get_valid_filename(Path(file.name or "file.csv").name)[-120:])
            draft.files.append({"name": name, "size": _keep(file, draft.folder / name)})
        profile_of(draft)
    except (OSError, WrongProfile) as error:
        shutil.rmtree(draft.folder, ignore_errors=True)
        if isinstance(error, WrongProfile):
            raise Invalid({"own": [str(error)]}) from error
        raise Invalid({"files": [f"They could not be kept: {error.strerror}."]}) from error
    draft.save()
    return draft


def profile_of(draft: ImportDraft) -> Profile:
    """The mapping profile of a draft. Raises WrongProfile."""
    if draft.profile == OWN:
        return Profile.read(draft.folder / OWN)
    path = shelf.profiles().get(draft.profile)
    if path is None:
        raise WrongProfile(f"There is no profile {draft.profile} any more.")
    return Profile.read(path)


def sources_of(draft: ImportDraft, profile: Profile) -> tuple[list[Source], list[str]]:
    """What the files hold, and a sentence for each that the profile does not know."""
    return recognise_all(profile, [draft.folder / one["name"] for one in draft.files])


def discard(draft: ImportDraft) -> None:
    """Take it away, with its files."""
    draft.delete()
    shutil.rmtree(draft.folder, ignore_errors=True)


def forget_old() -> None:
    """Take away what nobody has touched for long, and folders that belong to no draft."""
    now = timezone.now()
    kept = timedelta(days=retention.rules(now).days("import_files"))
    for draft in ImportDraft.objects.filter(changed_at__lt=now - kept):
        discard(draft)
    home = Path(settings.EVENKEEL_HOME) / "imports"
    known = set(ImportDraft.objects.values_list("key", flat=True))
    for folder in home.iterdir() if home.is_dir() else ():
        is_old = now.timestamp() - folder.stat().st_mtime > kept.total_seconds()
        if folder.name not in known and is_old:
            shutil.rmtree(folder, ignore_errors=True)


def _check(files: Handed, profile: str, *, has_own: bool) -> None:
    wrong: dict[str, list[str]] = {}
    if not files:
        wrong["files"] = ["Choose at least one file."]
    elif len(files) > MOST_FILES:
        wrong["files"] = [f"These are {len(files)} files; at most {MOST_FILES} go at once."]
    elif sum(file.size for file in files) > LARGEST:
        wrong["files"] = ["Together they are larger than 2 GB; pack them (.gz), or split them."]
    elif told := list(_unfit(files)):
        wrong["files"] = told
    if not has_own and profile not in shelf.profiles():
        wrong["profile"] = ["Say from which system they come, or hand in a profile of your own."]
    if wrong:
        raise Invalid(wrong)


def _unfit(files: Handed) -> Iterable[str]:
    for file in files:
        if not (file.name or "").lower().endswith(ENDINGS):
            yield f"{file.name} is no CSV file (.csv, .csv.gz or .csv.xz)."
        elif not file.size:
            yield f"{file.name} is empty."


def _free(draft: ImportDraft, name: str) -> str:
    """A name that none of the draft's files has yet."""
    taken = {one["name"] for one in draft.files} | {OWN, REFUSALS}
    return name if name not in taken else f"{len(taken)}-{name}"


def _keep(file: File, place: Path) -> int:  # type: ignore[type-arg]
    size = 0
    with place.open("wb") as target:
        for piece in file.chunks(_PIECE):
            target.write(piece)
            size += len(piece)
    return size
