"""Working minutes: the demonstration happens Monday to Friday from eight to six, and never later
than now."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

OPENS, DAY = 8, 600  # the hour, and the minutes of a working day


class WorkingTime:
    """Moments of the past days, counted in working minutes since their first morning."""

    def __init__(self, now: datetime, days: int) -> None:
        here = timezone.localtime(now)
        dates = [here.date() - timedelta(days=back) for back in range(days - 1, -1, -1)]
        self.dates = [date for date in dates if date.weekday() < 5]
        self.now, self.zone = now, timezone.get_current_timezone()
        self.until = self._elapsed(here)

    def _elapsed(self, here: datetime) -> int:
        """How many working minutes there are before now."""
        if not self.dates or self.dates[-1] != here.date():
            return len(self.dates) * DAY
        today = int((here - self._opening(len(self.dates) - 1)).total_seconds() // 60)
        return (len(self.dates) - 1) * DAY + max(0, min(today, DAY))

    def _opening(self, day: int) -> datetime:
        return datetime.combine(self.dates[day], time(OPENS), self.zone)

    def moment(self, minute: int) -> datetime:
        """The moment of a working minute; seconds differ, as they do in life. Never after now."""
        minute = min(minute, self.until - 1)
        day, rest = divmod(minute, DAY)
        seconds = minute * 7919 % 60
        at = self._opening(day) + timedelta(minutes=rest, seconds=seconds)
        return min(at, self.now - timedelta(seconds=1))

    def arrivals(self, how_many: int, chance: Random) -> list[int]:
        """So many working minutes before now, more of them in the morning, in order."""
        minutes = [
            chance.randrange(len(self.dates)) * DAY + int(chance.triangular(0, DAY - 1, 90))
            for _ in range(how_many)
        ]
        return sorted(minute for minute in minutes if minute < self.until)
