"""The list of reviews, as each reader sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.services import review_lists
from crm.services.review_lists import Filter, Which
from crm.services.reviews import Standing
from models import Person, ReviewState
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, add_review


@pytest.fixture
def autumn(session: Session, cast: Cast) -> None:
    """Finance held August, skipped September, missed October, is late in November; Legal meets today."""
    add_review(session, cast.finance, date(2026, 8, 12), state=ReviewState.HELD, held_on=date(2026, 8, 14))
    add_review(session, cast.finance, date(2026, 9, 12), state=ReviewState.SKIPPED, skip_reason="Audit")
    add_review(session, cast.finance, date(2026, 10, 12))
    add_review(session, cast.finance, date(2026, 11, 9))
    add_review(session, cast.finance, date(2026, 12, 12))
    add_review(session, cast.legal, date(2026, 11, 10))


def listed(session: Session, cast: Cast, person: Person, **wanted: Any) -> list[tuple[str, str]]:
    by = cast.actor(session, person, TODAY)
    page = review_lists.listed(session, by=by, wanted=Filter(**wanted), number=1, now=NOW)
    return [(line.unit.name, line.review.period) for line in page.rows]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Which.ATTENTION, [("Finance", "2026-11"), ("Legal", "2026-11")]),
        (Which.NEXT, [("Legal", "2026-11"), ("Finance", "2026-12")]),
        (Which.HELD, [("Finance", "2026-08")]),
        (Which.SKIPPED, [("Finance", "2026-09")]),
        (Which.MISSED, [("Finance", "2026-10")]),
    ],
)
@pytest.mark.usefixtures("autumn")
def test_each_part_of_the_list(session: Session, cast: Cast, which: Which, expected: list[tuple[str, str]]) -> None:
    assert listed(session, cast, cast.cio, which=which) == expected


@pytest.mark.usefixtures("autumn")
def test_mine_are_the_units_i_cover_and_text_narrows_by_name_or_code(session: Session, cast: Cast) -> None:
    assert listed(session, cast, cast.rep, mine=True) == [("Finance", "2026-11")]
    assert listed(session, cast, cast.rep, text="leg") == [("Legal", "2026-11")]
    assert listed(session, cast, cast.rep, text="FIN") == [("Finance", "2026-11")]
    assert listed(session, cast, cast.rep, text="%") == []


@pytest.mark.usefixtures("autumn")
def test_a_head_sees_the_own_unit_only(session: Session, cast: Cast) -> None:
    assert listed(session, cast, cast.head) == [("Finance", "2026-11")]
    assert listed(session, cast, cast.outsider) == [("Legal", "2026-11")]


@pytest.mark.usefixtures("autumn")
def test_an_administrator_who_sets_rhythms_sees_what_they_plan(session: Session, cast: Cast) -> None:
    assert listed(session, cast, cast.administrator) == listed(session, cast, cast.cio)


@pytest.mark.usefixtures("autumn")
def test_a_closed_unit_is_not_listed(session: Session, cast: Cast) -> None:
    cast.legal.closed_on = TODAY
    session.flush()
    assert listed(session, cast, cast.cio) == [("Finance", "2026-11")]


@pytest.mark.usefixtures("autumn")
def test_a_line_carries_standing_and_lead(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.cio, TODAY)
    page = review_lists.listed(session, by=by, wanted=Filter(), number=1, now=NOW)
    assert [line.standing for line in page.rows] == [Standing.OVERDUE, Standing.TODAY]
    assert [line.lead for line in page.rows] == [cast.rep, cast.colleague]


@pytest.mark.usefixtures("autumn")
def test_what_needs_attention_is_counted_in_the_same_scope(session: Session, cast: Cast) -> None:
    everybody = review_lists.attention(session, by=cast.actor(session, cast.cio, TODAY), wanted=Filter(), now=NOW)
    assert (everybody.overdue, everybody.today) == (1, 1)
    mine = review_lists.attention(session, by=cast.actor(session, cast.rep, TODAY), wanted=Filter(mine=True), now=NOW)
    assert (mine.overdue, mine.today) == (1, 0)
