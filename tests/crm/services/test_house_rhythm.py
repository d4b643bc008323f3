"""The rhythm of the house, and the units that follow it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.jobs import plan_reviews
from crm.jobs.work import Work
from crm.services import cadences, house_rhythm, organisation, units
from crm.services.house_rhythm import HouseRhythm
from models import BusinessUnit, Cadence, DayRule, Frequency, Setting
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, TODAY, add_cadence, days_of, on_day, rule

QUARTERLY = HouseRhythm(rule(frequency=Frequency.QUARTERLY, anchor_month=2), "Room 1")


def choose(session: Session, cast: Cast, wanted: HouseRhythm | None, **changes: Any) -> int:
    by = cast.actor(session, cast.administrator, TODAY)
    usual: dict[str, Any] = {"by": by, "reason": "We said so", "today": TODAY, "now": NOW}
    return house_rhythm.change(session, wanted=wanted, **(usual | changes))


def rhythm_of(session: Session, unit: BusinessUnit) -> Cadence | None:
    return cadences.endless(session, unit.id)


def test_every_unit_without_a_rhythm_of_its_own_follows_and_is_planned(session: Session, cast: Cast) -> None:
    own = add_cadence(session, cast.legal, on_day(12), TODAY)
    assert choose(session, cast, QUARTERLY) == 2  # corporate services and Finance
    followed = rhythm_of(session, cast.finance)
    assert followed is not None
    assert (followed.is_default, followed.place, followed.frequency) == (True, "Room 1", Frequency.QUARTERLY)
    assert days_of(session, cast.finance) == ["2026-11-12", "2027-02-11", "2027-05-13", "2027-08-12"]
    assert rhythm_of(session, cast.legal) is own
    assert house_rhythm.followers(session) == (2, 1)


def test_a_change_reaches_those_who_follow_and_keeps_what_was(session: Session, cast: Cast) -> None:
    choose(session, cast, QUARTERLY)
    monthly = HouseRhythm(on_day(20), "")
    later = TODAY + timedelta(days=30)
    assert choose(session, cast, monthly, today=later) == 3
    rhythms = session.scalars(
        select(Cadence).where(Cadence.unit_id == cast.finance.id).order_by(Cadence.since, Cadence.id)
    ).all()
    assert [(one.since, one.until, one.is_default) for one in rhythms] == [(TODAY, later, True), (later, None, True)]
    said = session.scalars(select(Setting).where(Setting.name == "cadence").order_by(Setting.id)).all()
    assert [(one.reason, one.by_id) for one in said] == 2 * [("We said so", cast.administrator.id)]
    assert house_rhythm.of(organisation.current(session)) == monthly


def test_the_same_again_changes_nothing(session: Session, cast: Cast) -> None:
    choose(session, cast, QUARTERLY)
    assert choose(session, cast, QUARTERLY) == 0
    assert house_rhythm.follow_all(session, TODAY) == 0
    assert len(session.scalars(select(Cadence)).all()) == 3


def test_a_rhythm_of_its_own_ends_following_even_in_the_same_words(session: Session, cast: Cast) -> None:
    choose(session, cast, QUARTERLY)
    by = cast.actor(session, cast.rep, TODAY)
    own = cadences.set_cadence(
        session, by=by, unit=cast.finance, rule=QUARTERLY.rule, place="Room 1", since=TODAY, today=TODAY
    )
    assert not own.is_default
    choose(session, cast, HouseRhythm(on_day(20), ""))
    assert rhythm_of(session, cast.finance) is own
    assert days_of(session, cast.finance) == ["2026-11-12", "2027-02-11", "2027-05-13", "2027-08-12"]


def test_a_unit_can_follow_the_house_again(session: Session, cast: Cast) -> None:
    own = add_cadence(session, cast.finance, on_day(20), date(2026, 1, 1))
    choose(session, cast, QUARTERLY)
    by = cast.actor(session, cast.rep, TODAY)
    house_rhythm.follow_again(session, by=by, unit=cast.finance, today=TODAY)
    assert own.until == TODAY
    following = rhythm_of(session, cast.finance)
    assert following is not None
    assert following.is_default
    assert days_of(session, cast.finance)[0] == "2026-11-12"
    with pytest.raises(Forbidden):
        house_rhythm.follow_again(session, by=cast.actor(session, cast.head, TODAY), unit=cast.finance, today=TODAY)


def test_there_has_to_be_a_rhythm_to_follow_and_an_open_unit(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.rep, TODAY)
    with pytest.raises(Invalid, match="no rhythm to follow"):
        house_rhythm.follow_again(session, by=by, unit=cast.finance, today=TODAY)
    choose(session, cast, QUARTERLY)
    cast.finance.closed_on = TODAY
    with pytest.raises(Invalid, match="closed"):
        house_rhythm.follow_again(session, by=by, unit=cast.finance, today=TODAY)


def test_giving_it_up_ends_it_for_those_who_followed(session: Session, cast: Cast) -> None:
    own = add_cadence(session, cast.legal, on_day(12), TODAY)
    choose(session, cast, QUARTERLY)
    assert choose(session, cast, None, today=date(2026, 11, 20)) == 2
    assert rhythm_of(session, cast.finance) is None
    assert rhythm_of(session, cast.legal) is own
    assert days_of(session, cast.finance) == ["2026-11-12"]


def test_a_new_unit_follows_and_one_that_opens_again_does_too(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.administrator, TODAY)
    units.close(session, by=by, unit=cast.finance, on=TODAY)
    choose(session, cast, QUARTERLY)
    assert rhythm_of(session, cast.finance) is None
    units.reopen(session, by=by, unit=cast.finance)
    assert len(days_of(session, cast.finance)) == 4
    made = units.create(
        session, by=by, facts=units.Facts(code="HR", name="People", parent_id=None, time_zone="Europe/Lisbon")
    )
    assert len(days_of(session, made)) == 4


def test_the_daily_job_brings_a_unit_into_line_that_nobody_told(session: Session, cast: Cast) -> None:
    choose(session, cast, QUARTERLY)
    session.add(BusinessUnit(code="HR", name="People", time_zone="Europe/Lisbon"))
    session.flush()
    plan_reviews.run(Work(lambda: nullcontext(session), datetime(2026, 11, 10, 4, 10, tzinfo=NOW.tzinfo)))
    made = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "HR")).one()
    assert len(days_of(session, made)) == 4


def test_a_rhythm_that_ends_later_is_followed_by_that_of_the_house(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(20), date(2026, 1, 1), until=date(2027, 1, 1))
    choose(session, cast, QUARTERLY)
    following = rhythm_of(session, cast.finance)
    assert following is not None
    assert following.since == date(2027, 1, 1)


def test_following_takes_as_many_statements_for_many_units_as_for_few(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    with statements:
        choose(session, cast, QUARTERLY)
    few = statements.count
    session.add_all(BusinessUnit(code=f"U{number}", name="A unit", time_zone="UTC") for number in range(40))
    session.flush()
    with statements:
        house_rhythm.follow_all(session, TODAY)
    assert statements.count <= few


def test_an_impossible_rhythm_is_refused_and_only_administrators_choose(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        choose(session, cast, HouseRhythm(rule(minutes=0), ""))
    with pytest.raises(Forbidden):
        choose(session, cast, QUARTERLY, by=cast.actor(session, cast.rep, TODAY))


@pytest.mark.parametrize(
    "kept",
    [
        QUARTERLY,
        HouseRhythm(rule(day_rule=DayRule.WORKING_DAY, nth=-1, frequency=Frequency.YEARLY, anchor_month=12), ""),
        HouseRhythm(on_day(31, at=time(9, 5)), "https://meet.example.com/x"),
    ],
)
def test_what_is_written_down_is_read_again(kept: HouseRhythm) -> None:
    assert HouseRhythm.from_json(kept.to_json()) == kept
