"""What a person is to the units on a day: as lead, as deputy, for somebody who is away, or lent for a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action
from models import Absence, Assignment, Cover, Membership, Part, Person
from tests.cast import Cast

SINCE, UNTIL = date(2026, 11, 16), date(2026, 11, 30)
A_DAY = timedelta(days=1)


def away(session: Session, person: Person, covered_by: Person | None, since: date, until: date | None) -> Absence:
    absence = Absence(
        person_id=person.id, covered_by_id=covered_by.id if covered_by else None, since=since, until=until
    )
    session.add(absence)
    session.flush()
    return absence


@pytest.mark.parametrize(
    ("day", "covers"),
    [(SINCE - A_DAY, False), (SINCE, True), (UNTIL - A_DAY, True), (UNTIL, False)],
    ids=["the day before", "the first day", "the last day", "the day of the return"],
)
def test_who_covers_an_absence_looks_after_the_unit_on_its_days_and_no_others(
    session: Session, cast: Cast, day: date, covers: bool
) -> None:
    away(session, cast.rep, cast.colleague, SINCE, UNTIL)
    tom = policy.actor_for(session, cast.colleague, day)
    assert (cast.finance.id in tom.covers) is covers
    assert policy.can(tom, Action.LOG_MEETING, cast.finance) is covers
    assert cast.legal.id in tom.covers
    assert cast.finance.id in policy.actor_for(session, cast.rep, day).covers


def test_what_the_absent_rep_deputises_is_covered_too_and_no_cover_is_handed_on(session: Session, cast: Cast) -> None:
    yuki = Person(name="Yuki Tanabe", is_rep=True)
    session.add(yuki)
    session.flush()
    deputy = Assignment(unit_id=cast.legal.id, rep_id=cast.rep.id, cover=Cover.DEPUTY, since=SINCE - A_DAY)
    session.add(deputy)
    away(session, cast.rep, yuki, SINCE, UNTIL)
    assert policy.actor_for(session, yuki, SINCE).covers == {cast.finance.id, cast.legal.id}
    away(session, yuki, cast.colleague, SINCE, UNTIL)
    assert policy.actor_for(session, cast.colleague, SINCE).covers == {cast.legal.id}


def test_an_absence_gives_nothing_to_who_is_no_rep(session: Session, cast: Cast) -> None:
    away(session, cast.rep, cast.specialist, SINCE, UNTIL)
    assert policy.actor_for(session, cast.specialist, SINCE).covers == frozenset()


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 1))


@given(since=days, length=st.integers(0, 40) | st.none(), lead=days, led=st.integers(0, 60) | st.none(), today=days)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_nobody_gains_a_unit_outside_the_dates_of_absence_and_lead(
    session: Session, cast: Cast, since: date, length: int | None, lead: date, led: int | None, today: date
) -> None:
    held = session.query(Assignment).filter_by(unit_id=cast.finance.id).one()
    held.since, held.until = lead, None if led is None else lead + timedelta(led)
    absence = away(session, cast.rep, cast.colleague, since, None if length is None else since + timedelta(length))

    def holds(begin: date, end: date | None) -> bool:
        return begin <= today and (end is None or today < end)

    expected = holds(absence.since, absence.until) and holds(held.since, held.until)
    assert (cast.finance.id in policy.actor_for(session, cast.colleague, today).covers) is expected
    session.delete(absence)
    session.flush()


def lend(session: Session, cast: Cast, person: Person, part: Part) -> None:
    session.add(Membership(unit_id=cast.finance.id, person_id=person.id, part=part, since=SINCE, until=UNTIL))
    session.flush()


READS = (Action.SEE_UNIT, Action.SEE_MEETINGS, Action.SEE_PROMISES, Action.SEE_REVIEWS)
NEVER = (Action.SEE_INTERNAL_NOTES, Action.ADD_REQUEST, Action.LOG_MEETING, Action.SEE_RATINGS, Action.SEE_HANDOVER)


@pytest.mark.parametrize("part", [Part.EMBEDDED, Part.DEPUTISED])
@pytest.mark.parametrize(
    ("day", "reads"), [(SINCE - A_DAY, False), (SINCE, True), (UNTIL - A_DAY, True), (UNTIL, False)]
)
def test_who_is_lent_reads_the_unit_meanwhile_and_writes_nothing(
    session: Session, cast: Cast, part: Part, day: date, reads: bool
) -> None:
    lend(session, cast, cast.specialist, part)
    olu = policy.actor_for(session, cast.specialist, day)
    assert [policy.can(olu, action, cast.finance) for action in READS] == [reads] * len(READS)
    assert not any(policy.can(olu, action, cast.finance) for action in NEVER)
    assert not any(policy.can(olu, action, cast.legal) for action in (*READS, *NEVER))


def test_access_ends_on_the_leaving_day_whether_or_not_a_job_has_run(session: Session, cast: Cast) -> None:
    cast.rep.leaves_on = SINCE
    before, after = (policy.actor_for(session, cast.rep, day) for day in (SINCE - A_DAY, SINCE))
    assert policy.can(before, Action.LOG_MEETING, cast.finance)
    assert not policy.can(after, Action.LOG_MEETING, cast.finance)
    assert not policy.can(after, Action.SEE_HOME)
