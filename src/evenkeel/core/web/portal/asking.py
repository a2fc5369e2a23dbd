"""The questions of a report as fields of a form."""

from collections.abc import Mapping
from dataclasses import replace

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action
from evenkeel.core.rules.inputs import ReferenceField
from evenkeel.core.web import fields
from evenkeel.core.web.portal.offer import Offer, Question

CHOICES = 200  # a longer list would have to be searched


def asked(
    action: Action,
    offer: Offer,
    user: User,
    given: Mapping[str, str],
    errors: Mapping[str, list[str]],
) -> list[fields.Drawn]:
    """Each question, with what was answered and what was wrong with it."""
    drawn = {each.name: each for each in fields.drawn(action, given, errors)}
    return [_drawn(drawn[q.field], q, action, user) for q in offer.questions]


def _drawn(field: fields.Drawn, question: Question, action: Action, user: User) -> fields.Drawn:
    field = replace(field, label=question.words, help=question.help)
    known = action.form_class.base_fields[question.field]
    if not isinstance(known, ReferenceField) or not issubclass(known.model, Record):
        return field
    named = known.model.objects.visible_to(user).filter(is_open=True).order_by("title")
    choices = [("", question.none), *named.values_list("number", "title")[:CHOICES]]
    return replace(field, shape="select", choices=choices)
