"""`action = Actions(Incident, LIFECYCLE, PERMISSIONS, …)`, then `@action` on each verb."""

from collections.abc import Callable, Mapping
from typing import Any, overload

from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.rules.action import Action, ActionRules
from evenkeel.core.rules.lifecycle import Lifecycle
from evenkeel.core.rules.permissions import Who
from evenkeel.core.rules.shared import PUBLIC, SHARED


class Actions:
    """The verbs of one kind of record, and who may see it.

    `visible` tells whose records of the kind are seen by whom; `inside` who also sees internal
    notes, internal fields and full histories; `confided` who sees what is restricted, where
    records of the kind can be. They come from the process's `permissions.py`.
    """

    def __init__(
        self,
        model: type[Record],
        lifecycle: Lifecycle,
        permissions: Mapping[str, Who],
        *,
        visible: Who,
        inside: Who,
        confided: Who | None = None,
    ) -> None:
        self.rules = ActionRules(model, lifecycle, permissions)
        visibility.declare(
            model.kind(),
            visible=visible.reach,
            inside=inside.everywhere,
            confided=confided.everywhere if confided else None,
        )
        for verb, body in SHARED.items():
            if verb in permissions:
                fields = editable_fields(model) if verb == "edit" else ()
                Action(self.rules, body, public=verb in PUBLIC, fields=fields)

    @overload
    def __call__(self, body: Callable[..., Any], /) -> Action: ...

    @overload
    def __call__(
        self, *, public: bool = False, fields: bool = False, redacts: bool = False
    ) -> Callable[[Callable[..., Any]], Action]: ...

    def __call__(
        self,
        body: Callable[..., Any] | None = None,
        *,
        public: bool = False,
        fields: bool = False,
        redacts: bool = False,
    ) -> Action | Callable[[Callable[..., Any]], Action]:
        """Make a verb of a function.

        public: its entry is read by everybody who sees the record.
        fields: the editable fields of the record are inputs too, and are set before the body.
        redacts: what it changes goes for good, so its entry does not say what that was.
        """
        own = editable_fields(self.rules.model) if fields else ()

        def made(function: Callable[..., Any]) -> Action:
            return Action(self.rules, function, public=public, fields=own, redacts=redacts)

        return made if body is None else made(body)


def editable_fields(model: type[Record]) -> tuple[str, ...]:
    """The fields a person fills in; the others belong to verbs or to the frame."""
    own = [
        f
        for f in model._meta.concrete_fields
        if f.editable and not f.primary_key and f.name not in model.unused_fields
    ]
    names = [f.name for f in own if f.name != "record_ptr"]
    first = [name for name in model.asked_first if name in names]
    return (*first, *(name for name in names if name not in first))
