"""The change by which an incident was resolved: known by its number until changes are kept here."""

from evenkeel.core.records.links import Reference
from evenkeel.core.rules import Invalid
from evenkeel.processes.incidents.models import Incident

BY_CHANGE = "resolved by change"
Resolution = Incident.Resolution


def name(incident: Incident, resolution: Resolution, change: str) -> None:
    """Keep which change it was. Raises Invalid where it is resolved via one that nobody names."""
    if resolution != Resolution.VIA_CHANGE:
        if change:
            raise Invalid({"change": ["It was not resolved via a change; leave it out."]})
        return
    if not change:
        raise Invalid({"change": ["Name the change by which it was resolved."]})
    if not incident._state.adding:
        Reference.objects.get_or_create(
            record_id=incident.pk,
            relation=BY_CHANGE,
            outside_name=change,
            defaults={"system": "changes"},
        )
