"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from evenkeel.core.database.parent import end_with_parent

# A process of the web server that outlived it would go on answering on the same port.
end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenkeel.project.settings")
application = get_wsgi_application()
