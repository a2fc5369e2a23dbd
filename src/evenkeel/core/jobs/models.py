"""Why a job failed, kept beside the queue: the queue itself forgets it."""

from datetime import datetime

from django.db import models


class JobFault(models.Model):
    """The last failure of a job. Not bound to the job, which goes when it is done."""

    job = models.BigIntegerField(primary_key=True)
    said = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.said

    @classmethod
    def note(cls, job: int, said: str, at: datetime) -> None:
        """In place of what was noted of an earlier attempt."""
        cls.objects.update_or_create(job=job, defaults={"said": said[:300], "at": at})
