"""Record: anything the SMS keeps as evidence (FitSM-0), one table for all kinds."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, Self

from django.apps import apps
from django.db import models
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility

_IN_ONE_LINE = "In one line, as the user says it."


class Wanted(NamedTuple):
    """What the form of a verb says of one of its fields, beside what the field itself says."""

    is_needed: bool = False
    help: str = ""
    only: tuple[str, ...] | None = None  # of its choices


class RecordQuerySet(models.QuerySet["Record"]):
    """Every read starts here, at what the reader may see."""

    def visible_to(self, user: User) -> Self:
        """The records of this kind (or, on `Record`, of every kind) that this user may see."""
        reach = visibility.reach(user, self.model.kind())
        if reach is True:
            return self.all()
        return self.none() if reach is False else self.filter(reach)

    def counted_by(self, user: User) -> Self:
        """Those that totals count for this user: also what is hidden for being restricted."""
        reach = visibility.summed(user, self.model.kind())
        if reach is True:
            return self.all()
        return self.none() if reach is False else self.filter(reach)

    def reported_by(self, user: User) -> Self:
        """What somebody has asked for, as the portal shows it to them, whatever else they hold."""
        return self.filter(requester=user) if user.is_active else self.none()


class Record(models.Model):
    """Anything the service management system keeps as evidence (FitSM-0, "record").

    Every process adds its own fields by subclassing. What hangs off a record (entries, links,
    comments, tasks, search rows) points here with a real foreign key, and so never needs to know
    which process the record is from. A column that is filtered, sorted or counted by across kinds
    lives here; adding one is a decision (house, section 6).
    """

    collection: ClassVar[str] = "records"  # the plural in addresses, commands and verbs' names
    prefix: ClassVar[str] = "REC"
    searched: ClassVar[dict[str, str]] = {"title": "A"}  # field -> weight in the search index
    titled: ClassVar[tuple[str, str]] = ("Title", _IN_ONE_LINE)  # how `title` is asked for
    called: ClassVar[Mapping[str, str]] = {}  # fields of Record that go by another name here
    asked_first: ClassVar[tuple[str, ...]] = ("title",)  # in the form of a new one
    unused_fields: ClassVar[frozenset[str]] = frozenset()  # of Record, that mean nothing here
    inside_fields: ClassVar[frozenset[str]] = frozenset()  # shown only to those inside the process
    # Worked out from the rest; that they move is no edit.
    worked_out: ClassVar[frozenset[str]] = frozenset({"due_at", "is_breached"})
    # Columns that say nothing new: read off the rest whenever that is written. No entry tells them.
    read_off: ClassVar[frozenset[str]] = frozenset()
    remark: str = ""  # what whoever did a verb should know of it beside that it is done; never kept
    told: str = ""  # what a verb tells whoever did it, once and to nobody else; never kept

    number = models.CharField(max_length=20, unique=True, editable=False)
    of_kind = models.CharField(max_length=30, editable=False)
    title = models.CharField("title", max_length=200, help_text=_IN_ONE_LINE)
    state = models.CharField("state", max_length=20, editable=False)
    is_open = models.BooleanField("open", default=True, editable=False)
    priority = models.PositiveSmallIntegerField("priority", null=True, blank=True, editable=False)
    requester = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # record_by_requester begins with it
        verbose_name="requester",
        help_text="Who uses the service and asks.",
    )
    organisation = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation",
        help_text="The customer, member or supplier that it concerns.",
    )
    service = models.ForeignKey(
        "core.Record",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # record_by_service begins with it
        verbose_name="service",
        limit_choices_to={"of_kind": "service"},
    )
    team = models.ForeignKey(
        "core.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="team",
        editable=False,
    )
    case_owner = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="case owner",
        editable=False,
    )
    recorded_at = models.DateTimeField("recorded", default=timezone.now, editable=False)
    edited_at = models.DateTimeField("last edited", default=timezone.now, editable=False)
    due_at = models.DateTimeField("due", null=True, blank=True, editable=False)
    is_breached = models.BooleanField("target breached", default=False, editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    is_restricted = models.BooleanField("restricted", default=False, editable=False)
    # The version a form or an If-Match cites; it grows with every edit, not with comments.
    version = models.PositiveIntegerField(default=1, editable=False)
    # Where the chain of entries stands: how many there are, and the hash of the last.
    chain_length = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.BinaryField(max_length=32, default=bytes, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            models.Index(fields=["of_kind", "-recorded_at", "-id"], name="record_newest"),
            models.Index(
                fields=["of_kind", "state", "-recorded_at", "-id"], name="record_by_state"
            ),
            models.Index(
                fields=["of_kind", "priority", "-recorded_at", "-id"],
                name="record_open_by_priority",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=["case_owner", "due_at", "priority", "state"],
                name="record_my_work",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=["team", "due_at", "priority"],
                name="record_team_work",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=["of_kind", "-recorded_at", "-id"],
                name="record_breached",
                condition=models.Q(is_breached=True),
            ),
            models.Index(
                fields=["closed_at"],
                name="record_by_closure",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["of_kind", "case_owner", "requester", "id"],
                name="record_restricted",
                condition=models.Q(is_restricted=True),
            ),
            models.Index(fields=["requester", "-recorded_at", "-id"], name="record_by_requester"),
            # State and priority stand last, so that what is filtered away is never fetched.
            models.Index(
                fields=["service", "-recorded_at", "-id", "of_kind", "state", "priority"],
                name="record_by_service",
            ),
            models.Index(
                fields=["of_kind", "team", "-recorded_at", "-id", "state", "priority"],
                name="record_by_team",
            ),
            models.Index(
                fields=["of_kind", "case_owner", "-recorded_at", "-id", "state", "priority"],
                name="record_by_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def kind(cls) -> str:
        """The name of the kind in tables and addresses: "incident", "service_request"."""
        return "" if cls is Record else kind_name(cls)

    @classmethod
    def label(cls, field: str) -> str:
        """How a field is called in this kind."""
        return cls.called.get(field) or str(cls._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # columns only

    @property
    def url(self) -> str:
        """Where the record is shown; the collection is the kind's own."""
        return f"/{kinds()[self.of_kind].collection}/{self.number}/"

    def begun(self, verb: str) -> dict[str, Any]:
        """What the form of a verb opens with beside the record's own fields."""
        return {}

    def wants(self, verb: str) -> Mapping[str, Wanted]:
        """What the form of a verb asks for otherwise than its fields do: field -> what."""
        return {}

    def procedure_of(self, verb: str) -> str:
        """The address of the document that says how the verb is done, where there is one."""
        return ""

    def not_now(self) -> Mapping[str, str]:
        """Verbs that its state would allow, but that it refuses as it stands: verb -> why."""
        return {}

    def nothing_for(self) -> Mapping[str, str]:
        """Verbs that would find nothing to do, which no page offers as a step: verb -> why."""
        return {}

    def in_full(self) -> "Record":
        """The same record with the fields of its kind."""
        return self if type(self) is not Record else kinds()[self.of_kind].objects.get(pk=self.pk)


def kind_name(model: type[Record]) -> str:
    """ServiceRequest -> "service_request"."""
    return "_".join(str(model._meta.verbose_name).lower().split())


_kinds: dict[str, type[Record]] = {}


def kinds() -> dict[str, type[Record]]:
    """Every kind of record that is installed, by name."""
    if not _kinds:
        for model in apps.get_models():
            if issubclass(model, Record) and model is not Record:
                _kinds[model.kind()] = model
    return _kinds


def collections() -> dict[str, type[Record]]:
    """The same kinds by the plural that addresses and commands use."""
    return {model.collection: model for model in kinds().values()}
