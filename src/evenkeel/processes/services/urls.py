"""The addresses of the portfolio's own pages."""

from django.urls import URLPattern, path

from evenkeel.processes.services import views

urlpatterns: list[URLPattern] = [path("portfolio/", views.portfolio, name="portfolio")]
