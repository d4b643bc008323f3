"""Lines with a mark that a correction adds to minutes: kept as when logging. What stood there makes nothing again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services import attendees, clock, meeting_keeping, meeting_log, meeting_notes, words
from crm.services.attendees import Candidate
from crm.services.meeting_notes import Gathered, Row, Thing, Told
from crm.services.new_meetings import NewMeeting
from models.meeting import Meeting, MeetingKind
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Additions:
    """``new``: only what the correction adds. ``open``: what of it a word is missing for; it is kept without, or, a
    request without its need, not at all."""

    new: NewMeeting
    open: Sequence[Thing] = ()

    def __str__(self) -> str:
        """ "Two actions are kept with it. Still open: “Call @mar” (Who is @mar?)."; "" for nothing added."""
        many = [
            words.counted(len(rows), one)
            for one, rows in (
                ("action", self.new.actions),
                ("request", self.new.requests),
                ("decision", self.new.decisions),
                ("word of praise", self.new.praises),
            )
            if rows
        ]
        is_one = len(many) == 1 and many[0].startswith("one ")
        kept = f"{words.capital(words.listed(many))} {'is' if is_one else 'are'} kept with it." if many else ""
        asked = [f"“{thing.text}” ({thing.line.questions[0].ask})" for thing in self.open if thing.line]
        return " ".join([kept, f"Still open: {words.listed(asked)}."] if asked else [kept]).strip()


def find(
    session: Session, *, by: Actor, meeting: Meeting, kind: MeetingKind, held_on: date, minutes: str, now: datetime
) -> Additions:
    """What the marks in ``minutes`` say that neither the saved minutes say nor was told with the meeting before."""
    empty = NewMeeting(kind, held_on)
    if minutes == meeting.minutes:
        return Additions(empty)
    unit = session.get_one(BusinessUnit, meeting.unit_id)
    today = clock.local_date(now, unit.time_zone)
    candidates = attendees.candidates(session, unit=unit, on=today, last=None)
    before, after = (_gathered(replace(empty, minutes=text), by, candidates) for text in (meeting.minutes, minutes))
    kept = meeting_log.lines_of(session, meeting)
    new = replace(
        empty,
        actions=_added(before.new.actions, after.new.actions, _of("action", kept)),
        requests=_added(before.new.requests, after.new.requests, _of("request", kept)),
        decisions=_added(before.new.decisions, after.new.decisions, _of("decision", kept)),
        praises=_added(before.new.praises, after.new.praises, _of("praise", kept)),
    )
    return Additions(new, _open(before, after, new))


def keep(session: Session, *, by: Actor, meeting: Meeting, added: Additions, now: datetime) -> None:
    """Keep what was added, as if it had been told when the meeting was logged."""
    unit = session.get_one(BusinessUnit, meeting.unit_id)
    meeting_keeping.keep(session, by=by, unit=unit, meeting=meeting, new=added.new, now=now)


def _gathered(told: NewMeeting, by: Actor, candidates: Sequence[Candidate]) -> Gathered:
    return meeting_notes.gather(told, candidates=candidates, me=by.id, is_asking=False)


def _of(kind: str, kept: Sequence[tuple[str, str]]) -> list[str]:
    return [text.casefold() for one, text in kept if one == kind]


def _added(before: Sequence[Row], after: Sequence[Row], kept: Collection[str]) -> list[Row]:
    """What was neither there before nor kept. Another owner or day for the same words is nothing new."""
    known = Counter(meeting_notes.words_of(row).casefold() for row in before) | Counter(kept)
    added = []
    for row in sorted(after, key=lambda row: row not in before):
        text = meeting_notes.words_of(row).casefold()
        if known[text]:
            known[text] -= 1
        else:
            added.append(row)
    return added


def _open(before: Gathered, after: Gathered, new: NewMeeting) -> list[Thing]:
    """What was added and still asks something."""
    rows: list[Told] = [*new.actions, *new.requests, *new.decisions, *new.praises]
    added = {meeting_notes.words_of(row) for row in rows}
    not_kept = {thing.text for thing in before.things if not thing.is_kept}
    return [
        thing
        for thing in after.things
        if thing.line and thing.line.questions
        if (thing.text in added if thing.is_kept else thing.text not in not_kept)
    ]
