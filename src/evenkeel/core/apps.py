"""The kernel as one Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Knows no process; on start it opens the rooms that declare verbs and screens of its own."""

    name = "evenkeel.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from evenkeel.core import checks  # noqa: F401, PLC0415  (importing registers them)
        from evenkeel.core.process import open_rooms  # noqa: PLC0415

        open_rooms("evenkeel.core.directory")
        open_rooms("evenkeel.core.imports")
