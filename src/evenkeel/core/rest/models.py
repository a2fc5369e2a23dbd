"""What was answered to a request that bore an Idempotency-Key, so that it is done once."""

from typing import ClassVar

from django.db import models

from evenkeel.core.people.models import User


class AnsweredOnce(models.Model):
    """The answer to one key of one account; the same request again gets it again."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32)  # of the request: address, version, inputs
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    answered_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "answered_at"], name="answers_by_age"),
        ]

    def __str__(self) -> str:
        return self.key
