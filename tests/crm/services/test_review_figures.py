"""Next, last held, overdue and missed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from crm.services import review_figures
from models import ReviewState
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, add_review


def test_the_figures_of_a_unit(session: Session, cast: Cast) -> None:
    held = ReviewState.HELD
    add_review(session, cast.finance, date(2025, 10, 12))  # missed, but more than a year ago
    add_review(session, cast.finance, date(2026, 7, 12), state=held, held_on=date(2026, 7, 14))
    last = add_review(session, cast.finance, date(2026, 8, 12), state=held, held_on=date(2026, 8, 10))
    add_review(session, cast.finance, date(2026, 9, 12), state=ReviewState.SKIPPED)
    add_review(session, cast.finance, date(2026, 10, 12))
    overdue = add_review(session, cast.finance, date(2026, 11, 9))
    coming = add_review(session, cast.finance, date(2026, 12, 12))
    add_review(session, cast.finance, date(2027, 1, 12))
    figures = review_figures.of_unit(session, cast.finance.id, NOW)
    assert (figures.next, figures.last_held, figures.overdue, figures.missed) == (coming, last, overdue, 1)


def test_a_review_of_today_is_the_next_one(session: Session, cast: Cast) -> None:
    today = add_review(session, cast.finance, date(2026, 11, 10))
    assert review_figures.of_unit(session, cast.finance.id, NOW).next is today


def test_today_is_the_unit_s_own(session: Session, cast: Cast) -> None:
    cast.legal.time_zone = "Pacific/Auckland"
    here = add_review(session, cast.finance, date(2026, 11, 10))
    there = add_review(session, cast.legal, date(2026, 11, 10))
    evening = datetime(2026, 11, 10, 12, tzinfo=UTC)  # the 11th has begun in Auckland
    found = review_figures.of_units(session, [cast.finance.id, cast.legal.id], evening)
    assert (found[cast.finance.id].next, found[cast.legal.id].overdue) == (here, there)


def test_a_unit_without_reviews_has_figures_that_say_so(session: Session, cast: Cast) -> None:
    assert review_figures.of_unit(session, cast.finance.id, NOW) == review_figures.Figures()


def test_many_units_take_as_many_statements_as_one(session: Session, cast: Cast, statements: StatementCounter) -> None:
    units = [cast.corporate, cast.finance, cast.legal]
    for unit in units:
        add_review(session, unit, date(2026, 10, 12))
        add_review(session, unit, date(2026, 12, 12))
    with statements:
        review_figures.of_unit(session, cast.finance.id, NOW)
    one = statements.count
    with statements:
        found = review_figures.of_units(session, [unit.id for unit in units], NOW)
    assert statements.count == one == 5
    assert [figures.missed for figures in found.values()] == [1, 1, 1]
