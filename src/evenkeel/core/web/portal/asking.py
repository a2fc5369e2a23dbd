"""The questions of a report as fields of a form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, registry
from evenkeel.core.rules.inputs import ReferenceField
from evenkeel.core.web import fields
from evenkeel.core.web.portal.offer import Offer, Question, Step

CHOICES = 200  # a longer list would have to be searched
FEW = 5  # choices that a thumb finds all at once


@dataclass(frozen=True)
class Asking:
    """A step with the fields of its form, and whether they lie open."""

    step: Step
    words: str
    fields: list[fields.Drawn]
    is_open: bool


def asked_by(step: Step, record: Record, typed: Mapping[str, str] | None) -> Asking:
    """What a step asks for; it lies open where it was refused, or where we wait for an answer."""
    action = registry[f"{record.collection}.{step.verb}"]
    begun = fields.begun(action, record, {})
    drawn = {each.name: each for each in fields.drawn(action, typed or begun, {})}
    found = [_asked_in(drawn[name], words) for name, words in step.asks.items()]
    is_answered = bool(step.again and any(begun[name] for name in step.asks))
    words = step.again if is_answered else step.words
    return Asking(step, words, found, typed is not None or bool(step.again and not is_answered))


def _asked_in(field: fields.Drawn, words: str) -> fields.Drawn:
    """A field in the words of the portal; a few choices lie open, to be seen at once."""
    field = replace(field, label=words, help="")
    choices = [choice for choice in field.choices if choice[0]]
    if 0 < len(choices) <= FEW:
        return replace(field, shape="radio", choices=choices)
    return field


def asked(
    action: Action,
    offer: Offer,
    user: User,
    given: Mapping[str, str],
    errors: Mapping[str, list[str]],
) -> list[fields.Drawn]:
    """Each question, with what was answered and what was wrong with it."""
    wants = offer.model(**offer.says).wants(action.verb)
    drawn = {each.name: each for each in fields.drawn(action, given, errors, wants)}
    return [_drawn(drawn[q.field], q, action, user) for q in offer.questions]


def _drawn(field: fields.Drawn, question: Question, action: Action, user: User) -> fields.Drawn:
    field = replace(field, label=question.words, help=question.help)
    known = action.form_class.base_fields[question.field]
    if not isinstance(known, ReferenceField) or not issubclass(known.model, Record):
        return field
    named = known.model.objects.visible_to(user).filter(is_open=True).order_by("title")
    choices = [("", question.none), *named.values_list("number", "title")[:CHOICES]]
    return replace(field, shape="select", choices=choices)
