"""House rules that only a running Django can check: `manage.py check` fails on them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from evenkeel.core.process import ProcessConfig
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Action, registry


@register()
def every_process_is_registered(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Importing ProcessConfig by name makes Django skip it without a word; so look."""
    return [
        Error("apps.py does not declare a ProcessConfig", obj=app.name, id="house.E001")
        for app in apps.get_app_configs()
        if app.name.startswith("evenkeel.processes.") and not isinstance(app, ProcessConfig)
    ]


@register()
def every_lifecycle_is_sound(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """No state that is never reached or never left; no verb without function, row or words."""
    by_kind: dict[str, list[Action]] = {}
    for action in registry.values():
        by_kind.setdefault(action.model.kind(), []).append(action)
    return [
        Error(fault, obj=kind, id="house.E002")
        for kind, actions in by_kind.items()
        for fault in faults(actions)
    ]


@register()
def no_key_crosses_processes(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A key named by a string is not seen by the import rules; so look at the models."""
    return [
        Error(f"{field.name} points into another process", obj=model, id="house.E003")
        for model in kinds().values()
        for field in model._meta.get_fields()
        if _leaves(model, field)
    ]


def faults(actions: list[Action]) -> Iterator[str]:
    """What is wrong with the lifecycle and permissions of one kind, in words."""
    lifecycle, permissions = actions[0].lifecycle, actions[0].rules.permissions
    verbs = {action.verb for action in actions}
    for state in sorted(lifecycle.unreachable()):
        yield f"no verb leads to {state!r}"
    for state in sorted(lifecycle.dead_ends()):
        yield f"no verb leads out of {state!r}, and it is not a closed state"
    for verb in sorted(set(lifecycle.verbs) - verbs):
        yield f"the lifecycle names the verb {verb!r}, actions.py does not have it"
    for verb in sorted(set(permissions) - verbs):
        yield f"the permissions name the verb {verb!r}, actions.py does not have it"
    for verb in sorted(verbs - set(permissions)):
        yield f"the verb {verb!r} has no row in the permissions"
    for action in actions:
        if not action.help:
            yield f"the verb {action.verb!r} does not say what it does"


def _leaves(model: type[Record], field: Any) -> bool:
    target = getattr(field, "related_model", None)
    if not field.is_relation or field.auto_created or target is None:
        return False
    return target._meta.app_label not in {model._meta.app_label, "core"}
