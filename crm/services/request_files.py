"""Files of a request: limited in size, number and kind, kept outside of what is served, gone with the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Forbidden, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import file_kinds, throttle
from crm.services.stored_files import Store
from crm.services.throttle import Limit
from models.request import Request
from models.request_part import Attachment

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
#: A phone that sends again and again.
FILES_BY_PERSON = Limit("file", 100, 60)


@dataclass(frozen=True)
class Sent:
    """A file as it came in. ``name``: as the browser calls it."""

    name: str
    content: bytes


def add(
    session: Session, *, by: Actor, request: Request, sent: Sequence[Sent], store: Store, now: datetime
) -> list[Attachment]:
    """Keep these files with the request: all of them, or none. What is there already is not kept twice.

    Raises Invalid("files") with the name of what is refused, TooMany, Forbidden for who may not correct the request.
    """
    policy.require(by, Action.EDIT_REQUEST, request)
    sent = _new(session, request, sent)
    if not sent:
        return []
    media_types = [_refuse(file) for file in sent]
    throttle.check(session, FILES_BY_PERSON, str(by.id), now)
    for _ in sent:
        throttle.count(session, FILES_BY_PERSON, str(by.id), now)
    added = [
        Attachment(
            request_id=request.id,
            name=file_kinds.plain_name(file.name),
            media_type=media_type,
            size=len(file.content),
            key=store.write(session, file.content),
            added_at=now,
            by_id=by.id,
        )
        for file, media_type in zip(sent, media_types, strict=True)
    ]
    session.add_all(added)
    session.flush()
    return added


def _new(session: Session, request: Request, sent: Sequence[Sent]) -> Sequence[Sent]:
    """Those that are not there already: Send was pressed twice, or the Back button."""
    kept = select(Attachment.name, Attachment.size).where(Attachment.request_id == request.id)
    there = {(row.name, row.size) for row in session.execute(kept)}
    new = [file for file in sent if (file_kinds.plain_name(file.name), len(file.content)) not in there]
    left = MOST_FILES - len(there)
    if len(new) > left:
        room = f"There is room for {left} more." if left else "There is room for none more."
        raise Invalid("files", f"A request has up to {MOST_FILES} files. {room}")
    return new


def _refuse(file: Sent) -> str:
    """What the file is."""
    name = file_kinds.plain_name(file.name)
    if not file.content:
        raise Invalid("files", f"“{name}” is empty.")
    if len(file.content) > MOST_BYTES:
        raise Invalid("files", f"“{name}” has more than {MOST_BYTES // 1024**2} MB.")
    found = file_kinds.media_type(name, file.content)
    if found is None:
        is_known = file_kinds.ending(name) in file_kinds.KINDS
        why = "is not what its name says" if is_known else "is of a kind we do not keep"
        raise Invalid("files", f"“{name}” {why}. We take {file_kinds.IN_WORDS}.")
    return found


def of_request(session: Session, *, request_id: int) -> Sequence[Attachment]:
    """In the order they came, with who added them. One statement; the caller has checked the right to see them."""
    mine = select(Attachment).where(Attachment.request_id == request_id).options(joinedload(Attachment.by))
    return session.scalars(mine.order_by(Attachment.id)).all()


def find(session: Session, *, request: Request, file_id: int) -> Attachment:
    """A file of this request, which was loaded through access. Raises NotFound."""
    found = session.get(Attachment, file_id)
    if found is None or found.request_id != request.id:
        raise NotFound("There is no such file.")
    return found


def path_of(file: Attachment, *, store: Store) -> Path:
    """Where its bytes lie. Raises NotFound when they were lost, as after a restore without the instance folder."""
    path = store.path(file.key)
    if not path.is_file():
        raise NotFound("The file is not there any more.")
    return path


def remove(session: Session, *, by: Actor, request: Request, file: Attachment, store: Store) -> None:
    """Take one file away: who added it, and who looks after the unit. Raises Forbidden."""
    policy.require(by, Action.EDIT_REQUEST, request)
    if not may_remove(by, request, file):
        raise Forbidden("Somebody else added this file.")
    session.delete(file)
    session.flush()
    store.remove(session, file.key)


def may_remove(by: Actor, request: Request, file: Attachment) -> bool:
    is_theirs = file.by_id == by.id and policy.can(by, Action.EDIT_REQUEST, request)
    return is_theirs or policy.can(by, Action.DECIDE_REQUEST, request)


def remove_all(session: Session, *, request: Request, store: Store) -> None:
    """With the request; the caller has checked that it may go."""
    for file in session.scalars(select(Attachment).where(Attachment.request_id == request.id)).all():
        session.delete(file)
        store.remove(session, file.key)
    session.flush()


def sweep(session: Session, *, store: Store, now: datetime) -> int:
    """Remove bytes whose row is gone; how many."""
    return store.sweep(set(session.scalars(select(Attachment.key))), now=now)
