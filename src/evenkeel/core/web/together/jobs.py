"""What is asked for many records is done by the worker; old reports go."""

from datetime import timedelta

from django.utils import timezone

from evenkeel.core.jobs import every, job
from evenkeel.core.schemes import retention
from evenkeel.core.web.together import running
from evenkeel.core.web.together.models import Batch


@job
def run_batch(batch: int) -> None:
    """Do one verb to many records."""
    running.run(Batch.objects.select_related("person").get(pk=batch))


@every("41 3 * * *")
def forget_batches() -> None:
    """Remove reports on verbs for several records after three months; the entries stay."""
    now = timezone.now()
    kept = timedelta(days=retention.rules(now).days("batch_reports"))
    Batch.objects.filter(asked_at__lt=now - kept).delete()
