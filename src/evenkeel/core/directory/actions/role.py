"""The verbs of a role: definition and assignment (FitSM-3; ROLE-01 to ROLE-04, ROLE-11)."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.actions import vacancies
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.rules import Actions, Asked, Invalid

# Held by one named person at a time in each context; deputies are named in the assignment.
HELD_BY_ONE = frozenset(
    {
        RoleType.SMS_OWNER,
        RoleType.SMS_MANAGER,
        RoleType.PROCESS_OWNER,
        RoleType.PROCESS_MANAGER,
    }
)

Given = dict[str, Any]
Someone = Annotated[User, Asked("Person")]
Another = Annotated[Role, Asked("Role that takes it over")]
Task = Annotated[str, Asked("Task", "A line of the definition.", max_length=300)]

action = Actions(
    Role,
    lifecycle.ROLE,
    permissions.ROLE,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(role: Role, *, by: User, at: datetime, role_type: RoleType, context: str) -> None:
    """Define a role: for the whole SMS, for a process, or of a type of your own."""
    role.role_type, role.context = role_type, context.upper()
    alike = Role.objects.filter(role_type=role_type, context=role.context, is_open=True)
    if role_type in HELD_BY_ONE and (there := alike.first()):
        raise Invalid({"role_type": [f"{there} is this role already."]})


@action
def retire(
    role: Role, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The role is no longer needed; its assignments end."""
    _end(role.assignments.not_ended(at), at)
    vacancies.close(role, by, at)


@action
def assign(  # noqa: PLR0913  (four inputs, and who and when)
    role: Role,
    *,
    by: User,
    at: datetime,
    person: Someone,
    deputy: Annotated[User | None, Asked("Deputy", "Has the same rights for as long.")] = None,
    starts_at: Annotated[datetime | None, Asked("From", "Left out: from now on.")] = None,
    ends_at: Annotated[datetime | None, Asked("Until", "Left out: until it is ended.")] = None,
) -> Given:
    """Give the role to a named person; rights come with it and end with it."""
    if role.role_type == RoleType.CASE_OWNER:
        raise Invalid({"": ["The case owner is named on each case."]})
    start = starts_at or at
    if ends_at and ends_at <= start:
        raise Invalid({"ends_at": ["It ends before it begins."]})
    if deputy == person:
        raise Invalid({"deputy": ["Nobody is their own deputy."]})
    _refuse_second_holder(role, person, start, ends_at)
    made = RoleAssignment.objects.create(
        role=role, person=person, deputy=deputy, nominated_by=by, starts_at=start, ends_at=ends_at
    )
    vacancies.close(role, by, at)
    if ends_at:
        vacancies.announce(made, at)
    return {
        "assignment": made.pk,
        "person": person.pk,
        "deputy": deputy.pk if deputy else None,
        "starts_at": start.isoformat(),
        "ends_at": ends_at.isoformat() if ends_at else None,
    }


@action
def end_assignment(role: Role, *, by: User, at: datetime, person: Someone) -> Given:
    """The person holds the role no longer; the rights end this moment, and the nominator hears."""
    held = list(role.assignments.not_ended(at).filter(person=person))
    if not held:
        raise Invalid({"person": [f"{person} does not hold this role."]})
    _end(role.assignments.not_ended(at).filter(person=person), at)
    if role.standing_at(at) is not Role.Standing.IMPLEMENTED:
        vacancies.announce(held[0], at)
    return {"person": person.pk}


@action
def delegate(role: Role, *, by: User, at: datetime, task: Task, to: Another) -> None:
    """Another role takes over one task of this role, e.g. a risk manager the risks."""
    if task not in dict(role.duties):
        raise Invalid({"task": ["The definition of this role has no such line."]})
    if to.pk == role.pk or not to.is_open:
        raise Invalid({"to": ["It is delegated to another role that is in force."]})
    role.delegated = {**role.delegated, task: to.number}


@action
def take_back(role: Role, *, by: User, at: datetime, task: Task) -> None:
    """This role does the task itself again."""
    if task not in role.delegated:
        raise Invalid({"task": ["It is not delegated."]})
    role.delegated = {line: to for line, to in role.delegated.items() if line != task}


def _refuse_second_holder(role: Role, person: User, start: datetime, end: datetime | None) -> None:
    """One holder at a time where the type asks for it; nobody twice in the same role."""
    held = RoleAssignment.objects.not_ended(start).select_related("person")
    if end:
        held = held.filter(starts_at__lt=end)
    if role.role_type in HELD_BY_ONE:
        held = held.filter(role__role_type=role.role_type, role__context=role.context)
    else:
        held = held.filter(role=role, person=person)
    if found := held.first():
        raise Invalid({"person": [f"{found.person} holds this role; end that assignment first."]})


def _end(assignments: Any, at: datetime) -> None:
    """End them now; one that was still to begin never begins."""
    assignments.filter(Q(starts_at__gt=at)).delete()
    assignments.update(ends_at=at)
