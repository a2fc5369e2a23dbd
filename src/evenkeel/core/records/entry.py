"""Entry: what was done to a record, by whom, when, and what it changed."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import chain
from evenkeel.core.records.record import Record


class Audience(models.TextChoices):
    """Who may read it: everybody who sees the record, or only those inside the process."""

    PUBLIC = "public", "Public"
    INTERNAL = "internal", "Internal"


class Via(models.TextChoices):
    """The surface through which it was done."""

    PAGE = "page", "Page"
    REST = "rest", "REST"
    COMMAND = "command", "Command"
    JOB = "job", "Job"
    IMPORT = "import", "Import"
    DEMO = "demo", "Demo"
    CODE = "code", "Code"


class Entry(models.Model):
    """One thing that was done to a record; evidence, so never edited and never deleted.

    The audit trail, the timeline, notices and clocks all read entries. `difference` maps a
    field's column to [before, after]; `given` holds what else the verb was told.
    """

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="entries", db_index=False
    )  # the constraint's index begins with it
    position = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)  # "incidents.resolve"
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    via = models.CharField(max_length=10, choices=Via.choices)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    difference = models.JSONField(default=dict)
    given = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "core"
        verbose_name_plural: ClassVar[str] = "entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "position"], name="one_entry_per_position"),
        ]
        indexes: ClassVar = [
            # What was decided otherwise than a scheme gives: few entries, and reported.
            models.Index(
                fields=["-at", "-id"],
                name="entry_overrides",
                condition=models.Q(given__has_key="overrides"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Entries are evidence; they are never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries are evidence; they are never deleted.")

    def facts(self, number: str) -> chain.Facts:
        """What this entry's hash covers, for the record of that number."""
        return chain.Facts(
            number,
            self.position,
            self.verb,
            self.actor_id,
            self.at,
            self.written_at,
            self.via,
            self.audience,
            self.difference,
            self.given,
        )


def append(record: Record, *, verb: str, actor: User | None, at: datetime, **more: Any) -> Entry:
    """Make the next entry of a record's chain and move the chain's head to it.

    Saves neither: the caller, who holds the lock on the record, saves the record and then the
    entry, in one transaction.
    """
    entry = Entry(position=record.chain_length + 1, verb=verb, actor=actor, at=at, **more)
    entry.hash = chain.link(bytes(record.chain_head), entry.facts(record.number))
    record.chain_length = entry.position
    record.chain_head = entry.hash
    return entry
