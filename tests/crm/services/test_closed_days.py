"""Days on which the house is closed, and what they do to reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid, NotFound
from crm.services import closed_days, reviews
from models import ClosedDays
from tests.cast import Cast
from tests.factories.reviews import TODAY, add_cadence, days_of, on_day


def close(session: Session, cast: Cast, **changes: Any) -> ClosedDays:
    by = cast.actor(session, cast.administrator, TODAY)
    usual: dict[str, Any] = {
        "by": by,
        "name": "Stocktaking",
        "first": date(2026, 11, 12),
        "last": None,
        "unit": None,
        "today": TODAY,
    }
    return closed_days.add(session, **(usual | changes))


@pytest.fixture
def planned(session: Session, cast: Cast) -> None:
    for unit in (cast.finance, cast.legal):
        add_cadence(session, unit, on_day(12), TODAY)
    reviews.plan_all(session, TODAY)


@pytest.mark.usefixtures("planned")
def test_closing_the_house_moves_reviews_and_opening_it_brings_them_back(session: Session, cast: Cast) -> None:
    days = close(session, cast, last=date(2026, 11, 13))
    assert (days.since, days.until, days.last) == (date(2026, 11, 12), date(2026, 11, 14), date(2026, 11, 13))
    assert [days_of(session, unit)[0] for unit in (cast.finance, cast.legal)] == 2 * ["2026-11-16"]
    by = cast.actor(session, cast.administrator, TODAY)
    closed_days.remove(session, by=by, closed_days_id=days.id, today=TODAY)
    assert [days_of(session, unit)[0] for unit in (cast.finance, cast.legal)] == 2 * ["2026-11-12"]
    with pytest.raises(NotFound):
        closed_days.remove(session, by=by, closed_days_id=days.id, today=TODAY)


@pytest.mark.usefixtures("planned")
def test_closing_one_unit_moves_only_its_reviews(session: Session, cast: Cast) -> None:
    close(session, cast, unit=cast.legal)
    assert days_of(session, cast.finance)[0] == "2026-11-12"
    assert days_of(session, cast.legal)[0] == "2026-11-13"


def test_what_lies_ahead_is_listed_in_order_and_what_is_over_apart(session: Session, cast: Cast) -> None:
    session.add(ClosedDays(name="Last summer", since=date(2026, 8, 3), until=date(2026, 8, 10)))
    close(session, cast, name="Summer", first=date(2027, 8, 2), unit=cast.finance)
    close(session, cast)
    by = cast.actor(session, cast.administrator, TODAY)
    assert [days.name for days in closed_days.listed(session, by=by, number=1).rows] == ["Stocktaking", "Summer"]
    assert [days.name for days in closed_days.listed(session, by=by, number=1, past=True).rows] == ["Last summer"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 81}),
        ("last", {"last": date(2026, 11, 11)}),
        ("last", {"last": date(2027, 11, 13)}),
        ("first", {"first": date(2026, 11, 9)}),
        ("last", {"first": date(2026, 11, 2), "last": date(2026, 11, 9)}),
    ],
)
def test_impossible_days_are_refused_beside_their_field(
    session: Session, cast: Cast, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        close(session, cast, **changes)
    assert refused.value.field == field


def test_only_administrators_close_the_house(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.cio, cast.head):
        with pytest.raises(Forbidden):
            close(session, cast, by=cast.actor(session, person, TODAY))
