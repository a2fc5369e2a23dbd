"""What is asked for many records is done by the worker; old reports go."""

from datetime import timedelta

from django.utils import timezone

from evenkeel.core.jobs import every, job
from evenkeel.core.web.together import running
from evenkeel.core.web.together.models import Batch

KEPT_FOR = timedelta(days=90)


@job
def run_batch(batch: int) -> None:
    """Do one verb to many records."""
    running.run(Batch.objects.select_related("person").get(pk=batch))


@every("41 3 * * *")
def forget_batches() -> None:
    """Remove reports on verbs for several records after three months; the entries stay."""
    Batch.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR).delete()
