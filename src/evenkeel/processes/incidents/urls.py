"""The addresses of the service desk's own pages."""

from django.urls import URLPattern, path

from evenkeel.processes.incidents import views

urlpatterns: list[URLPattern] = [
    path("quality/", views.records, name="record-quality"),
    path("channels/", views.channels, name="channels"),
    path("events/", views.events, name="events"),
    path("trends/", views.trends, name="trends"),
]
