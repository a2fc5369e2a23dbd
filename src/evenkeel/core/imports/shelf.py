"""The mapping profiles that come with Evenkeel, by name."""

from pathlib import Path

from django.apps import apps


def profiles() -> dict[str, Path]:
    """Each process brings those that fill its records."""
    return {
        path.stem: path
        for app in apps.get_app_configs()
        for path in sorted(Path(app.path, "profiles").glob("*.toml"))
        if app.name.startswith("evenkeel.")
    }
