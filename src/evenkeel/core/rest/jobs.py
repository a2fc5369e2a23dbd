"""What of the interface for programs has to be tidied up."""

from django.utils import timezone

from evenkeel.core.jobs import every
from evenkeel.core.rest.models import AnsweredOnce
from evenkeel.core.rest.once import KEPT_FOR


@every("7 * * * *")
def forget_answers() -> None:
    """Remove answers that were kept for requests that are sent twice, after a day."""
    AnsweredOnce.objects.filter(answered_at__lte=timezone.now() - KEPT_FOR).delete()
