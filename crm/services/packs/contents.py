"""What each kind of pack says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from crm.documents import content
from crm.policy import Actor
from crm.services.packs import board, review
from models.pack import Pack, PackKind
from models.unit import BusinessUnit

Told = Callable[[Session, Actor, Pack, datetime], content.Pack]


def _review(session: Session, by: Actor, pack: Pack, now: datetime) -> content.Pack:
    unit = session.get_one(BusinessUnit, pack.unit_id)
    return review.content(session, by=by, unit=unit, since=pack.since, until=pack.until, now=now)


def _board(session: Session, by: Actor, pack: Pack, now: datetime) -> content.Pack:
    return board.content(session, by=by, since=pack.since, until=pack.until, branch_id=pack.branch_id, now=now)


TOLD: Mapping[PackKind, Told] = {PackKind.REVIEW: _review, PackKind.BOARD: _board}


def of(session: Session, *, by: Actor, pack: Pack, now: datetime) -> content.Pack:
    return TOLD[pack.kind](session, by, pack, now)
