"""Who may do what with a view."""

from django.apps import apps

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Answer
from evenkeel.core.rules.permissions import Who, holder, sms_manager, sms_owner
from evenkeel.core.web.saved.models import SavedView
from evenkeel.core.web.screen import screens

Sharing = SavedView.Sharing


def sharers(model: type[Record]) -> Who:
    """Those who may show a view to everybody: who runs the process, or the whole SMS."""
    code = getattr(apps.get_app_config(model._meta.app_label), "code", "")
    if not code:
        return (sms_owner | sms_manager).named("the SMS owner or the SMS manager")
    owner, manager = holder(RoleType.PROCESS_OWNER, code), holder(RoleType.PROCESS_MANAGER, code)
    label = f"the process owner or manager of {code}, or the SMS owner or manager"
    return (owner | manager | sms_owner | sms_manager).named(label)


def may_share_with_all(collection: str, user: User) -> bool:
    """May this user show a view of the list to everybody?"""
    return user.is_active and sharers(screens[collection].model).everywhere(user)


def may_edit(view: SavedView, user: User) -> Answer:
    """Its owner; and of what everybody is shown, whoever may show everybody something."""
    if view.owner_id == user.pk:
        return Answer(True)
    if view.sharing == Sharing.ALL and may_share_with_all(view.collection, user):
        return Answer(True)
    return Answer(False, "Only its owner can edit or remove this view; you can save one like it.")


def may_open(view: SavedView, user: User) -> bool:
    """Is the view one's own, or shown to a team of one's own, or to everybody?"""
    if view.sharing == Sharing.TEAM and view.team_id in user.rights.teams:
        return True
    return view.owner_id == user.pk or view.sharing == Sharing.ALL
