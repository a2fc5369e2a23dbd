"""Idempotency-Key: a request that is sent twice is done once (draft-ietf-httpapi-idempotency-key).

The answer is kept in the transaction of the action: either both are there or neither is. Refusals
are not kept, for they changed nothing.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.people.tokens import key_for
from evenkeel.core.rest.body import Inputs
from evenkeel.core.rest.models import AnsweredOnce
from evenkeel.core.rest.problems import Problem

HEADER = "Idempotency-Key"
PATTERN = r"^[!-~]{1,200}$"
KEPT_FOR = timedelta(hours=24)
_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control")


def done(
    request: HttpRequest,
    user: User,
    given: Inputs,
    do: Callable[[], tuple[HttpResponse, HttpResponse]],
) -> HttpResponse:
    """Do it, unless it was done under the same key; then the same answer again.

    `do` gives the answer to send and the answer to keep, which holds no secret.
    Raises Problem: 400 for a key that is none, 409 while the same key is being answered, 422 for
    a key that was used for another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return do()[0]
    if not re.fullmatch(PATTERN, key):
        raise Problem(400, f"{HEADER} is 1 to 200 visible ASCII characters.")
    print_of_it, now = _fingerprint(request, given), timezone.now()
    with transaction.atomic():
        _claim(user, key)
        if before := _answered(user, key, print_of_it, now):
            return before
        sent, kept = do()
        _keep(AnsweredOnce(person=user, key=key, fingerprint=print_of_it, answered_at=now), kept)
        return sent


def _claim(user: User, key: str) -> None:
    """Hold the key until the transaction ends; whoever comes meanwhile is not kept waiting."""
    name = hashlib.blake2b(f"{user.pk} {key}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name, "big", signed=True)]
        )
        (row,) = cursor.fetchall()
    if not row[0]:
        raise Problem(409, "The same request is being answered; ask again in a moment.")


def _answered(user: User, key: str, fingerprint: bytes, now: datetime) -> HttpResponse | None:
    kept = AnsweredOnce.objects.filter(person=user, key=key, answered_at__gt=now - KEPT_FOR).first()
    if kept is None:
        return None
    if bytes(kept.fingerprint) != fingerprint:
        raise Problem(422, f"This {HEADER} was used for another request.")
    return HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)


def _keep(row: AnsweredOnce, answer: HttpResponse) -> None:
    AnsweredOnce.objects.filter(
        person=row.person, answered_at__lte=row.answered_at - KEPT_FOR
    ).delete()
    row.status, row.body = answer.status_code, answer.content
    row.headers = {name: answer[name] for name in _HEADERS if name in answer}
    row.save(force_insert=True)


def _fingerprint(request: HttpRequest, given: Inputs) -> bytes:
    told = [request.path, request.headers.get("If-Match", ""), given.values]
    # Keyed, because a password may be among the inputs.
    key = key_for("idempotency", settings.SECRET_KEY)
    digest = hashlib.blake2b(msgspec.json.encode(told, order="sorted"), key=key, digest_size=32)
    for name, file in sorted(given.files.items()):
        digest.update(f"{name} {file.name}".encode())
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
    return digest.digest()
