"""Django looks for the models of the kernel here; read them in their own rooms."""

from evenkeel.core.clocks.feeding import CalendarFeed
from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.models import Organisation, Person, Role, Team
from evenkeel.core.imports.drafts import ImportDraft
from evenkeel.core.imports.models import ImportRun, KeptRecord, Undoing, WaitingRow
from evenkeel.core.jobs.models import JobFault
from evenkeel.core.notices.letters import Letter
from evenkeel.core.notices.models import Bounce, Notice
from evenkeel.core.people.models import ApiToken, RoleAssignment, TeamMembership, User
from evenkeel.core.people.sessions import Session
from evenkeel.core.people.trail import AccessEntry
from evenkeel.core.privacy.models import Anonymised, Erasure
from evenkeel.core.records.bypasses import Bypass
from evenkeel.core.records.checkpoints import Checkpoint
from evenkeel.core.records.models import (
    Attachment,
    Comment,
    Content,
    Counter,
    DayTally,
    Entry,
    FileText,
    Link,
    Origin,
    Record,
    Reference,
    Task,
    TaskStep,
    Watch,
)
from evenkeel.core.replies.models import ReplyTemplate
from evenkeel.core.rest.models import AnsweredOnce
from evenkeel.core.schemes.models import Scheme, SchemeVersion
from evenkeel.core.search.models import FreshRow, SearchRow, SearchWord
from evenkeel.core.web.once import Submission
from evenkeel.core.web.saved.models import FirstView, SavedView
from evenkeel.core.web.together.models import Batch, BatchResult

__all__ = [
    "AccessEntry",
    "Anonymised",
    "AnsweredOnce",
    "ApiToken",
    "Attachment",
    "Batch",
    "BatchResult",
    "Bounce",
    "Bypass",
    "CalendarFeed",
    "Checkpoint",
    "Clock",
    "Comment",
    "Content",
    "Counter",
    "DayTally",
    "Entry",
    "Erasure",
    "FileText",
    "FirstView",
    "FreshRow",
    "ImportDraft",
    "ImportRun",
    "JobFault",
    "KeptRecord",
    "Letter",
    "Link",
    "Notice",
    "Organisation",
    "Origin",
    "Person",
    "Record",
    "Reference",
    "ReplyTemplate",
    "Role",
    "RoleAssignment",
    "SavedView",
    "Scheme",
    "SchemeVersion",
    "SearchRow",
    "SearchWord",
    "Session",
    "Submission",
    "Task",
    "TaskStep",
    "Team",
    "TeamMembership",
    "Undoing",
    "User",
    "WaitingRow",
    "Watch",
]
