"""What the rep should know before the first point: nothing to raise, everything to have in mind. For IT only."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, cast, exists, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.policy import Action, Actor
from crm.services import attention_words, clock, unit_facts, words
from crm.services.agenda.window import Window
from crm.services.assessments import four
from crm.services.attention import Facts, Level
from models.absence import Absence
from models.handover import Handover
from models.meeting import Meeting
from models.minutes import MinutesReply, MinutesVersion, Reply
from models.person import Person
from models.review import Review
from models.unit import Assignment, BusinessUnit, Membership, Part

#: A handover is worth reading again for so long; a head is new for as long where nobody met before.
REMEMBERED = timedelta(days=365)
NEW = timedelta(days=90)
#: Of each kind at most.
MOST = 5


class About(enum.StrEnum):
    """What a line is about; the page knows an icon and a way for each."""

    RELATIONSHIP = "relationship"
    LATE = "late"
    HEAD = "head"
    AWAY = "away"
    OBJECTION = "objection"
    HANDOVER = "handover"
    FOUR = "four"


@dataclass(frozen=True)
class Note:
    """One thing to know. ``id``: of the meeting or the handover, where there is one to open."""

    about: About
    text: str
    #: Somebody's own words.
    said: str = ""
    id: int | None = None
    presses: bool = False


def read(session: Session, *, by: Actor, review: Review, window: Window, now: datetime) -> list[Note]:
    """What to know before a review, what presses first. Two statements. Raises Forbidden."""
    policy.require(by, Action.SEE_AGENDA, review)
    today = clock.local_date(now, session.get_one(BusinessUnit, review.unit_id).time_zone)
    facts = unit_facts.of(session, by=by, units=[review.unit_id], now=now).get(review.unit_id)
    notes = [*_of_facts(facts, today), *_others(session, review, window, today)]
    return sorted(notes, key=lambda note: not note.presses)


def _of_facts(facts: Facts | None, today: date) -> Iterator[Note]:
    if facts is None:
        return
    if facts.level in (Level.RATED_LOWER, Level.LOW, Level.MISSED, Level.SILENT):
        said = attention_words.status_of(facts, today).said
        yield Note(About.RELATIONSHIP, f"{facts.name} {said}.", presses=True)
    if facts.late_actions:
        late = words.counted(facts.late_actions, "promise")
        yield Note(About.LATE, words.capital(f"{late} {_is(facts.late_actions)} overdue."), presses=True)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _others(session: Session, review: Review, window: Window, today: date) -> Iterator[Note]:
    rows = session.execute(_known(review, window, today)).all()
    for row in rows:
        yield _TELLING[About(row.kind)](row, today)


def _known(review: Review, window: Window, today: date) -> Select[Any]:
    """New heads, who is away on the day, objections and the last handover: all that hangs on persons; and how many
    of the four questions are out of date, in the place of an id."""
    parts = (
        _heads(review, window, today),
        _away(review),
        _objections(review, window),
        _handovers(review, today),
        _four(review, today),
    )
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    cover = aliased(Person)
    return (
        select(found.c.kind, found.c.id, Person.name, cover.name.label("cover"), Membership, Absence, MinutesReply)
        .add_columns(Handover, Meeting.id.label("meeting_id"), Meeting.held_on)
        .select_from(found)
        .outerjoin(Person, Person.id == found.c.person_id)
        .outerjoin(Membership, _of(found, About.HEAD, Membership))
        .outerjoin(Absence, _of(found, About.AWAY, Absence))
        .outerjoin(cover, cover.id == Absence.covered_by_id)
        .outerjoin(MinutesReply, _of(found, About.OBJECTION, MinutesReply))
        .outerjoin(MinutesVersion, MinutesVersion.id == MinutesReply.version_id)
        .outerjoin(Meeting, Meeting.id == MinutesVersion.meeting_id)
        .outerjoin(Handover, _of(found, About.HANDOVER, Handover))
        .order_by(found.c.kind, found.c.id)
    )


def _of(found: Any, about: About, table: Any) -> ColumnElement[bool]:
    return and_(found.c.kind == about.value, table.id == found.c.id)


def _part(about: About, table: Any, person_id: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    ids = select(literal(about.value).label("kind"), table.id.label("id"), person_id.label("person_id"))
    return ids.where(*conditions).order_by(table.id.desc()).limit(MOST)


def _heads(review: Review, window: Window, today: date) -> Select[Any]:
    since = Membership.since > (window.on or today - NEW)
    mine = (Membership.unit_id == review.unit_id, Membership.part == Part.HEAD)
    on_the_day = Membership.in_force(max(review.planned_on, today))
    return _part(About.HEAD, Membership, Membership.person_id, *mine, since, on_the_day)


def _away(review: Review) -> Select[Any]:
    """Whoever leads, deputises, heads or is a key user, and is away on the day of the review."""
    on = review.planned_on
    covers = exists().where(
        Assignment.unit_id == review.unit_id, Assignment.rep_id == Absence.person_id, Assignment.in_force(on)
    )
    belongs = exists().where(
        Membership.unit_id == review.unit_id,
        Membership.person_id == Absence.person_id,
        Membership.part.in_((Part.HEAD, Part.KEY_USER)),
        Membership.in_force(on),
    )
    return _part(About.AWAY, Absence, Absence.person_id, Absence.in_force(on), or_(covers, belongs))


def _objections(review: Review, window: Window) -> Select[Any]:
    """Against the newest version of minutes; a corrected version has answered those before."""
    newest = (
        select(MinutesVersion.id)
        .join(MinutesVersion.meeting)
        .where(Meeting.unit_id == review.unit_id, Meeting.shared_version == MinutesVersion.number)
    )
    objected = (MinutesReply.reply == Reply.OBJECTED, window.holds(MinutesReply.replied_at))
    return _part(About.OBJECTION, MinutesReply, MinutesReply.person_id, *objected, MinutesReply.version_id.in_(newest))


def _handovers(review: Review, today: date) -> Select[Any]:
    recent = Handover.on.between(today - REMEMBERED, max(review.planned_on, today))
    return _part(About.HANDOVER, Handover, Handover.to_id, Handover.unit_id == review.unit_id, recent).limit(1)


def _four(review: Review, today: date) -> Select[Any]:
    stale: ColumnElement[Any] = four.stale(review.unit_id, today)
    kind: ColumnElement[Any] = literal(About.FOUR.value)
    return select(kind.label("kind"), stale.label("id"), cast(null(), Integer).label("person_id")).where(stale > 0)


def _out_of_date(row: Row[Any], _: date) -> Note:
    many = words.counted(row.id, "of the four questions is", "of the four questions are")
    return Note(About.FOUR, f"{words.capital(many)} out of date. Talk about them, and answer them afterwards.")


def _head(row: Row[Any], today: date) -> Note:
    return Note(About.HEAD, f"{row.name} heads the unit since {words.day(row.Membership.since, today)}.", presses=True)


def _absence(row: Row[Any], today: date) -> Note:
    until = f", back on {words.day(row.Absence.until, today)}" if row.Absence.until else ""
    cover = f" {row.cover} covers." if row.cover else ""
    return Note(About.AWAY, f"{row.name} is away on the day{until}.{cover}", presses=True)


def _objection(row: Row[Any], today: date) -> Note:
    met = words.day(row.held_on, today)
    text = f"{row.name} objects to the minutes of {met}."
    return Note(About.OBJECTION, text, row.MinutesReply.said, row.meeting_id, presses=True)


def _handover(row: Row[Any], today: date) -> Note:
    handover: Handover = row.Handover
    said: Sequence[str] = [part for part in (handover.tone, handover.went_wrong) if part]
    text = f"{row.name} took over on {words.day(handover.on, today)}."
    return Note(About.HANDOVER, text, "\n".join(said), handover.id)


_TELLING = {
    About.HEAD: _head,
    About.AWAY: _absence,
    About.OBJECTION: _objection,
    About.HANDOVER: _handover,
    About.FOUR: _out_of_date,
}
