"""About the software: version, licence, and the attribution that FitSM's licence asks for."""

from importlib.metadata import version

from django.http import HttpRequest, HttpResponse

from evenkeel.core.web.page import draw


def show(request: HttpRequest) -> HttpResponse:
    """For everybody, signed in or not (BASE-23)."""
    return draw(request, "about.html", {"version": version("evenkeel")})
