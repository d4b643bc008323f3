"""Hours: minutes times people from IT, with how many meetings say how long."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import load, meeting_lists, stretches
from models import Attendance, BusinessUnit, Meeting, MeetingKind, Person, Presence
from tests.cast import Cast
from tests.november import NOW, acting

QUARTER = stretches.quarter(2026, 4)


def meet(
    session: Session, unit: BusinessUnit, on: date, lasted: int | None, *people: Person, absent: Person | None = None
) -> Meeting:
    meeting = Meeting(unit_id=unit.id, kind=MeetingKind.REVIEW, held_on=on, logged_at=NOW, lasted=lasted)
    session.add(meeting)
    session.flush()
    session.add_all(Attendance(meeting_id=meeting.id, person_id=person.id) for person in people)
    if absent:
        session.add(Attendance(meeting_id=meeting.id, person_id=absent.id, presence=Presence.ABSENT))
    session.flush()
    return meeting


@pytest.fixture
def autumn(session: Session, cast: Cast) -> list[Meeting]:
    """Finance: 60 minutes of two of ours, and one that does not say. Legal: 45 of one of ours. One in summer."""
    return [
        meet(session, cast.finance, date(2026, 10, 1), 60, cast.rep, cast.specialist, cast.head),
        meet(session, cast.finance, date(2026, 12, 31), None, cast.rep),
        meet(session, cast.legal, date(2026, 11, 1), 45, cast.colleague, cast.outsider, absent=cast.rep),
        meet(session, cast.finance, date(2026, 9, 30), 600, cast.rep),
    ]


def read(session: Session, cast: Cast, rep: Person | None = None) -> load.Load:
    return load.read(session, by=acting(session, cast.cio), stretch=QUARTER, rep_id=rep.id if rep else None)


def test_an_hour_of_two_people_is_two_hours_and_the_business_side_does_not_count(
    session: Session, cast: Cast, autumn: list[Meeting]
) -> None:
    found = read(session, cast)
    assert [(line.name, line.hours.text, line.hours.known) for line in found.units.rows] == [
        ("Finance", "2", "1 of 2 meetings"),
        ("Legal", "0.8", "1 of 1 meeting"),
    ]
    shares = [(share.name, share.hours.text) for share in found.units.rows[0].shares]
    assert shares == [("Ines Carvalho", "1"), ("Olu Adeyemi", "1")]
    assert [(line.name, line.hours.minutes, line.units) for line in found.reps] == [
        ("Ines Carvalho", 60, 1),
        ("Tom Okafor", 45, 1),
    ]
    assert (found.total.minutes, found.total.timed, found.total.meetings) == (165, 2, 3)
    said = load.lede(found, QUARTER)
    assert said.finding == "Finance took 2 of our 2.8 hours."
    assert said.rest == "2 of 3 meetings say how long they took."


def test_of_one_rep_only_what_that_rep_did(session: Session, cast: Cast, autumn: list[Meeting]) -> None:
    found = read(session, cast, cast.rep)
    assert [(line.name, line.hours.minutes) for line in found.units.rows] == [("Finance", 60)]
    assert load.lede(found, QUARTER, "Ines Carvalho").finding == "Ines Carvalho spent 1 of 1 hour with Finance."


def test_each_figure_opens_its_meetings(session: Session, cast: Cast, autumn: list[Meeting]) -> None:
    def listed(by: Person, person: Person, unit: BusinessUnit | None = None) -> list[Meeting]:
        return list(
            meeting_lists.listed(
                session,
                by=acting(session, by),
                unit_id=unit.id if unit else None,
                person_id=person.id,
                stretch=QUARTER,
            ).rows
        )

    assert listed(cast.cio, cast.rep) == [autumn[1], autumn[0]]
    assert listed(cast.cio, cast.specialist, cast.finance) == [autumn[0]]
    assert listed(cast.head, cast.outsider) == [autumn[1], autumn[0]], "the business side does not ask who was where"


def test_hours_are_for_it_to_see(session: Session, cast: Cast) -> None:
    for person in (cast.head, cast.administrator):
        with pytest.raises(Forbidden):
            load.read(session, by=acting(session, person), stretch=QUARTER)


def test_nothing_held_is_said_in_words(session: Session, cast: Cast) -> None:
    assert load.lede(read(session, cast), QUARTER).finding == "No meeting in October to December 2026."
