"""How a case goes its way: recorded, sorted, worked on, asked about, solved, closed, or not yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenkeel.core.demo.rehearsal import Rehearsal
from evenkeel.core.demo.working_time import DAY
from evenkeel.core.people.models import User
from evenkeel.core.rules import Action, registry
from evenkeel.processes.incidents.demo.cast import DESK, Cast
from evenkeel.processes.incidents.demo.troubles import Trouble
from evenkeel.processes.incidents.demo.wishes import Request
from evenkeel.processes.incidents.models import Incident, ServiceRequest

PLACES = ("", "", "", "project Tidewater", "project Lichen", "group Halden", "survey field 12",
          "station North", "coastal runs", "the autumn campaign")  # fmt: skip
CHANNELS = ("portal",) * 5 + ("email",) * 3 + ("phone",) * 3 + ("walk_in",)
SILENCE = 5 * DAY  # working minutes, by the closure rules
LONG = 8 * DAY
CAUSES = {
    "Access": Incident.Cause.CONFIGURATION,
    "Compute": Incident.Cause.CAPACITY,
    "Data transfer": Incident.Cause.SUPPLIER,
    "Hardware": Incident.Cause.HARDWARE,
    "Mail": Incident.Cause.CONFIGURATION,
    "Network": Incident.Cause.SUPPLIER,
    "Security": Incident.Cause.ATTACK,
    "Software": Incident.Cause.SOFTWARE,
    "Storage": Incident.Cause.CAPACITY,
}
SAID_AFTER = {
    1: ("I had to ask three times.", "Nobody told me anything for days."),
    2: ("It took far too long.", "It came back, and I had to explain it all again."),
    3: ("Solved in the end, but slowly.", "I would have liked to hear more in between."),
    4: ("Friendly and clear.", "Good, though it took a day more than I hoped."),
    5: ("Quick and friendly.", "Perfect, thank you."),
}
EFFECT = {True: Incident.Effect.DISRUPTION, False: Incident.Effect.DEGRADATION}
THANKS = ("Works again, thank you.", "Thanks, that was quick.", "Confirmed.", "All fine now.")


class NotYet(Exception):
    """The next step lies in the future, or the case is where it was meant to be."""


@dataclass(frozen=True)
class Today:
    """Where an open case is meant to stand, and how grave it is."""

    stop: str  # "new", "classified", "in_progress", "on_hold", "done"
    impact: int
    urgency: int


class History:
    """One case on its way; `minute` is where it stands in working time."""

    def __init__(
        self, cast: Cast, about: Trouble | Request, minute: int, today: Today | None = None
    ) -> None:
        self.cast, self.about, self.minute, self.today = cast, about, minute, today
        self.stop = today.stop if today else ""
        model = Incident if isinstance(about, Trouble) else ServiceRequest
        self.rehearsal = Rehearsal(model)
        self.record = self.rehearsal.record
        self.record.case_owner = cast.people["priya"]  # as `record` would find, query by query
        self.user, self.agent = cast.user(), cast.agent()
        self.specialist = cast.chance.choice(cast.members[about.team])

    def tell(self) -> Rehearsal:
        """Everything that has happened so far."""
        try:
            self._come_in()
            self._work()
            self._end()
        except NotYet:
            pass
        return self.rehearsal

    def do(self, verb: str, by: User, after: int, **inputs: Any) -> None:
        """Do a verb, so many working minutes later."""
        at = self._later(after)
        self.rehearsal.do(self._action(verb), by=by, at=at, **inputs)
        if self.stop == "on_hold" and self.record.state == "on_hold":
            raise NotYet

    def say(self, text: str, by: User, after: int, verb: str = "comment") -> None:
        """A reply that all may read, or a note for those inside."""
        self.rehearsal.say(self._action(verb), text, by=by, at=self._later(after))

    def _action(self, verb: str) -> Action:
        return registry[f"{self.record.collection}.{verb}"]

    def _later(self, minutes: int) -> datetime:
        if self.minute + minutes >= self.cast.time.until:
            raise NotYet
        self.minute += minutes
        return self.cast.time.moment(self.minute)

    def _stop_if(self, here: str) -> None:
        if self.stop == here:
            raise NotYet

    def _some(self, least: int, most: int) -> int:
        return round(self.cast.chance.triangular(least, most, least))

    def _come_in(self) -> None:
        about, cast = self.about, self.cast
        channel = cast.chance.choice(CHANNELS)
        by = self.agent if channel in {"phone", "walk_in"} else self.user
        if about.description.startswith("Monitoring: "):
            channel, by, self.user = "monitoring", self.specialist, self.specialist
        where = cast.chance.choice(PLACES)
        fields: dict[str, Any] = {
            "title": f"{about.title}, {where}" if where else about.title,
            "description": about.description.removeprefix("Monitoring: "),
            "channel": channel,
            "service": cast.services.get(about.service),
            "requester": self.user,
            "organisation": self.user.organisation,
        }
        if isinstance(about, Trouble) and self.minute % 3 == 0:  # noticed some time before
            fields["started_at"] = cast.time.moment(max(0, self.minute - 5 - self.minute % 90))
        if isinstance(about, Request):
            fields["wish"] = about.wish
        self.do("record", by, 0, **fields)
        self._stop_if("new")
        if not self.stop and cast.happens(4):
            self.do("cancel", self.user, self._some(5, 90), reason="It was a mistake on my side.")
            raise NotYet

    def _work(self) -> None:
        about, agent, cast = self.about, self.agent, self.cast
        impact = min(4, max(1, about.impact + cast.chance.choice((0, 0, 0, 0, 1, -1))))
        urgency = about.urgency
        if self.today:
            impact, urgency = self.today.impact, self.today.urgency
        self.do("classify", agent, self._some(2, 60), category=about.category)
        self.do("prioritise", agent, 1, impact=impact, urgency=urgency)
        self._by_model()
        if getattr(self.record, "major", "") == Incident.Major.PROPOSED and not self.today:
            self.do("dismiss_major", agent, 1, reason="One group is hurt, and others can go on.")
        if isinstance(about, Trouble) and impact < 3:
            self._assess(impact)
        self._stop_if("classified")
        self.do("assign", agent, self._some(1, 40), case_owner=agent, team=cast.teams[DESK])
        if cast.happens(90):
            self.say("Thank you, we are looking at it.", agent, 1)
        if about.team != DESK and cast.happens(60):
            self._hand_on()
        if self.stop == "on_hold" or cast.happens(35):
            self._wait()
        if cast.happens(45):
            self.say(about.finding, self.specialist, self._some(10, 240), "note")

    def _by_model(self) -> None:
        """Most of what comes back is handled by its model; of today, that is done later."""
        model = self.cast.models.get(self.about.category)
        if model and not self.today and self.minute % 3 and isinstance(self.record, Incident):
            self.do("choose_model", self.agent, 0, incident_model=model)

    def _assess(self, impact: int) -> None:
        """What hurts many is a disruption of the service, or makes it worse than expected."""
        is_gone = impact == 1 or self.minute % 4 == 0
        degree = None if is_gone else 20 + self.minute % 50
        self.do("assess", self.agent, 1, effect=EFFECT[is_gone], degree=degree)

    def _hand_on(self) -> None:
        """To a team with other skills; rarely to someone with more authority."""
        self.do(
            "escalate",
            self.agent,
            self._some(10, 120),
            kind="functional",
            reason=f"Needs the {self.about.team.lower()}.",
            team=self.cast.teams[self.about.team],
        )
        self.do(
            "assign",
            self.specialist,
            self._some(5, 180),
            case_owner=self.specialist,
            reason="Takes it to the end.",
        )
        if self.cast.happens(5):
            self.do(
                "escalate",
                self.specialist,
                self._some(60, 400),
                kind="hierarchical",
                reason="The customer asks for a date that we cannot promise.",
                case_owner=self.cast.people["priya"],
            )

    def _wait(self) -> None:
        """For the user, a supplier or a change, and go on."""
        agent = self.specialist
        if self.about.team == "Network team":
            self.do("put_on_hold", agent, self._some(10, 60), hold_reason="supplier",
                    supplier=self.cast.backbone, note="Ticket opened at NetSpan.")  # fmt: skip
            self.do("resume", agent, self._some(240, 1800))
        elif self.cast.happens(12) or self._waits_long():
            self.do("put_on_hold", agent, self._some(10, 60), hold_reason="change",
                    note="Goes with the next maintenance window.")  # fmt: skip
            self.do("resume", agent, self._some(600, 3000))
        else:
            self.say(self.about.question, agent, self._some(10, 60))
            self.do("put_on_hold", agent, 1, hold_reason="user")
            self.say("Here it is, see above. Anything else?", self.user, self._some(20, 500))
            self.do("resume", agent, self._some(5, 90))

    def _waits_long(self) -> bool:
        """For longer than one waits for a user, whose silence would have ended it."""
        return self.stop == "on_hold" and self.cast.time.until - self.minute > LONG

    def _end(self) -> None:
        self._stop_if("in_progress")
        self._solve()
        self._stop_if("done")
        if self.cast.happens(6):
            self.do(
                "reopen", self.user, self._some(30, 600), reason="It is back since this morning."
            )
            self.say("We look again, and deeper.", self.specialist, self._some(5, 60))
            self._solve()
        if self.cast.happens(60):
            self.say(self.cast.chance.choice(THANKS), self.user, self._some(10, 500))
            self.do("close", self.user, 1)
        else:  # silence is consent, after the working days of the closure rules
            self.do("close", self.cast.sms, SILENCE + self._some(1, 60))
        self._rate()

    def _rate(self) -> None:
        """Two of five answer; who waited long, or had to come back, is less satisfied."""
        if self.minute * 7 % 5 > 1 or self.user.pk == self.specialist.pk:
            return
        given = self.minute * 11 % 10
        score = 5 if given > 3 else 4 if given > 0 else 3
        score -= bool(self.record.is_breached) + 2 * bool(self.record.reopened_at)
        words = SAID_AFTER[max(1, score)][self.minute % 2] if self.minute % 3 else ""
        self.do("rate", self.user, 5 + self.minute % 400, satisfaction=max(1, score),
                satisfaction_comment=words)  # fmt: skip

    def _cause(self, by: User) -> Incident.Cause | None:
        """What was behind it; who is in a hurry leaves it out, which the manager can find."""
        known = CAUSES.get(self.about.category.split(" / ")[0])
        return None if (self.minute + by.pk) % 9 == 0 else known or Incident.Cause.UNKNOWN

    def _solve(self) -> None:
        by, after = self.record.case_owner or self.agent, self._some(15, 900)
        if isinstance(self.about, Request):
            self.do("fulfil", by, after, solution=self.about.solution)
            return
        restored = self.cast.time.moment(max(self.minute, self.minute + after - self._some(1, 30)))
        self.do(
            "resolve", by, after, solution=self.about.solution,
            resolution=self.about.resolution, cause=self._cause(by), restored_at=restored,
        )  # fmt: skip
