"""The addresses of the pages; `/incidents/INC-7/resolve/` is a collection, a number, a verb."""

from django.urls import URLPattern, path

from evenkeel.core.web import lists

urlpatterns: list[URLPattern] = [
    path("", lists.home, name="home"),
    path("<slug:collection>/", lists.show, name="list"),
]
