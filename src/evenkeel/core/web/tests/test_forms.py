"""No field of a verb has the name of one that the form itself needs."""

from evenkeel.core.rules import registry
from evenkeel.core.web import doing

OF_THE_FORM = ("csrfmiddlewaretoken", "once")


def test_no_input_of_a_verb_is_called_as_what_the_form_itself_sends() -> None:
    assert registry
    for action in registry.values():
        names = {*OF_THE_FORM, doing.shown_by(action)}
        assert not names & set(action.form_class.base_fields), action.name
