"""Opening the handovers: where two processes meet, one module for each meeting."""

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    """They know both sides, so they are opened after the processes."""

    name = "evenkeel.handovers"

    def ready(self) -> None:
        from evenkeel.handovers import (  # noqa: PLC0415  (needs the models)
            agreement_to_models,  # noqa: F401
            service_to_models,  # noqa: F401
        )
