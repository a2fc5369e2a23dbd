"""What people do with views; page and API call the same."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.saved import permissions, state
from evenkeel.core.web.saved.models import LONGEST, FirstView, SavedView
from evenkeel.core.web.screen import screens

Sharing = SavedView.Sharing


def keep(
    view: SavedView, *, by: User, title: str, shown_to: str, params: Mapping[str, str] | None = None
) -> SavedView:
    """Keep a view: a new one, or another name, audience or state for one that there is.

    `shown_to` is "own", "all" or the number of a team. Raises Denied and Invalid.
    """
    if view.pk:
        _check_may_edit(view, by)
    else:
        view.owner = by
    view.title = _title(title)
    _show_to(view, shown_to, by)
    if params is not None:
        view.query = _query(view.collection, params, by)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        said = f"{'You have' if view.owner_id == by.pk else 'Its owner has'} a view of this name."
        raise Invalid({"title": [said]}) from taken
    return view


def keep_state(view: SavedView, *, by: User, params: Mapping[str, str]) -> None:
    """Let the view show what the list shows now."""
    _check_may_edit(view, by)
    view.query = _query(view.collection, params, by)
    view.save(update_fields=["query"])


def remove(view: SavedView, *, by: User) -> None:
    """Forget the view. The records are what they were."""
    _check_may_edit(view, by)
    view.delete()


def begin_with(collection: str, view: SavedView | None, *, by: User) -> None:
    """Begin the list with this view from now on; with None as everybody does."""
    if view is None:
        FirstView.objects.filter(person=by, collection=collection).delete()
    else:
        FirstView.objects.update_or_create(
            person=by, collection=collection, defaults={"view": view}
        )


def _check_may_edit(view: SavedView, by: User) -> None:
    if not (answer := permissions.may_edit(view, by)):
        raise Denied(answer.reason)


def _title(title: str) -> str:
    cleaned = " ".join(title.replace("\x00", "").split())
    if not cleaned:
        raise Invalid({"title": ["Give it a name."]})
    if len(cleaned) > (most := SavedView._meta.get_field("title").max_length or 0):
        raise Invalid({"title": [f"At most {most} characters; these are {len(cleaned)}."]})
    return cleaned


def _show_to(view: SavedView, shown_to: str, by: User) -> None:
    if view.pk and shown_to == audience(view):  # as it is: the team may be its owner's alone
        return
    view.team = None
    if shown_to == Sharing.OWN:
        view.sharing = Sharing.OWN
    elif shown_to == Sharing.ALL:
        if not permissions.may_share_with_all(view.collection, by):
            label = permissions.sharers(screens[view.collection].model).label
            raise Invalid({"shown_to": [f"Only {label} can show a view to everybody."]})
        view.sharing = Sharing.ALL
    elif shown_to in by.rights.team_numbers:
        view.sharing, view.team = Sharing.TEAM, Team.objects.get(number=shown_to)
    else:
        raise Invalid({"shown_to": ["To yourself, to a team of yours, or to everybody."]})


def audience(view: SavedView) -> str:
    """To whom it is shown, as `shown_to` says it."""
    return view.team.number if view.team else view.sharing


def _query(collection: str, params: Mapping[str, str], by: User) -> str:
    """Raises Invalid for a state that the list itself would refuse."""
    screen = screens[collection]
    kept = state.known(screen, by, screen.renamed(params))
    _ = Listing(screen, by, kept).matching
    query = state.written(kept)
    if len(query) > LONGEST:
        raise Invalid({"": ["There are too many filters to be kept."]})
    return query
