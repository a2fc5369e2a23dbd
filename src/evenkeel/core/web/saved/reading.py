"""Which views somebody is offered: one query, whatever their number."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenkeel.core.people.models import User
from evenkeel.core.web.saved.models import FirstView, SavedView

Sharing = SavedView.Sharing


def offered(user: User, collection: str = "") -> QuerySet[SavedView]:
    """One's own, those of one's teams and those for everybody; each knows whether it is first."""
    own = Q(owner=user) | Q(sharing=Sharing.ALL) | Q(team__in=user.rights.teams)
    first = FirstView.objects.filter(view=OuterRef("pk"), person=user)
    found = SavedView.objects.filter(own).annotate(is_first=Exists(first))
    found = found.select_related("owner", "team").order_by("collection", "title", "pk")
    return found.filter(collection=collection) if collection else found


def first(user: User, collection: str) -> SavedView | None:
    """The view with which this person begins the list, as long as it is offered to them."""
    return offered(user, collection).filter(first_of__person=user).first()
