"""The addresses of the pages; `/incidents/INC-7/resolve/` is a collection, a number, a verb."""

from django.urls import URLPattern, path

from evenkeel.core.web import lists, work

urlpatterns: list[URLPattern] = [
    path("", work.show, name="home"),
    path("<slug:collection>/", lists.show, name="list"),
]
