"""What is kept of a view, and which view somebody begins a list with."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User

LONGEST = 2000  # characters of an address


class SavedView(models.Model):
    """A list as somebody left it, under a name."""

    class Sharing(models.TextChoices):
        OWN = "own", "Only me"
        TEAM = "team", "A team"
        ALL = "all", "Everybody who may open the list"

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    collection = models.CharField(max_length=40)
    title = models.CharField("name", max_length=80)
    query = models.CharField(max_length=LONGEST, blank=True)  # in the order of `state.written`
    sharing = models.CharField(max_length=4, choices=Sharing.choices, default=Sharing.OWN)
    team = models.ForeignKey("core.Team", models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "owner", "title"], name="one_view_of_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(sharing="team") ^ models.Q(team=None),
                name="a_view_for_a_team_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """The list in this state; the key says which view it was opened by."""
        return f"/{self.collection}/?{self.query}{'&' if self.query else ''}view={self.pk}"


class FirstView(models.Model):
    """With which view somebody begins a list."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    collection = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="first_of")

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "collection"], name="one_first_view"),
        ]

    def __str__(self) -> str:
        return f"{self.collection} of {self.person}"
