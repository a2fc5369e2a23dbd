"""Pages, API, static; the rest comes from the processes."""

from django.urls import URLPattern, URLResolver, include, path

from evenkeel.core.process import addresses, programs

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("evenkeel.core.web.accounts")),
    *(path("api/", include(name)) for name in programs()),
    path("api/", include("evenkeel.core.rest.urls")),
    *(path("", include(name)) for name in addresses()),  # before those that any word would fit
    path("", include("evenkeel.core.web.urls")),
]

handler400 = "evenkeel.core.web.errors.not_understood"
handler403 = "evenkeel.core.web.errors.refused"
handler404 = "evenkeel.core.web.errors.not_there"
handler429 = "evenkeel.core.web.errors.too_often"
handler500 = "evenkeel.core.web.errors.broken"
