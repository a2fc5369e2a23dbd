"""What a feed of days off named when it was read last; versions of calendars copy it."""

from django.db import models

LONGEST = 500  # letters of an address


class CalendarFeed(models.Model):
    """One address; it is read by the worker alone, and no more than is kept here is known of it."""

    address = models.CharField(max_length=LONGEST, unique=True)
    days = models.JSONField(default=dict)  # "2026-12-24" -> "Christmas closure"
    refused = models.JSONField(default=list)  # sentences about events that were not read
    said = models.CharField(max_length=400, blank=True)  # why it could not be read the last time
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.address
