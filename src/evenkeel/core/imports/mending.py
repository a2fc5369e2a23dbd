"""Refused rows put right on the page: a file of them, handed in like any other."""

import csv
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper

from django.core.files import File

from evenkeel.core.imports import drafts
from evenkeel.core.imports.drafts import OWN, ImportDraft
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid

NAME = "corrected.csv"
Corrected = Mapping[tuple[int, str], str]  # by the row's place in the refusals file, and column


def mend(draft: ImportDraft, user: User, corrected: Corrected) -> ImportDraft:
    """A draft of the refused rows as they are now. Raises Denied, Invalid."""
    if not draft.refusals.is_file():
        raise Invalid({"": ["There are no refused rows any more."]})
    raw = BytesIO()
    text = TextIOWrapper(raw, "utf-8", errors="surrogateescape", newline="")
    with draft.refusals.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(text, rows.fieldnames or [])
        writer.writeheader()
        for place, row in enumerate(rows):
            writer.writerow({name: corrected.get((place, name), row[name]) for name in row})
    text.flush()
    raw.seek(0)
    own = draft.folder / OWN
    if draft.profile != OWN:
        return drafts.begin(user, [File(raw, NAME)], draft.profile)
    with own.open("rb") as profile:
        return drafts.begin(user, [File(raw, NAME)], "", File(profile, OWN))
