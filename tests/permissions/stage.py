"""The stage: a record in a state in which a verb can be done, and inputs that its form takes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evenkeel.core.clocks import calendars
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.records import numbering
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Action
from evenkeel.core.rules.inputs import ReferenceField
from evenkeel.core.schemes.models import Scheme, in_force
from tests.permissions.cast import Cast, login

# What a record of a kind needs besides what all records have.
NEEDED: dict[str, dict[str, Any]] = {
    "role": {"role_type": "other", "context": "ISRM", "definition": "Do it"},
    "organisation": {"part": "customer"},
    "service_request": {"wish": "access", "category": "Mail"},
    "incident": {"category": "Mail"},
    "service_report": {
        "begins_on": date(2026, 5, 1),
        "ends_on": date(2026, 5, 31),
        "counted_at": datetime(2026, 6, 1, tzinfo=UTC),
    },
}

OF_A_MAJOR_INCIDENT = ("announcement", "major_incident_review")
# What a verb needs, where the state alone does not make it possible.
NEEDED_BY: dict[str, dict[str, Any]] = {
    "service_requests.approve": {"approval_by": "process_manager"},
    "service_requests.refuse": {"approval_by": "process_manager"},
    "incidents.dismiss_major": {"major": "proposed"},
    **{
        f"{kind}.lift_restriction": {"is_restricted": True}
        for kind in ("incidents", "service_requests", "major_reviews", "violations")
    },
    **{
        f"incidents.{verb}": {"major": "declared"}
        for verb in ("name_coordinator", "miss_coordinator", "stand_down")
    },
    **{f"{kind}.rate": {"closed_at": timezone.now()} for kind in ("incidents", "service_requests")},
    **{
        f"{kind}.acknowledge": {"presses_since": timezone.now()}
        for kind in ("incidents", "service_requests")
    },
}


def staged(action: Action, cast: Cast) -> Record:
    """A record to which the verb can be done: the cast is related to it."""
    if action.name == "violations.record":
        _agreed_case(cast)
    if action.name == "service_requests.apply_model":
        on_stage(kinds()["request_model"], "in_force", cast)
    if action.name == "incidents.choose_model":
        on_stage(kinds()["incident_model"], "in_force", cast)
    if action.name == "schemes.read_days":
        return Scheme.objects.get(scheme_kind=calendars.NAME)
    if action.creates:
        if action.model.kind() in OF_A_MAJOR_INCIDENT:
            on_stage(kinds()["incident"], "in_progress", cast, {"major": "declared"})
        return action.model()
    starts = action.lifecycle.starts(action.verb)
    state = starts[0] if starts else action.lifecycle.moves[0].end or ""
    return on_stage(action.model, state, cast, _needed(action, cast))


def _needed(action: Action, cast: Cast) -> dict[str, Any]:
    if action.verb == "tell_supplier":
        return _with_supplier(action.model)
    if action.verb == "hand_back":
        return {"escalated_from": cast["colleague"]}
    return NEEDED_BY.get(action.name, {})


def on_stage(
    model: type[Record], state: str, cast: Cast, needed: dict[str, Any] | None = None
) -> Record:
    """A record of this kind in this state, related to the cast."""
    if model is Scheme:  # there is one for each process; its first is staged
        Scheme.objects.filter(context="ISRM").update(state=state)
        return Scheme.objects.filter(context="ISRM").order_by("pk")[0]
    more = NEEDED.get(model.kind(), {}) | (needed or {})
    if model.kind() == "person":
        more["user"] = cast["requester"]
    if model.kind() in OF_A_MAJOR_INCIDENT:
        more["about"] = on_stage(kinds()["incident"], "in_progress", cast, {"major": "declared"})
    if model.kind() == "violation":
        more = _violated(cast) | more
    if model.kind() == "recomputation":
        more |= _compared()
    made: Record = model.objects.create(
        number=f"{model.prefix}-{numbering.take(model.kind())}",
        of_kind=model.kind(),
        title="On stage",
        state=state,
        requester=cast["requester"],
        case_owner=cast["case owner"],
        team=None if model.kind() == "team" else cast.team,
        organisation=None if model.kind() == "organisation" else cast.organisation,
        **more,
    )
    return made


def _with_supplier(model: type[Record]) -> dict[str, Any]:
    """A supplier that can be told: for which a case waits, or who promised something."""
    known = {"title": "Lines", "part": "supplier", "email": "noc@lines.example"}
    supplier = Organisation.objects.create(
        number=f"ORG-{numbering.take('organisation')}", of_kind="organisation", **known
    )
    if model.kind() != "violation":
        return {"waits_for": supplier}
    agreements: Any = kinds()["agreement"].objects
    agreement = agreements.create(
        number=f"AGR-{numbering.take('agreement')}",
        of_kind="agreement",
        state="in_force",
        organisation=supplier,
        agreement_kind="ua",
    )
    return {"agreement_id": agreement.pk}


def _agreed_case(cast: Cast) -> Record:
    """A case that falls under the default agreement."""
    default = kinds()["agreement"].objects.order_by("pk")[0]
    governed = {"agreement_id": default.pk, "agreement_because": {"version": 1}}
    return on_stage(kinds()["incident"], "in_progress", cast, governed)


def _violated(cast: Cast) -> dict[str, Any]:
    """What a violation says of the case and of what was agreed."""
    case: Any = _agreed_case(cast)
    return {
        "about": case,
        "agreement_id": case.agreement_id,
        "agreement_version": 1,
        "target": "resolution",
        "level": "actual",
        "passed_at": timezone.now(),
    }


def _compared() -> dict[str, Any]:
    """By which calendars a recomputation compared: those in force."""
    version = in_force(calendars.NAME, calendars.CONTEXT, timezone.now())
    names = [one.name for one in version.read.calendars] if version else []
    return {"versions": dict.fromkeys(names, version.pk if version else 0)}


def inputs(action: Action) -> dict[str, Any]:
    """For each required input a value that its form takes, as JSON would hold it."""
    fields = action.form_class.base_fields
    found = {name: _value(field) for name, field in fields.items() if field.required}
    if action.name == "violations.record":
        found["about"] = kinds()["incident"].objects.latest("pk").number
    return found


def _value(field: forms.Field) -> Any:
    if isinstance(field, ReferenceField):
        return _named(field)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next(value for value, _ in choices if value)
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("note.txt", b"what was seen")
    simple: dict[type[forms.Field], Any] = {
        forms.IntegerField: 1,
        forms.JSONField: {"a": 1},
        forms.EmailField: "a@b.example",
        forms.DateField: "2026-11-30",
        forms.DateTimeField: (timezone.now() + timedelta(days=1)).isoformat(),
    }
    return simple.get(type(field), "words that will do")


def _named(field: ReferenceField) -> str:
    """Somebody, or a record of the kind that everybody may see."""
    if issubclass(field.model, User):
        return login("user")
    model = kinds()["team"] if field.model is Record else field.model
    return str(model._default_manager.order_by("pk").values_list("number", flat=True)[0])
