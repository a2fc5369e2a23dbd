"""Comment and Attachment: what people say about a record, and the files they add."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record


class Comment(models.Model):
    """Something said about a record: to everybody who sees it, or inside the process only."""

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="comments", db_index=False
    )  # comments_of_record begins with it
    audience = models.CharField(max_length=10, choices=Audience.choices)
    text = models.TextField()
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        indexes: ClassVar = [models.Index(fields=["record", "said_at"], name="comments_of_record")]

    def __str__(self) -> str:
        return self.text[:80]


class Content(models.Model):
    """The bytes of a file, stored once however often it is attached; named by their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()  # in bytes
    stored_at = models.DateTimeField()
    # When its text was read for the search, and why it was not, where it could not be.
    read_at = models.DateTimeField(null=True, blank=True)
    unread = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            models.Index(
                fields=["stored_at"],
                name="content_to_read",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


class FileText(models.Model):
    """The text of a content, for the search; made from the file, and made again at any time."""

    content = models.OneToOneField(Content, models.CASCADE, primary_key=True, related_name="+")
    text = models.TextField()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(models.Model):
    """A file that belongs to a record, under the name it came with."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="attachments")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            models.Index(fields=["record", "added_at"], name="attachments_of_record")
        ]

    def __str__(self) -> str:
        return self.filename
