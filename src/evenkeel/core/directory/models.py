"""Organisations, teams, roles and people as records of the SMS (FitSM-0, FitSM-3)."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record

# Who asks, for whom and for which service: a matter of cases.
OF_CASES_ONLY = frozenset({"requester", "organisation", "service"})


class Organisation(Record):
    """A party of the SMS: the provider, a federation member, a customer, a supplier (FitSM-0)."""

    class Part(models.TextChoices):
        PROVIDER = "provider", "Service provider"
        FEDERATOR = "federator", "Federator"
        MEMBER = "member", "Federation member"
        CUSTOMER = "customer", "Customer"
        SUPPLIER = "supplier", "Supplier"

    collection = "organisations"
    prefix = "ORG"
    unused_fields = OF_CASES_ONLY

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    part = models.CharField("part it plays", max_length=12, choices=Part.choices)
    contact = models.CharField(
        "contact", max_length=200, blank=True, help_text="Who speaks for it, and how to reach them."
    )

    class Meta:
        app_label = "core"


class Team(Record):
    """People who work on cases together; a level of functional escalation."""

    collection = "teams"
    prefix = "TEAM"
    unused_fields = OF_CASES_ONLY

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

    class Meta:
        app_label = "core"


class Role(Record):
    """A set of responsibilities: context, definition and assignment together (FitSM-3; ROLE-01)."""

    collection = "roles"
    prefix = "ROLE"
    unused_fields = OF_CASES_ONLY

    role_type = models.CharField("type of role", max_length=20, choices=RoleType.choices)
    context = models.CharField(
        "context", max_length=20, help_text="SMS, or the code of the process, e.g. ISRM."
    )
    definition = models.TextField(
        "definition", blank=True, help_text="Responsibilities and tasks, one a line."
    )
    nominated_by = models.CharField(
        "nominated by", max_length=120, blank=True, help_text="Which role nominates the holder."
    )

    class Meta:
        app_label = "core"


class Person(Record):
    """Someone known to the SMS, with the account by which they sign in."""

    collection = "people"
    prefix = "PER"
    unused_fields = OF_CASES_ONLY

    user = models.OneToOneField(User, models.PROTECT, related_name="person", editable=False)
    phone = models.CharField("phone", max_length=40, blank=True)

    class Meta:
        app_label = "core"
        verbose_name_plural: ClassVar[str] = "people"
