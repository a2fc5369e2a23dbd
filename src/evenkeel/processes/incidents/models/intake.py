"""How a case came in, and what the form of that time asked for (ISRM-16, ISRM-17)."""

from collections.abc import Mapping

from django.db import models
from django.utils import timezone

from evenkeel.core.records.record import Wanted
from evenkeel.core.schemes import intake
from evenkeel.core.schemes.models import SchemeVersion, in_force

_ASKED = frozenset({"record", "edit"})


class Taken(models.Model):
    """A case, or a contact, that came by a channel and was asked for what its form needs."""

    # By which version it was taken: what that asks for holds for it to its end.
    taken_under = models.JSONField("taken under", default=dict, editable=False)

    class Meta:
        abstract = True

    def wants(self, verb: str) -> Mapping[str, Wanted]:
        """See `Record`: the channels that are open, and what the form of the kind says."""
        version = in_force(intake.NAME, "ISRM", timezone.now()) if verb in _ASKED else None
        if version is None:
            return {}
        content: intake.Intake = version.read
        kind = type(self).kind()  # type: ignore[attr-defined]  # beside a record
        by_user = verb == "record" and getattr(self, "channel", "") == "portal"
        needed = self.needs(version, verb)
        return {
            "channel": Wanted(only=tuple(content.open_channels)),
            **{
                name: Wanted(name in needed and (rule.users or not by_user), rule.help)
                for name, rule in content.of(kind).items()
            },
        }

    def needs(self, version: SchemeVersion, verb: str) -> list[str]:
        """The fields that may not be empty: by the version that it was taken under."""
        if verb != "record":
            kept: list[str] = self.taken_under.get("needed", [])
            return kept
        content: intake.Intake = version.read
        kind = type(self).kind()  # type: ignore[attr-defined]  # beside a record
        return [name for name, rule in content.of(kind).items() if rule.needed]

    def procedure_of(self, verb: str) -> str:
        """See `Record`."""
        version = in_force(intake.NAME, "ISRM", timezone.now()) if verb == "record" else None
        return version.read.procedure if version else ""
