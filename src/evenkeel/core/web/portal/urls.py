"""The addresses of the portal, below /portal/."""

from django.urls import URLPattern, path

from evenkeel.core.web.portal import case, catalogue, pages, status

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="portal"),
    path("status/", status.show, name="portal_status"),
    path("catalogue/", catalogue.show, name="catalogue"),
    path("catalogue/<slug:number>/", catalogue.order, name="catalogue_order"),
    path("cases/", pages.cases, name="portal_cases"),
    path("cases/<slug:number>/", case.show, name="portal_case"),
    path("cases/<slug:number>/reply/", case.reply, name="portal_reply"),
    path("cases/<slug:number>/<slug:verb>/", case.step, name="portal_step"),
    path("<slug:collection>/report/", pages.report, name="portal_report"),
]
