"""Asking for something on one form: for one unit or for several that need the same, with files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.policy import Actor
from crm.services import request_files, requests, shared_needs
from crm.services.request_facts import Facts
from crm.services.request_files import Sent
from crm.services.stored_files import Store
from models.request import Origin, Request, RequestKind, Severity
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Asked:
    """What the form says. ``also``: ids of further units; each gets a request of its own."""

    title: str
    business_need: str
    kind: RequestKind = RequestKind.STANDARD
    origin: Origin = Origin.ASKED
    severity: Severity | None = None
    requester_id: int | None = None
    facts: Facts = field(default_factory=Facts)
    also: Collection[int] = ()
    #: What they all need, in IT's words: no unit reads another's.
    need: str = ""
    files: Sequence[Sent] = ()


def ask(session: Session, *, by: Actor, unit: BusinessUnit, asked: Asked, store: Store, now: datetime) -> Request:
    """The request of ``unit``, with its files. Those of further units begin in the same words, and are their own from
    then on; together they are one need, with ``by`` as its facilitator.

    Raises what ``requests.add`` and ``request_files.add`` raise, Invalid("also" | "need") for further units.
    """
    others = _others(session, by, unit, asked.also)
    own = _add(session, by, unit, asked, asked.requester_id, now)
    request_files.add(session, by=by, request=own, sent=asked.files, store=store, now=now)
    if others:
        theirs = [_add(session, by, other, asked, None, now) for other in others]
        _join(session, by, [own, *theirs], asked.need, now)
    return own


def _join(session: Session, by: Actor, same: Sequence[Request], title: str, now: datetime) -> None:
    try:
        shared_needs.join(session, by=by, requests=same, title=title, facilitator_id=by.id, now=now)
    except Invalid as error:
        raise Invalid("need", str(error)) from error


def _add(
    session: Session, by: Actor, unit: BusinessUnit, asked: Asked, requester_id: int | None, now: datetime
) -> Request:
    return requests.add(
        session,
        by=by,
        unit=unit,
        title=asked.title,
        business_need=asked.business_need,
        now=now,
        requester_id=requester_id,
        origin=asked.origin,
        kind=asked.kind,
        facts=asked.facts,
        severity=asked.severity,
    )


def _others(session: Session, by: Actor, unit: BusinessUnit, also: Collection[int]) -> Sequence[BusinessUnit]:
    wanted = set(also) - {unit.id}
    if not wanted:
        return ()
    if not wanted <= by.covers:
        raise Invalid("also", "Somebody else looks after one of these units.")
    open_ = (BusinessUnit.id.in_(wanted), BusinessUnit.closed_on.is_(None))
    return session.scalars(select(BusinessUnit).where(*open_).order_by(func.lower(BusinessUnit.name))).all()
