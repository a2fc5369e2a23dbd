"""The bytes of an attachment, streamed to those who may see its record and are of its audience."""

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records import readable, reads
from evenkeel.core.records.store import pieces
from evenkeel.core.web.door import visitor
from evenkeel.core.web.visitor import signed_in

# Pictures may be looked at in place; whatever could run in the browser is only ever saved.
LOOKED_AT = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@require_safe
@signed_in
def show(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """The file as it was added, or 404 where one may not see it."""
    found = readable.attachment(pk, user)
    if found is None:
        raise Http404("There is no such file, or it is not yours to see.")
    reads.note(found.record, user, visitor(request), what=found.filename)
    saved = found.media_type not in LOOKED_AT
    return StreamingHttpResponse(
        pieces(found.content_id),
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(saved, found.filename) or "",
            "Content-Length": str(found.content.size),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=300",
        },
    )
