"""The addresses of the pages; `/incidents/INC-7/resolve/` is a collection, a number, a verb."""

from django.urls import URLPattern, URLResolver, include, path

from evenkeel.core.web import (
    about,
    attachments,
    clocks,
    doing,
    lists,
    notices,
    processes,
    records,
    reports,
    schemes,
    searching,
    similar,
    suggest,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.show, name="home"),
    path("portal/", include("evenkeel.core.web.portal.urls")),
    path("about/", about.show, name="about"),
    path("search/", searching.show, name="search"),
    path("notices/", notices.show, name="notices"),
    path("notices/settings/", notices.choose, name="notice-settings"),
    path("notices/<int:pk>/", notices.lead, name="notice"),
    path("similar/<slug:collection>/", similar.show, name="similar"),
    path("suggest/<slug:kind>/", suggest.show, name="suggest"),
    path("attachments/<int:pk>/", attachments.show, name="attachment"),
    path("processes/<slug:process>/", processes.show, name="process"),
    path("processes/<slug:process>/<slug:collection>/", processes.states, name="states"),
    path("schemes/<slug:number>/draft/", schemes.draft, name="scheme-draft"),
    path("<slug:collection>/", lists.show, name="list"),
    path("<slug:collection>/record/", doing.create, name="create"),
    path("<slug:collection>/<slug:number>/", records.show, name="record"),
    path("<slug:collection>/<slug:number>/say/", records.say, name="say"),
    path("<slug:collection>/<slug:number>/clock/<slug:kind>/", clocks.derive, name="clock"),
    path("<slug:collection>/<slug:number>/report/", reports.show, name="report"),
    path("<slug:collection>/<slug:number>/report.pdf", reports.as_file, name="report-file"),
    path("<slug:collection>/<slug:number>/report.csv", reports.as_table, name="report-table"),
    path("<slug:collection>/<slug:number>/report/cases/", reports.cases, name="report-cases"),
    path("<slug:collection>/<slug:number>/<slug:verb>/", doing.act, name="act"),
]
