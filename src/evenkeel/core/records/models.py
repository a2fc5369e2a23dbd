"""All the tables of the records room, for those who import them by one name."""

from evenkeel.core.records.comments import Attachment, Comment, Content, FileText
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.links import Link, LinkKind, Origin, Reference
from evenkeel.core.records.numbering import Counter
from evenkeel.core.records.presence import Presence
from evenkeel.core.records.record import Record
from evenkeel.core.records.tally import DayTally
from evenkeel.core.records.tasks import Task, TaskStep, Watch

__all__ = [
    "Attachment",
    "Audience",
    "Comment",
    "Content",
    "Counter",
    "DayTally",
    "Entry",
    "FileText",
    "Link",
    "LinkKind",
    "Origin",
    "Presence",
    "Record",
    "Reference",
    "Task",
    "TaskStep",
    "Via",
    "Watch",
]
