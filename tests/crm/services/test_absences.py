"""Absences: recording them, what clashes, and what they leave without cover."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import absences, covering
from crm.services.absences import Show, Told
from models import Absence, Assignment, Cover, Person
from tests.cast import Cast
from tests.november import TODAY, acting

FIRST, BACK = date(2026, 11, 16), date(2026, 11, 30)


def told(since: date = FIRST, until: date | None = BACK, covered_by: Person | None = None, note: str = "") -> Told:
    return Told(since, until, covered_by, note)


def record(session: Session, by: Person, person: Person, told: Told) -> Absence:
    return absences.record(session, by=acting(session, by), person=person, told=told)


def test_a_rep_records_the_own_absence_and_nobody_elses(session: Session, cast: Cast) -> None:
    absence = record(session, cast.rep, cast.rep, told(covered_by=cast.colleague))
    assert absences.span(absence, TODAY) == "from 16 November until 30 November"
    with pytest.raises(Forbidden):
        record(session, cast.rep, cast.colleague, told())
    assert record(session, cast.cio, cast.colleague, told()).person is cast.colleague


@pytest.mark.parametrize(
    ("since", "until"),
    [(FIRST, BACK), (date(2026, 11, 1), date(2026, 11, 17)), (date(2026, 11, 29), None), (date(2026, 11, 1), None)],
)
def test_an_absence_that_overlaps_with_the_own_is_refused(
    session: Session, cast: Cast, since: date, until: date | None
) -> None:
    record(session, cast.rep, cast.rep, told())
    with pytest.raises(Conflict, match=r"Ines Carvalho is away from 16 November until 30 November already\."):
        record(session, cast.rep, cast.rep, told(since, until))


def test_an_absence_may_begin_on_the_day_of_the_return(session: Session, cast: Cast) -> None:
    record(session, cast.rep, cast.rep, told())
    record(session, cast.rep, cast.rep, told(BACK, None))
    record(session, cast.rep, cast.rep, told(FIRST - timedelta(3), FIRST))


def test_what_cannot_be_is_refused_beside_its_field(session: Session, cast: Cast) -> None:
    for impossible, field in (
        (told(FIRST, FIRST), "until"),
        (told(covered_by=cast.rep), "covered_by_id"),
        (told(covered_by=cast.specialist), "covered_by_id"),
        (told(note="x" * 201), "note"),
    ):
        with pytest.raises(Invalid) as refused:
            record(session, cast.rep, cast.rep, impossible)
        assert refused.value.field == field


def test_a_change_does_not_clash_with_itself(session: Session, cast: Cast) -> None:
    absence = record(session, cast.rep, cast.rep, told())
    later = told(FIRST + timedelta(1), None, cast.colleague)
    absences.change(session, by=acting(session, cast.rep), absence=absence, told=later)
    assert (absence.since, absence.until, absence.covered_by_id) == (later.since, None, cast.colleague.id)


def test_ending_early_gives_back_what_is_left_and_takes_back_what_has_not_begun(session: Session, cast: Cast) -> None:
    running = record(session, cast.rep, cast.rep, told(TODAY - timedelta(3)))
    ahead = record(session, cast.colleague, cast.colleague, told())
    absences.end(session, by=acting(session, cast.rep), absence=running)
    absences.end(session, by=acting(session, cast.colleague), absence=ahead)
    assert (running.until, ahead.until) == (TODAY, FIRST)
    listed = absences.listed(session, by=acting(session, cast.cio), show=Show.ALL)
    assert list(listed.rows) == [running]


def test_reps_read_their_own_and_those_they_cover(session: Session, cast: Cast) -> None:
    mine = record(session, cast.rep, cast.rep, told(covered_by=cast.colleague))
    yuki = Person(name="Yuki Tanabe", is_rep=True)
    session.add(yuki)
    session.flush()
    theirs = record(session, yuki, yuki, told())
    seen = {
        person.name: list(absences.listed(session, by=acting(session, person)).rows)
        for person in (cast.rep, cast.colleague, yuki, cast.cio)
    }
    assert seen == {
        "Ines Carvalho": [mine],
        "Tom Okafor": [mine],
        "Yuki Tanabe": [theirs],
        "Margit Lindqvist": [mine, theirs],
    }
    with pytest.raises(NotFound):
        absences.find(session, by=acting(session, yuki), absence_id=mine.id)
    with pytest.raises(Forbidden):
        absences.find(session, by=acting(session, cast.colleague), absence_id=mine.id)


# ---- What follows


def gaps(session: Session, cast: Cast) -> list[str]:
    return [gap.in_words(TODAY) for gap in covering.gaps(session, by=acting(session, cast.cio))]


def test_an_absence_without_a_cover_is_a_gap_until_somebody_covers(session: Session, cast: Cast) -> None:
    absence = record(session, cast.rep, cast.rep, told())
    assert gaps(session, cast) == ["Ines Carvalho is away, and nobody covers Finance"]
    absences.change(session, by=acting(session, cast.cio), absence=absence, told=told(covered_by=cast.colleague))
    assert gaps(session, cast) == []
    record(session, cast.colleague, cast.colleague, told())
    assert gaps(session, cast) == [
        "Ines Carvalho is away, and nobody covers Finance",
        "Tom Okafor is away, and nobody covers Legal",
    ]
    clash = absences.cover_is_away(session, absence)
    assert clash is not None
    assert clash.person is cast.colleague


def test_who_is_away_at_another_time_covers_all_the_same(session: Session, cast: Cast) -> None:
    record(session, cast.colleague, cast.colleague, told(BACK + timedelta(20), BACK + timedelta(30), cast.rep))
    record(session, cast.rep, cast.rep, told(covered_by=cast.colleague))
    assert gaps(session, cast) == []


def test_a_deputy_covers_without_being_named(session: Session, cast: Cast) -> None:
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=TODAY))
    record(session, cast.rep, cast.rep, told(TODAY))
    assert gaps(session, cast) == []
    tom = acting(session, cast.colleague)
    standing = covering.standing_in(session, by=tom)
    assert {unit: one.in_words(TODAY) for unit, one in standing.items()} == {
        cast.finance.id: "for Ines, until 30 November"
    }


def test_a_lead_that_ends_with_nobody_after_is_a_gap_ahead(session: Session, cast: Cast) -> None:
    lead = session.query(Assignment).filter_by(unit_id=cast.finance.id).one()
    lead.until = BACK
    session.flush()
    assert gaps(session, cast) == ["Nobody leads Finance from 30 November on"]
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.LEAD, since=BACK))
    session.flush()
    assert gaps(session, cast) == []


def test_an_absence_says_on_the_unit_who_covers_and_never_why(session: Session, cast: Cast) -> None:
    record(session, cast.rep, cast.rep, told(TODAY, BACK, cast.colleague, "Parental leave"))
    absence = covering.away(session, [cast.rep.id], TODAY)[cast.rep.id]
    assert covering.in_words(absence, [], TODAY) == "Ines is away until 30 November, Tom Okafor covers."
