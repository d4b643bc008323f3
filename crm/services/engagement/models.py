"""The model of a unit, customer or partner: one on each date, and never without a reason and a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import clock
from crm.services.clashes import told_as
from crm.services.engagement import danger, words
from models.engagement import EngagementModel, Model
from models.meeting import Meeting
from models.unit import BusinessUnit

LONGEST = 2_000
#: Meetings one may choose among, the newest first.
MEETINGS_OFFERED = 50


def current(session: Session, *, unit_id: int, on: date) -> EngagementModel | None:
    """The model in force on that day; None before anybody said. One statement."""
    in_force = select(EngagementModel).where(EngagementModel.unit_id == unit_id, EngagementModel.in_force(on))
    return session.scalars(in_force).one_or_none()


def history(session: Session, *, by: Actor, unit: BusinessUnit) -> Sequence[EngagementModel]:
    """All models of the unit with who said so and the conversation, newest first. One statement."""
    policy.require(by, Action.SEE_ENGAGEMENT, unit)
    mine = select(EngagementModel).where(EngagementModel.unit_id == unit.id)
    told = mine.options(joinedload(EngagementModel.by), joinedload(EngagementModel.meeting))
    return session.scalars(told.order_by(EngagementModel.since.desc(), EngagementModel.id.desc())).all()


def conversations(session: Session, *, unit: BusinessUnit) -> Sequence[Meeting]:
    """The meetings in which a change can have been agreed, newest first. One statement."""
    mine = select(Meeting).where(Meeting.unit_id == unit.id)
    return session.scalars(mine.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(MEETINGS_OFFERED)).all()


def change(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    model: Model,
    since: date,
    why: str,
    meeting_id: int | None,
    now: datetime,
) -> EngagementModel:
    """Another model from that day on; the one before ends. The first needs no conversation, each later one does.

    Raises Invalid("since" | "why" | "meeting_id" | "model"), Conflict("model") when somebody was quicker.
    """
    policy.require(by, Action.SET_ENGAGEMENT, unit)
    last = session.scalars(_last_of(unit)).first()
    _refuse(last, model, since, why, clock.local_date(now, unit.time_zone))
    _check_talk(session, unit, last, meeting_id)
    made = EngagementModel(
        unit_id=unit.id, model=model, since=since, why=why, meeting_id=meeting_id, by_id=by.id, at=now
    )
    with told_as(session, Conflict("model", "Somebody else changed it a moment ago. Look at it again.")):
        if last is not None:
            last.until = since
            session.flush()  # the one before ends first, or the database sees two
        session.add(made)
        session.flush()
    words.follow(session, by=by, unit=unit, model=model, now=now)
    danger.look(session, unit_ids=[unit.id], now=now)
    return made


def _last_of(unit: BusinessUnit) -> Select[EngagementModel]:
    mine = select(EngagementModel).where(EngagementModel.unit_id == unit.id, EngagementModel.until.is_(None))
    return mine.with_for_update()


def _refuse(last: EngagementModel | None, model: Model, since: date, why: str, today: date) -> None:
    if last is not None and last.model is model:
        raise Invalid("model", f"It is a {model.value} already.")
    if since > today:
        raise Invalid("since", "Say from which day on it holds: today or earlier.")
    if last is not None and since <= last.since:
        raise Invalid("since", "That is before the last change. Choose a later day.")
    if not why:
        raise Invalid("why", "Say why. Both sides read it.")
    if len(why) > LONGEST:
        raise Invalid("why", f"Keep it under {LONGEST:,} letters.")


def _check_talk(session: Session, unit: BusinessUnit, last: EngagementModel | None, meeting_id: int | None) -> None:
    if meeting_id is None:
        if last is not None:
            raise Invalid("meeting_id", "Choose the conversation in which you agreed on it.")
        return
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.unit_id != unit.id:
        raise Invalid("meeting_id", f"Choose a meeting with {unit.name}.")
