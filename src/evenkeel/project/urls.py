"""Pages, API, static; the rest comes from the processes."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("evenkeel.core.web.urls")),
]
