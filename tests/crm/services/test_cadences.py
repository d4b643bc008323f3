"""Setting a unit's rhythm."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import cadences, reviews
from models import AuditEntry, Cadence, DayRule, Frequency, Person, ReviewState
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, days_of, on_day, reviews_of, rule, ruled_days_of


def set_cadence(session: Session, cast: Cast, person: Person | None = None, **changes: Any) -> Cadence:
    usual: dict[str, Any] = {"rule": on_day(12), "place": "Room 4", "since": TODAY, "today": TODAY}
    by = cast.actor(session, person or cast.rep, TODAY)
    return cadences.set_cadence(session, by=by, unit=cast.finance, **(usual | changes))


def test_a_first_rhythm_plans_twelve_months(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    days = days_of(session, cast.finance)
    assert (len(days), days[0], days[-1]) == (12, "2026-11-12", "2027-10-12")
    current = cadences.current(session, cast.finance.id, TODAY)
    assert current is not None
    assert (current.place, current.until) == ("Room 4", None)


def test_a_new_rhythm_ends_the_old_one_and_moves_what_lies_ahead(session: Session, cast: Cast) -> None:
    old = set_cadence(session, cast)
    new = set_cadence(session, cast, rule=on_day(20, at=time(15), minutes=30), since=date(2026, 12, 1))
    assert (old.until, new.since) == (date(2026, 12, 1), date(2026, 12, 1))
    found = reviews_of(session, cast.finance)
    assert [day[-2:] for day in ruled_days_of(session, cast.finance)] == ["12"] + 11 * ["20"]
    assert {review.cadence_id for review in found[1:]} == {new.id}
    assert {review.minutes for review in found[1:]} == {30}


def test_what_is_held_skipped_moved_or_past_stays(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    by = cast.actor(session, cast.rep, TODAY)
    held, skipped, moved = reviews_of(session, cast.finance)[:3]
    reviews.hold(session, review=held, held_on=TODAY)
    reviews.skip(session, by=by, review=skipped, reason="Year end", now=NOW)
    reviews.move(session, by=by, review=moved, day=date(2027, 1, 28), at=time(9), now=NOW)
    set_cadence(session, cast, rule=on_day(20))
    found = reviews_of(session, cast.finance)
    assert ruled_days_of(session, cast.finance)[:4] == ["2026-11-12", "2026-12-12", "2027-01-28", "2027-02-20"]
    assert [review.state for review in found[:2]] == [ReviewState.HELD, ReviewState.SKIPPED]


def test_an_overdue_review_stays_overdue_when_the_rhythm_changes(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    later = date(2026, 11, 16)
    set_cadence(session, cast, rule=on_day(20), since=later, today=later)
    assert ruled_days_of(session, cast.finance)[:2] == ["2026-11-12", "2026-12-20"]


def test_from_months_to_quarters_each_quarter_has_one_review_from_then_on(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    set_cadence(session, cast, rule=on_day(12, frequency=Frequency.QUARTERLY, anchor_month=2), since=date(2027, 1, 1))
    assert ruled_days_of(session, cast.finance) == [
        "2026-11-12",
        "2026-12-12",
        "2027-02-12",
        "2027-05-12",
        "2027-08-12",
    ]


def test_changing_ones_mind_back_and_forth_leaves_twelve_reviews(session: Session, cast: Cast) -> None:
    for number in (12, 20, 12, 31, 12):
        set_cadence(session, cast, rule=on_day(number))
    set_cadence(session, cast, rule=rule(frequency=Frequency.QUARTERLY))
    set_cadence(session, cast)
    assert len(days_of(session, cast.finance)) == 12
    assert len(set(days_of(session, cast.finance))) == 12


def test_a_rhythm_that_was_to_begin_later_is_replaced(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    later = set_cadence(session, cast, rule=on_day(20), since=date(2027, 3, 1))
    assert cadences.endless(session, cast.finance.id) is later
    new = set_cadence(session, cast, rule=on_day(25), since=date(2027, 1, 1))
    assert later.until == later.since
    assert cadences.endless(session, cast.finance.id) is new
    assert [day[-2:] for day in ruled_days_of(session, cast.finance)] == ["12", "12"] + 10 * ["25"]


def test_the_same_rhythm_again_changes_nothing(session: Session, cast: Cast) -> None:
    assert set_cadence(session, cast) is set_cadence(session, cast)
    assert len(session.scalars(select(Cadence)).all()) == 1


def test_only_the_place_may_change(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    assert set_cadence(session, cast, place="Room 5").place == "Room 5"
    assert len(days_of(session, cast.finance)) == 12


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("since", {"since": date(2026, 11, 9)}),
        ("since", {"since": date(9999, 12, 31)}),
        ("minutes", {"rule": rule(minutes=0)}),
        ("minutes", {"rule": rule(minutes=1000)}),
        ("month_day", {"rule": on_day(32)}),
        ("nth", {"rule": rule(nth=5)}),
        ("weekday", {"rule": rule(weekday=7)}),
        ("nth", {"rule": rule(nth=5, day_rule=DayRule.WEEKDAY)}),
        ("nth", {"rule": rule(nth=16, day_rule=DayRule.WORKING_DAY)}),
        ("anchor_month", {"rule": rule(anchor_month=2)}),
        ("anchor_month", {"rule": rule(frequency=Frequency.HALF_YEARLY, anchor_month=7)}),
        ("place", {"place": "x" * 201}),
    ],
)
def test_an_impossible_rhythm_is_refused_beside_its_field(
    session: Session, cast: Cast, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        set_cadence(session, cast, **changes)
    assert refused.value.field == field


def test_the_first_days_of_a_rhythm_are_shown_before_it_is_set_with_why_one_is_moved(
    session: Session, cast: Cast
) -> None:
    found = cadences.preview(session, cast.finance, on_day(31), since=TODAY, today=TODAY, number=3)
    assert [slot.day for slot in found] == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29)]
    assert [slot.because for slot in found] == ["", "", "Sunday"]
    with pytest.raises(Invalid):
        cadences.preview(session, cast.finance, on_day(31), since=date(9999, 12, 31), today=TODAY, number=3)


@pytest.mark.parametrize("today", [date(2026, month, 30) for month in (1, 6, 12)])
@pytest.mark.parametrize(
    ("frequency", "anchor_month"),
    [(Frequency.MONTHLY, 1), *((Frequency.QUARTERLY, number) for number in (1, 2, 3)), (Frequency.YEARLY, 1)],
)
def test_as_many_days_are_shown_as_asked_for(
    session: Session, cast: Cast, today: date, frequency: Frequency, anchor_month: int
) -> None:
    first = on_day(1, frequency=frequency, anchor_month=anchor_month)
    assert len(cadences.preview(session, cast.finance, first, since=today, today=today, number=6)) == 6


def test_a_closed_unit_gets_no_rhythm(session: Session, cast: Cast) -> None:
    cast.finance.closed_on = TODAY
    with pytest.raises(Invalid, match="closed"):
        set_cadence(session, cast)


def test_two_changes_at_the_same_moment_do_not_both_win(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_cadence(session, cast)
    monkeypatch.setattr(cadences, "end_from", lambda *_: None)  # the other one is not seen yet
    with pytest.raises(Conflict, match="Somebody else"):
        set_cadence(session, cast, rule=on_day(20))


def test_the_rep_and_the_administrator_set_a_rhythm_and_nobody_else(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.administrator):
        set_cadence(session, cast, person)
    for person in (cast.colleague, cast.head, cast.outsider, cast.cio):
        with pytest.raises(Forbidden):
            set_cadence(session, cast, person)


def test_a_change_of_rhythm_is_in_the_audit_trail(session: Session, cast: Cast) -> None:
    set_cadence(session, cast)
    set_cadence(session, cast, rule=on_day(20))
    entries = session.scalars(select(AuditEntry.change).where(AuditEntry.entity == "cadence")).all()
    assert sorted(entries) == ["changed", "created", "created"]


def test_the_rhythms_of_many_units_come_in_one_statement(session: Session, cast: Cast) -> None:
    mine = set_cadence(session, cast)
    found = cadences.current_of(session, [cast.finance.id, cast.legal.id], TODAY)
    assert found == {cast.finance.id: mine}
