"""Who looks after a unit, and who heads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import assignments, leaving
from models import Assignment, BusinessUnit, Cover, Part, Person
from tests.cast import LONG_AGO, Cast

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_new_lead_ends_the_old_one_and_the_history_keeps_both(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.cio)
    assignments.assign(session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD, since=TODAY)
    assert assignments.lead_on(session, cast.finance.id, TODAY) == cast.colleague
    assert assignments.lead_on(session, cast.finance.id, TODAY - timedelta(days=1)) == cast.rep
    assert [held.rep.name for held in assignments.cover_history(session, cast.finance)] == [
        "Tom Okafor",
        "Ines Carvalho",
    ]


def test_only_a_rep_can_look_after_a_unit(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.cio)
    with pytest.raises(Invalid, match="not an account rep") as refused:
        assignments.assign(session, by=by, unit=cast.finance, rep=cast.head, cover=Cover.LEAD, since=TODAY)
    assert refused.value.field == "rep_id"


def test_a_rep_cannot_assign_reps(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.rep)
    with pytest.raises(Forbidden):
        assignments.assign(session, by=by, unit=cast.finance, rep=cast.rep, cover=Cover.LEAD, since=TODAY)


def test_a_lead_before_a_later_lead_needs_an_end(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.cio)
    with pytest.raises(Conflict):
        assignments.assign(
            session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD, since=LONG_AGO - timedelta(days=9)
        )


def test_a_new_head_may_sign_in_to_see_the_unit(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.administrator)
    assignments.join(session, by=by, unit=cast.finance, person=cast.specialist, part=Part.HEAD, since=TODAY)
    assert cast.specialist.is_business
    heads = [held.person.name for held in assignments.people_of(session, cast.finance, TODAY) if held.part is Part.HEAD]
    assert heads == ["Olu Adeyemi"]


def test_who_leaves_looks_after_nothing_any_more(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.administrator, TODAY)
    gone: dict[int, Person | None] = {cast.finance.id: None}
    leaving.leave(session, by=by, person=cast.rep, on=TODAY, successors=gone, now=NOON)
    session.flush()
    assert assignments.lead_on(session, cast.finance.id, TODAY) is None
    assert assignments.lead_on(session, cast.finance.id, TODAY - timedelta(days=1)) == cast.rep


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 60), st.one_of(st.none(), st.integers(1, 40))), min_size=1, max_size=8
    )
)
def test_whatever_is_assigned_there_is_one_lead_a_day(
    session: Session, cast: Cast, moves: list[tuple[bool, int, int | None]]
) -> None:
    by = cast.actor(session, cast.cio)
    unit = BusinessUnit(code=uuid4().hex, name="Treasury", time_zone="UTC")
    session.add(unit)
    session.flush()
    for is_rep, begin, length in moves:
        since = TODAY + timedelta(days=begin)
        try:
            assignments.assign(
                session,
                by=by,
                unit=unit,
                rep=cast.rep if is_rep else cast.colleague,
                cover=Cover.LEAD,
                since=since,
                until=since + timedelta(days=length) if length else None,
            )
        except Invalid:  # a clash, or the same rep twice
            continue
    held = session.scalars(select(Assignment).where(Assignment.unit_id == unit.id)).all()
    for offset in range(120):
        day = TODAY + timedelta(days=offset)
        assert sum(one.since <= day and (one.until is None or day < one.until) for one in held) <= 1
