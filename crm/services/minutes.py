"""Shared minutes: what the unit reads of a meeting. Each sharing fixes a version; a correction is the next one."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Actor
from crm.services import attendees, minutes_replies
from crm.services.search import contains
from models.meeting import Attendance, Meeting, Presence
from models.minutes import MinutesVersion
from models.person import Person
from models.unit import BusinessUnit

LONGEST_REASON = 500
NOT_SHARED = "IT has not shared minutes of this meeting yet."


def reads_working_copy(by: Actor) -> bool:
    """Whether this person reads what IT writes, or only what was shared."""
    return policy.can(by, policy.Action.SEE_INTERNAL_NOTES)


def readable(session: Session, *, by: Actor, meetings: Collection[Meeting]) -> dict[int, str]:
    """What this person may read of each meeting, by id: IT the working copy, the business the newest shared version,
    "" where none was shared. One statement at most. The caller has found the meetings through the policy."""
    if reads_working_copy(by):
        return {meeting.id: meeting.minutes for meeting in meetings}
    shared = [meeting.id for meeting in meetings if meeting.shared_version]
    texts = dict.fromkeys((meeting.id for meeting in meetings), "")
    if shared:
        newest = select(Meeting.id, MinutesVersion.text).join(MinutesVersion, _is_newest())
        texts.update({row.id: row.text for row in session.execute(newest.where(Meeting.id.in_(shared)))})
    return texts


def mentions(by: Actor, text: str) -> ColumnElement[bool]:
    """The condition on Meeting that what this person may read of it contains the text."""
    if reads_working_copy(by):
        return contains(text, Meeting.minutes, Meeting.internal_notes)
    return exists().where(_is_newest(), contains(text, MinutesVersion.text)).correlate(Meeting)


def _is_newest() -> ColumnElement[bool]:
    return and_(MinutesVersion.meeting_id == Meeting.id, MinutesVersion.number == Meeting.shared_version)


def share(
    session: Session, *, by: Actor, meeting: Meeting, reason: str = "", now: datetime, seen: int | None = None
) -> MinutesVersion:
    """Fix what is written as the next version, and ask by mail everyone of the business who was there whether it is
    right. Sharing the same words again gives the version there is.

    ``reason``: what was corrected; needed from the second version on. ``seen``: the revision that was looked at.
    Raises Invalid("minutes") when nothing is written, Invalid("reason"), Conflict("minutes") when somebody changed
    the minutes since.
    """
    policy.require(by, policy.Action.LOG_MEETING, meeting)
    session.refresh(meeting, ["minutes", "revision", "shared_version"], with_for_update=True)
    if seen is not None and seen != meeting.revision:
        raise Conflict("minutes", "Somebody changed the minutes a moment ago. This is how they read now.")
    if not meeting.minutes:
        raise Invalid("minutes", "Nothing is written yet that could be shared.")
    last = newest(session, meeting=meeting)
    if last and last.text == meeting.minutes:
        return last
    version = MinutesVersion(
        meeting_id=meeting.id,
        number=meeting.shared_version + 1,
        text=meeting.minutes,
        reason=_checked(reason) if last else "",
        shared_at=now,
        shared_by_id=by.id,
    )
    meeting.shared_version = version.number
    session.add(version)
    session.flush()
    unit = session.get_one(BusinessUnit, meeting.unit_id)
    for person in asked(session, meeting=meeting):
        minutes_replies.ask(session, by=by, meeting=meeting, unit=unit, version=version, person=person, now=now)
    return version


def _checked(reason: str) -> str:
    if not reason:
        raise Invalid("reason", "Say what was corrected. Those who were there read it.")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"Keep it under {LONGEST_REASON} letters.")
    return reason


def asked(session: Session, *, meeting: Meeting) -> Sequence[Person]:
    """Who of the business was there: those whom sharing asks whether the minutes are right. Two statements."""
    there = (Attendance.meeting_id == meeting.id, Attendance.presence == Presence.PRESENT)
    return attendees.from_business(session, session.scalars(select(Attendance.person_id).where(*there)).all())


def newest(session: Session, *, meeting: Meeting) -> MinutesVersion | None:
    """The version that holds, with who shared it; None before the first."""
    mine = (MinutesVersion.meeting_id == meeting.id, MinutesVersion.number == meeting.shared_version)
    return session.scalar(select(MinutesVersion).where(*mine).options(joinedload(MinutesVersion.shared_by)))


def versions(session: Session, *, by: Actor, meeting: Meeting) -> Sequence[MinutesVersion]:
    """All that was shared of a meeting found through ``meetings.find``, the newest first, with who shared it.

    Raises NotFound when nothing was."""
    policy.require(by, policy.Action.SEE_MEETINGS, meeting)
    mine = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting.id)
    loaded = mine.options(joinedload(MinutesVersion.shared_by))
    found = session.scalars(loaded.order_by(MinutesVersion.number.desc())).all()
    if not found:
        raise NotFound(NOT_SHARED)
    return found


class Unshared(enum.StrEnum):
    """What of a meeting waits to be shared."""

    ALL = "all"
    CORRECTION = "correction"


def unshared(meeting: Meeting, version: MinutesVersion | None) -> Unshared | None:
    """What the working copy says that the unit does not read yet. ``version``: the newest, if there is one."""
    if version is None:
        return Unshared.ALL if meeting.minutes else None
    return Unshared.CORRECTION if meeting.minutes and meeting.minutes != version.text else None
