"""Correcting a meeting that was saved: by one, or by two at once, of whom the second sees what the first changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Actor
from crm.services import attendees, clock, meeting_additions, reviews
from crm.services.engagement import danger
from crm.services.meeting_additions import Additions
from crm.services.meeting_mistakes import STRANGER
from crm.services.text_changes import Marks, merge
from models.audit import AuditEntry
from models.meeting import AskedBy, Attendance, Meeting, MeetingKind, Presence
from models.remark import Decision, Praise
from models.request import Request
from models.review import Review
from models.unit import BusinessUnit

#: Minutes of the clock.
LONGEST = 24 * 60
TEXTS = ("minutes", "internal_notes")


@dataclass(frozen=True)
class Told:
    """What can be corrected of a meeting, as somebody saw it or wants it."""

    kind: MeetingKind
    held_on: date
    lasted: int | None = None
    attendees: Mapping[int, Presence] = field(default_factory=dict)
    minutes: str = ""
    internal_notes: str = ""
    asked_by: AskedBy | None = None


class ChangedMeanwhile(Conflict):
    """Somebody else saved first. ``told``: both changes together, to look at and save; ``theirs``: what is saved;
    ``revision``: of what is saved; ``unsettled``: fields both changed, each in another way."""

    def __init__(self, who: str, revision: int, theirs: Told, told: Told, unsettled: tuple[str, ...]) -> None:
        super().__init__("", f"{who} saved this meeting while you wrote.")
        self.who = who
        self.revision, self.theirs, self.told, self.unsettled = revision, theirs, told, unsettled


#: A line of :func:`marks`.
MARKED = re.compile(r"^\s*(▼ .+ saved this:|▼ You wrote this:|▲ Keep what is right, .+)\s*$", re.MULTILINE)


def marks(who: str) -> Marks:
    """What stands around a place that two people wrote differently."""
    return Marks(f"▼ {who} saved this:", "▼ You wrote this:", "▲ Keep what is right, and take these three lines away.")


def as_saved(session: Session, *, meeting: Meeting) -> Told:
    """The meeting as it is. One statement."""
    there = select(Attendance.person_id, Attendance.presence).where(Attendance.meeting_id == meeting.id)
    return Told(
        kind=meeting.kind,
        held_on=meeting.held_on,
        lasted=meeting.lasted,
        attendees={row.person_id: row.presence for row in session.execute(there)},
        minutes=meeting.minutes,
        internal_notes=meeting.internal_notes,
        asked_by=meeting.asked_by,
    )


def correct(
    session: Session, *, by: Actor, meeting: Meeting, seen: Told, revision: int, told: Told, now: datetime
) -> Additions | None:
    """Write a meeting of ``meetings.find`` anew, and keep what new lines with a mark say; returns that, None when
    nothing changed. ``seen`` and ``revision``: what ``by`` began with.

    Raises ChangedMeanwhile when somebody saved since; else Invalid or Conflict for the first of :func:`mistakes`. What
    it was stays in the audit trail. A review that it held follows the day and the kind.
    """
    policy.require(by, policy.Action.LOG_MEETING, meeting)
    columns = ["kind", "asked_by", "held_on", "lasted", "minutes", "internal_notes", "revision", "review_id"]
    session.refresh(meeting, columns, with_for_update=True)
    saved = as_saved(session, meeting=meeting)
    if meeting.revision != revision and told != saved:
        raise _together(_last_editor(session, meeting), meeting.revision, seen, saved, told)
    for mistake in mistakes(session, meeting=meeting, told=told, now=now):
        raise mistake
    if told == saved:
        return None
    added = meeting_additions.find(
        session, by=by, meeting=meeting, kind=told.kind, held_on=told.held_on, minutes=told.minutes, now=now
    )
    _follow(session, meeting, told)
    _keep_attendance(session, meeting, saved, told)
    for name in ("kind", "asked_by", "held_on", "lasted", *TEXTS):
        setattr(meeting, name, getattr(told, name))
    meeting.revision += 1
    session.flush()
    meeting_additions.keep(session, by=by, meeting=meeting, added=added, now=now)
    danger.look(session, unit_ids=[meeting.unit_id], now=now)
    return added


# ---- Two at once


def _together(who: str, revision: int, seen: Told, theirs: Told, mine: Told) -> ChangedMeanwhile:
    """Both changes in one, field by field; where both changed the same, mine stands and is named."""
    both: dict[str, tuple[Any, bool]] = {}
    for one in fields(Told):
        before, saved, wanted = (getattr(version, one.name) for version in (seen, theirs, mine))
        if one.name in TEXTS:
            text = merge(before, saved, wanted, marks(who))
            both[one.name] = text.text, text.conflicts > 0
        elif one.name == "attendees":
            both[one.name] = _attendance_together(before, saved, wanted)
        else:
            both[one.name] = _value_together(before, saved, wanted)
    told = replace(mine, **{name: value for name, (value, _) in both.items()})
    return ChangedMeanwhile(who, revision, theirs, told, tuple(name for name, (_, clash) in both.items() if clash))


def _value_together(before: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
    """What holds, and whether both changed it differently."""
    if mine == before:
        return theirs, False
    return mine, theirs not in (before, mine)


Presences = Mapping[int, Presence]


def _attendance_together(before: Presences, theirs: Presences, mine: Presences) -> tuple[dict[int, Presence], bool]:
    found: dict[int, Presence] = {}
    clash = False
    for person_id in sorted({*before, *theirs, *mine}):
        value, both = _value_together(before.get(person_id), theirs.get(person_id), mine.get(person_id))
        clash = clash or both
        if value is not None:
            found[person_id] = value
    return found, clash


def _last_editor(session: Session, meeting: Meeting) -> str:
    """Who saved it last, as the audit trail has it."""
    entries = select(AuditEntry).where(AuditEntry.entity == "meeting", AuditEntry.entity_id == str(meeting.id))
    last = session.scalar(entries.options(joinedload(AuditEntry.by)).order_by(AuditEntry.id.desc()).limit(1))
    return last.by.name if last and last.by else "Somebody else"


# ---- What cannot be taken


def mistakes(session: Session, *, meeting: Meeting, told: Told, now: datetime) -> list[Invalid]:
    """Everything that keeps this correction from being saved. Fields: ``held_on``, ``kind``, ``lasted``,
    ``attendees``, ``minutes``, ``internal_notes``."""
    unit = session.get_one(BusinessUnit, meeting.unit_id)
    today = clock.local_date(now, unit.time_zone)
    return [
        *_in_the_day(session, meeting, told, today),
        *_in_the_duration(told),
        *_in_the_attendees(session, unit, told, {told.held_on, meeting.held_on, today}),
        *_in_the_texts(told),
    ]


def _in_the_day(session: Session, meeting: Meeting, told: Told, today: date) -> Iterator[Invalid]:
    if told.held_on > today:
        yield Invalid("held_on", "That day is still to come.")
    review = session.get(Review, meeting.review_id) if meeting.review_id else None
    stays = review is not None and told.kind is MeetingKind.REVIEW
    if review and stays and not review.period_since <= told.held_on < review.period_until:
        yield Invalid("held_on", f"This is the review of {reviews.period_in_words(review)}. Choose a day in there.")


def _in_the_duration(told: Told) -> Iterator[Invalid]:
    if told.lasted is not None and not 1 <= told.lasted <= LONGEST:
        yield Invalid("lasted", "Between one minute and a day.")


def _in_the_attendees(session: Session, unit: BusinessUnit, told: Told, days: Collection[date]) -> Iterator[Invalid]:
    if not attendees.admitted(session, unit=unit, ids=told.attendees.keys(), days=days).issuperset(told.attendees):
        yield Invalid("attendees", f"Somebody named here {STRANGER}")


def _in_the_texts(told: Told) -> Iterator[Invalid]:
    for name in TEXTS:
        text: str = getattr(told, name)
        if any(line.startswith("▼ ") or line.strip() == marks("").end for line in text.split("\n")):
            yield Invalid(
                name, "Two of you wrote here at once. Keep what is right, and take the lines with ▼ and ▲ away."
            )


# ---- What follows


def _follow(session: Session, meeting: Meeting, told: Told) -> None:
    """The review follows the kind and the day; what was dated with the meeting follows the day."""
    if told.held_on != meeting.held_on:
        _date_anew(session, meeting, told.held_on)
    held = session.get(Review, meeting.review_id) if meeting.review_id else None
    if told.kind is not MeetingKind.REVIEW:
        if held:
            meeting.review_id = None
            reviews.let_go(session, review=held)
    elif held:
        held.held_on = told.held_on
    elif review := reviews.open_review_for(session, meeting.unit_id, told.held_on):
        reviews.hold(session, review=review, held_on=told.held_on)
        meeting.review_id = review.id


def _date_anew(session: Session, meeting: Meeting, held_on: date) -> None:
    for table, name in ((Request, "logged_on"), (Decision, "decided_on"), (Praise, "said_on")):
        column = getattr(table, name)
        for row in session.scalars(select(table).where(table.meeting_id == meeting.id, column == meeting.held_on)):
            setattr(row, name, held_on)


def _keep_attendance(session: Session, meeting: Meeting, saved: Told, told: Told) -> None:
    there = select(Attendance).where(Attendance.meeting_id == meeting.id)
    rows = {row.person_id: row for row in session.scalars(there)} if saved.attendees != told.attendees else {}
    for person_id, row in rows.items():
        if person_id not in told.attendees:
            session.delete(row)
        elif row.presence is not told.attendees[person_id]:
            row.presence = told.attendees[person_id]
    for person_id in told.attendees.keys() - saved.attendees.keys():
        session.add(Attendance(meeting_id=meeting.id, person_id=person_id, presence=told.attendees[person_id]))
