"""Views of the lists that people of the demonstration keep for themselves and for each other."""

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.web.saved import actions
from evenkeel.core.web.saved.models import SavedView

# Who keeps it, of which list, under which name, what it shows.
VIEWS = (
    ("priya", "incidents", "Grave and open", {"is_open": "yes", "priority": "1,2"}),
    ("priya", "incidents", "On hold, oldest first", {"state": "on_hold", "sort": "recorded_at"}),
    (
        "nils",
        "incidents",
        "By phone, newest first",
        {"channel": "phone", "columns": "number,title,requester,organisation,state,recorded_at"},
    ),
    ("priya", "service_requests", "Board, next due first", {"as": "board", "sort": "due_at"}),
    ("nils", "service_requests", "To be approved", {"state": "approval"}),
)
DESK = ("nils", "incidents", "Waiting for its first look", {"state": "new", "sort": "recorded_at"})


def keep(people: dict[str, User]) -> None:
    """The process manager's for everybody, the desk's for the desk, the rest for their owner."""
    for login, collection, title, params in VIEWS:
        to = "all" if login == "priya" else "own"
        view = SavedView(collection=collection)
        actions.keep(view, by=people[login], title=title, shown_to=to, params=params)
    login, collection, title, params = DESK
    desk = Team.objects.get(title="Service desk").number
    view = SavedView(collection=collection)
    actions.keep(view, by=people[login], title=title, shown_to=desk, params=params)
