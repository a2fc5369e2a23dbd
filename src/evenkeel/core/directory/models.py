"""Organisations, teams, roles and people as records of the SMS (FitSM-0, FitSM-3)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone

from evenkeel.core.directory import countries
from evenkeel.core.people.manner import Language, Theme
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record, Wanted

# Who asks, for whom and for which service: a matter of cases.
OF_CASES_ONLY = frozenset({"requester", "organisation", "service"})
DEEPEST = 10  # organisations above one another


class Organisation(Record):
    """A party of the SMS: the provider, a federation member, a customer, a supplier (FitSM-0)."""

    class Part(models.TextChoices):
        PROVIDER = "provider", "Service provider"
        UNIT = "unit", "Part of the provider"
        FEDERATOR = "federator", "Federator"
        MEMBER = "member", "Federation member"
        CUSTOMER = "customer", "Customer"
        SUPPLIER = "supplier", "External supplier"

    collection = "organisations"
    prefix = "ORG"
    titled = ("Name", "")
    unused_fields = OF_CASES_ONLY
    inside_fields: ClassVar[frozenset[str]] = frozenset({"notes"})

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    part = models.CharField("part it plays", max_length=12, choices=Part.choices)
    part_of = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="belongs to",
        help_text="The provider that it is a part of, the federator of its federation.",
    )
    contact = models.CharField(
        "contact", max_length=200, blank=True, help_text="Who speaks for it, and how to reach them."
    )
    email = models.EmailField(
        "e-mail", blank=True, help_text="Where a supplier is told what waits for it."
    )
    contact_person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="contact person",
        help_text="Who is told of major incidents that hurt it; somebody with an account.",
    )
    profile = models.TextField(
        "profile", blank=True, help_text="What it does, for whom, and since when."
    )
    address = models.TextField("address", blank=True)
    country = models.CharField(
        "country",
        max_length=2,
        blank=True,
        choices=countries.names,
        help_text="Programs give its code, as ISO 3166 has: NL.",
    )
    region = models.CharField("region", max_length=80, blank=True)
    web = models.CharField(
        "web",
        max_length=200,
        blank=True,
        validators=[URLValidator(("http", "https"))],
        help_text="Its address, with https:// before it.",
    )
    notes = models.TextField("notes", blank=True, help_text="For those who run the SMS only.")

    class Meta:
        app_label = "core"

    def clean(self) -> None:
        """Its way up does not lead back to itself, and who is a part says of what."""
        if self.part == self.Part.UNIT and not self.part_of_id:
            raise ValidationError({"part_of": "Name the provider that it is a part of."})
        above, levels = self.part_of, 0
        while above is not None:
            levels += 1
            if above.pk == self.pk or levels > DEEPEST:
                raise ValidationError({"part_of": "It would belong to itself."})
            above = above.part_of


class Team(Record):
    """People who work on cases together; a level of functional escalation."""

    collection = "teams"
    prefix = "TEAM"
    titled = ("Name", "")
    unused_fields = frozenset({"requester", "service"})

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    level = models.PositiveSmallIntegerField(
        "support level",
        default=1,
        help_text="1 is the service desk; functional escalation goes up.",
    )
    purpose = models.TextField("what it takes care of", blank=True)
    lead = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="lead",
        help_text="Who leads it, and hears first of its cases that are escalated upwards.",
    )
    # Who is on duty in turn; what it holds, and how it is read, says `directory/rota.py`.
    rota = models.JSONField("on-call rota", default=dict, blank=True, editable=False)

    class Meta:
        app_label = "core"


class Role(Record):
    """A set of responsibilities: context, definition and assignment together (FitSM-3; ROLE-01)."""

    class Standing(models.TextChoices):
        """A role is implemented only when it has all three (FitSM-3; ROLE-02)."""

        IMPLEMENTED = "implemented", "Implemented"
        UNDEFINED = "undefined", "Definition missing"
        UNASSIGNED = "unassigned", "Unassigned"

    collection = "roles"
    prefix = "ROLE"
    titled = ("Name", "")
    unused_fields = OF_CASES_ONLY

    # What the rights hang on; a role that meant something else would be another role.
    role_type = models.CharField(
        "type of role", max_length=20, choices=RoleType.choices, editable=False
    )
    context = models.CharField(
        "context",
        max_length=20,
        editable=False,
        help_text="SMS, or the code of the process, e.g. ISRM.",
    )
    definition = models.TextField(
        "definition", blank=True, help_text="Responsibilities and tasks, one a line."
    )
    nominated_by = models.CharField(
        "nominated by", max_length=120, blank=True, help_text="Which role nominates the holder."
    )
    # Line of the definition -> number of the role that has taken it over.
    delegated = models.JSONField("delegated", default=dict, blank=True, editable=False)

    class Meta:
        app_label = "core"

    @property
    def duties(self) -> Iterator[tuple[str, str]]:
        """Each task of the definition, with the number of the role it is delegated to, or ""."""
        for line in filter(None, map(str.strip, self.definition.splitlines())):
            yield line, self.delegated.get(line, "")

    @property
    def standing(self) -> Standing:
        """How far the role is implemented now."""
        return self.standing_at(timezone.now())

    def standing_at(self, moment: datetime) -> Standing:
        """How far the role is implemented at a moment."""
        if not self.definition.strip():
            return self.Standing.UNDEFINED
        if self.role_type == RoleType.CASE_OWNER:  # assigned on each case
            return self.Standing.IMPLEMENTED
        held = self.assignments.in_force(moment).filter(person__is_active=True)
        return self.Standing.IMPLEMENTED if held.exists() else self.Standing.UNASSIGNED


class Person(Record):
    """Someone known to the SMS, with the account by which they sign in.

    Name, e-mail and organisation are said here; the verbs copy them to the account. The person is
    the requester of this record, and so may see it.
    """

    class MailNotices(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day, together"
        NEVER = "never", "Never"

    class ServiceNotices(models.TextChoices):
        ALL = "all", "Of everything"
        GRAVE = "grave", "Of what goes wrong: escalated, violated, major"
        NONE = "none", "Of nothing"

    collection = "people"
    prefix = "PER"
    titled = ("Name", "")
    unused_fields = frozenset({"requester", "service"})
    inside_fields: ClassVar[frozenset[str]] = frozenset({"is_vip"})

    user = models.OneToOneField(
        User, models.PROTECT, related_name="person", editable=False, verbose_name="login"
    )
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("phone", max_length=40, blank=True)
    is_vip = models.BooleanField(
        "VIP",
        default=False,
        help_text="Staff see it on their cases; rules of escalation and priority may ask for it.",
    )
    mail_notices = models.CharField(
        "notices by e-mail",
        max_length=8,
        choices=MailNotices.choices,
        default=MailNotices.AT_ONCE,
        editable=False,
    )
    service_notices = models.CharField(
        "notices of one's services",
        max_length=5,
        choices=ServiceNotices.choices,
        default=ServiceNotices.ALL,
        editable=False,
    )
    # Hours on the clock between which no notice is mailed; both or neither.
    quiet_from = models.PositiveSmallIntegerField(
        "quiet from", null=True, blank=True, editable=False
    )
    quiet_until = models.PositiveSmallIntegerField(
        "quiet until", null=True, blank=True, editable=False
    )
    language = models.CharField(max_length=8, choices=Language, blank=True, editable=False)
    time_zone = models.CharField("time zone", max_length=64, blank=True, editable=False)
    theme = models.CharField(max_length=8, choices=Theme, blank=True, editable=False)

    class Meta:
        app_label = "core"
        verbose_name_plural: ClassVar[str] = "people"

    def wants(self, verb: str) -> Mapping[str, Wanted]:
        """See `Record`."""
        return {"organisation": Wanted(is_needed=True)} if verb in {"record", "edit"} else {}
