"""The addresses of the API; none ends in a slash, and every other one is a problem, no page."""

from django.urls import URLPattern, path, re_path, register_converter

from evenkeel.core.rest import (
    board,
    figures,
    lists,
    mail,
    on_duty,
    openapi,
    overrides,
    parts,
    personal,
    processes,
    records,
    searching,
    together,
    verbs,
    views,
)
from evenkeel.core.rest.endpoint import Endpoint, nothing_here


class Number:
    """The number of a record: INC-7."""

    regex = r"[A-Z]{2,8}-[0-9]{1,12}"

    def to_python(self, text: str) -> str:
        """As it stands."""
        return text

    def to_url(self, number: str) -> str:
        """As it stands."""
        return number


class Key:
    """The key of an attachment."""

    regex = r"[0-9]{1,18}"

    def to_python(self, text: str) -> int:
        """As a number."""
        return int(text)

    def to_url(self, key: int) -> str:
        """As digits."""
        return str(key)


class Code(Number):
    """The code of a figure: ISRM-K1."""

    regex = r"[A-Z]{2,8}-K[0-9]{1,3}"


register_converter(Number, "number")
register_converter(Code, "figure")
register_converter(Key, "key")

urlpatterns: list[URLPattern] = [
    path("", Endpoint(is_open=True, GET=openapi.index)),
    path("openapi.json", Endpoint(is_open=True, GET=openapi.document)),
    path("search", Endpoint(GET=searching.show)),
    path("views", Endpoint(GET=views.show, POST=views.add)),
    path("views/<key:key>", Endpoint(POST=views.edit, DELETE=views.remove)),
    path("together/<key:key>", Endpoint(GET=together.show)),
    path("board", Endpoint(GET=board.show)),
    path("processes", Endpoint(GET=processes.show)),
    path("mail/bounced", Endpoint(POST=mail.bounced)),
    path("overrides", Endpoint(GET=overrides.show)),
    path("attachments/<key:key>", Endpoint(GET=parts.file)),
    path("figures", Endpoint(GET=figures.index)),
    path("figures/<figure:code>", Endpoint(GET=figures.show)),
    path("figures/<figure:code>/<slug:month>", Endpoint(GET=figures.behind)),
    path("teams/<number:number>/on-duty", Endpoint(GET=on_duty.show)),
    path("people/<number:number>/personal-data", Endpoint(GET=personal.show)),
    path("<slug:collection>", Endpoint(GET=lists.show, POST=verbs.record)),
    path("<slug:collection>/together/<slug:verb>", Endpoint(POST=together.do)),
    path("<slug:collection>/<number:number>", Endpoint(GET=records.show)),
    *(
        path(f"<slug:collection>/<number:number>/{part}", Endpoint(GET=parts.show), {"part": part})
        for part in (*records.PARTS, records.CLOCKS, records.KEPT)
    ),
    path("<slug:collection>/<number:number>/<slug:verb>", Endpoint(POST=verbs.do)),
    re_path("", nothing_here),
]
