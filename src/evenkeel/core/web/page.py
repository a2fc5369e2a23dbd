"""Drawing a page in the frame, or only the named block of it that htmx asked for."""

import functools
from typing import Any, cast

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.cache import patch_vary_headers
from jinja2 import Template
from markupsafe import Markup

from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.web import navigation


class Frame:
    """What the base template needs; worked out only when a whole page is drawn."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.path = request.path
        self.folded = request.COOKIES.get("rail") == "folded"

    @functools.cached_property
    def user(self) -> User | None:
        """Who looks at the page: the account itself, for `request.user` is a slow stand-in."""
        if not hasattr(self.request, "user"):  # refused before it was asked who it is
            return None
        if not self.request.user.is_authenticated:
            return None
        return getattr(self.request, "_cached_user", self.request.user)

    @property
    def theme(self) -> str:
        """What the account chose, on whatever device; else what this browser did."""
        chosen = self.user.theme if self.user else ""
        return chosen or str(self.request.COOKIES.get("theme", ""))

    @property
    def language(self) -> str:
        """The language of the page, as browsers name it."""
        return manner.current().language

    @property
    def rail(self) -> Markup:
        """The rail, drawn; many people share one, so few are ever drawn."""
        groups = navigation.rail(self.user) if self.user else []
        rail = tuple((heading, tuple(lines)) for heading, lines in groups)
        here = frozenset(line.url for _, lines in rail for line in lines if self.is_here(line.url))
        return _rail(rail, here, self.folded)

    @property
    def new(self) -> list[tuple[str, str, str]]:
        return navigation.recordable(self.user) if self.user else []

    @property
    def messages(self) -> list[tuple[str, str, str]]:
        """Text, level and, where the text says that a draft is saved, the name of the draft."""
        return [
            (str(message), message.level_tag, _draft(message.extra_tags or ""))
            for message in get_messages(self.request)
        ]

    def is_here(self, url: str) -> bool:
        """Does this line of the rail lead to where we are?"""
        return self.path == url if url == "/" else self.path.startswith(url)


@functools.lru_cache(maxsize=256)
def _rail(
    rail: tuple[tuple[str, tuple[navigation.Line, ...]], ...], here: frozenset[str], folded: bool
) -> Markup:
    """A tenth of the work for a page is its rail, and it is the same from page to page."""
    template = _template("parts/rail.html")
    return Markup(template.render(rail=rail, here=here, folded=folded))  # noqa: S704  (a template)


def _template(name: str) -> Template:
    return cast(Jinja2, engines["jinja2"]).env.get_template(name)


def _draft(tags: str) -> str:
    return tags.removeprefix("draft=") if tags.startswith("draft=") else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every template is given; for pages that others draw, a context processor."""
    return {"frame": Frame(request), "csrf": functools.cache(lambda: get_token(request))}


def wants_fragment(request: HttpRequest) -> bool:
    """Does htmx ask for a part of the page?"""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def draw(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    block: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; or, if htmx asks and a block is named, that block of the same template alone."""
    made = _template(template)
    context |= frame(request) | {"request": request}
    if block and wants_fragment(request):
        parts = made.blocks[block](made.new_context(context))
        response = HttpResponse("".join(parts), status=status)
    else:
        response = HttpResponse(made.render(context), status=status)
    if block:
        patch_vary_headers(response, ("HX-Request",))
    return response
