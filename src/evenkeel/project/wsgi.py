"""The door of the web server, with all the pages behind it."""

import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver
from jinja2 import Environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenkeel.project.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  (else the first request loads them)
_templates: Environment = engines["jinja2"].env  # type: ignore[attr-defined]  # it is Jinja's
for _name in _templates.list_templates():
    _templates.get_template(_name)
