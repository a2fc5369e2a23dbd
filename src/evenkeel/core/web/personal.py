"""What is held on somebody, as a download: of oneself, or of those who ask us for it."""

from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import User
from evenkeel.core.privacy import handing
from evenkeel.core.records import readable
from evenkeel.core.web.door import visitor
from evenkeel.core.web.visitor import signed_in


@require_safe
@signed_in
def mine(request: HttpRequest, user: User) -> StreamingHttpResponse:
    """Of whoever is signed in."""
    person: Any = Person.objects.filter(user=user).first()
    if person is None:
        raise Http404("Your account belongs to nobody in the directory; ask the SMS manager.")
    return answer(request, user, person)


@require_safe
@signed_in
def theirs(request: HttpRequest, user: User, number: str) -> StreamingHttpResponse:
    """Of the person of that number."""
    person: Person | None = readable.one(Person, number.upper(), user)
    if person is None:
        raise Http404(f"There is no {number}, or it is not yours to see.")
    return answer(request, user, person)


def answer(request: HttpRequest, user: User, person: Person) -> StreamingHttpResponse:
    """The archive as a file to save. Raises Denied."""
    now = timezone.now()
    name = f"{person.number}-{timezone.localdate().isoformat()}.zip"
    return StreamingHttpResponse(
        handing.hand_out(person, by=user, visitor=visitor(request), at=now),
        content_type=handing.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
