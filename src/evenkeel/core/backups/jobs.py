"""The backup of every night."""

import logging

from django.conf import settings

from evenkeel.core.backups import keeping
from evenkeel.core.jobs import LONG, every

logger = logging.getLogger(__name__)


@every("47 1 * * *", LONG)
def back_up() -> None:
    """Make a backup and remove the oldest, as far as backups by the timetable are wanted."""
    if settings.BACKUPS_KEPT:
        keeping.back_up_by_timetable(logger.info)
