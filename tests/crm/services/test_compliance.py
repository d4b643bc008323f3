"""Held of due: by rep, unit and quarter, always with both numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import compliance, review_lists, stretches
from crm.services.compliance import Compliance, Figure, Group
from crm.services.review_lists import NOBODY, Filter, Which
from models import Assignment, Cover, ReviewState
from tests.cast import Cast
from tests.factories.relationships import statements
from tests.factories.reviews import NOW, TODAY, add_review

HELD, SKIPPED = ReviewState.HELD, ReviewState.SKIPPED


@pytest.fixture(autouse=True)
def a_year(session: Session, cast: Cast) -> None:
    """Finance: held in May and June, missed July, skipped August; Tom led it in May. Legal: held September."""
    [lead] = [one for one in session.query(Assignment) if one.unit_id == cast.finance.id]
    lead.since = date(2026, 6, 1)
    session.add(
        Assignment(
            unit_id=cast.finance.id,
            rep_id=cast.colleague.id,
            cover=Cover.LEAD,
            since=date(2026, 5, 1),
            until=date(2026, 6, 1),
        )
    )
    add_review(session, cast.finance, date(2026, 5, 12), state=HELD, held_on=date(2026, 5, 14))
    add_review(session, cast.finance, date(2026, 6, 12), state=HELD, held_on=date(2026, 6, 12))
    add_review(session, cast.finance, date(2026, 7, 12))
    add_review(session, cast.finance, date(2026, 8, 12), state=SKIPPED, skip_reason="Audit")
    add_review(session, cast.finance, date(2026, 11, 9))  # late, but its period goes on: not due yet
    add_review(session, cast.finance, date(2026, 12, 9))
    add_review(session, cast.legal, date(2026, 9, 12), state=HELD, held_on=date(2026, 9, 12))


def read(session: Session, cast: Cast, group: Group = Group.UNIT, **wanted: Any) -> Compliance:
    by = cast.actor(session, cast.cio, TODAY)
    return compliance.read(session, by=by, wanted=Filter(**wanted), group=group, number=1, now=NOW)


def lines(found: Compliance) -> list[tuple[str, int, int, int]]:
    return [(line.name, line.figure.held, line.figure.missed, line.figure.skipped) for line in found.page.rows]


def test_by_unit_what_was_missed_stands_first(session: Session, cast: Cast) -> None:
    found = read(session, cast)
    assert found.total == Figure(held=3, missed=1, skipped=1)
    assert (found.total.said, found.total.due) == ("3 of 4 held", 4)
    assert lines(found) == [("Finance", 2, 1, 1), ("Legal", 1, 0, 0)]


def test_a_review_counts_for_who_led_the_unit_on_its_day(session: Session, cast: Cast) -> None:
    assert lines(read(session, cast, Group.REP)) == [("Ines Carvalho", 1, 1, 1), ("Tom Okafor", 2, 0, 0)]
    assert read(session, cast, rep_id=cast.colleague.id).total == Figure(held=2)


def test_a_time_without_a_lead_is_told_as_such(session: Session, cast: Cast) -> None:
    add_review(session, cast.finance, date(2026, 4, 12))
    found = read(session, cast, Group.REP)
    assert ("Nobody led it", 0, 1, 0) in lines(found)
    assert read(session, cast, rep_id=NOBODY).total == Figure(missed=1)


def test_by_quarter_the_newest_first_and_the_quarter_is_that_of_the_planned_day(session: Session, cast: Cast) -> None:
    found = read(session, cast, Group.QUARTER)
    assert lines(found) == [("July to September 2026", 1, 1, 1), ("April to June 2026", 2, 0, 0)]
    assert [line.key for line in found.page.rows] == ["2026-Q3", "2026-Q2"]


def test_a_stretch_narrows_it(session: Session, cast: Cast) -> None:
    assert read(session, cast, stretch=stretches.quarter(2026, 2)).total == Figure(held=2)
    assert read(session, cast, stretch=stretches.year(2025)).total == Figure()


@pytest.mark.parametrize("group", list(Group))
def test_every_figure_is_as_long_as_the_list_behind_it(session: Session, cast: Cast, group: Group) -> None:
    by = cast.actor(session, cast.cio, TODAY)
    for line in read(session, cast, group).page.rows:
        behind: dict[Group, dict[str, Any]] = {
            Group.REP: {"rep_id": line.key},
            Group.UNIT: {"unit_id": line.key},
            Group.QUARTER: {"stretch": stretches.named(str(line.key), TODAY)},
        }
        narrowed = behind[group]
        counted = {Which.DUE: line.figure.due, Which.MISSED: line.figure.missed, Which.SKIPPED: line.figure.skipped}
        for which, expected in counted.items():
            wanted = Filter(which=which, **narrowed)
            assert len(review_lists.listed(session, by=by, wanted=wanted, number=1, now=NOW).rows) == expected


def test_the_sentence_says_both_numbers_then_where(session: Session, cast: Cast) -> None:
    def said(group: Group = Group.UNIT, **wanted: Any) -> str:
        told = compliance.lede(read(session, cast, group, **wanted), group, "2026")
        return f"{told.finding} {told.rest}".strip()

    assert said() == "3 of 4 reviews due in 2026 were held. One was missed, at Finance. One was skipped with a reason."
    assert said(rep_id=cast.colleague.id) == "All two reviews due in 2026 were held."
    assert said(stretch=stretches.year(2025)) == "No review was due in 2026."


def test_three_statements_and_only_it_may_ask(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.cio, TODAY)
    with statements(session) as sent:
        compliance.read(session, by=by, wanted=Filter(), group=Group.REP, number=1, now=NOW)
    assert len(sent) == 3
    head = cast.actor(session, cast.head, TODAY)
    with pytest.raises(Forbidden):
        compliance.read(session, by=head, wanted=Filter(), group=Group.REP, number=1, now=NOW)


def test_stretches_have_keys_that_name_them_again() -> None:
    offered = stretches.to_choose(TODAY)
    assert [stretch.key for stretch in offered[:3]] == ["12-months", "2026-Q4", "2026-Q3"]
    assert [stretches.named(stretch.key, TODAY) for stretch in offered] == offered
    for wrong in ("", "2026-Q5", "0001", "99999", "2026-13", "x"):
        assert stretches.named(wrong, TODAY) is None
    whole = stretches.year(2026)
    assert [stretches.quarter(2026, number).since for number in (1, 4)] == [whole.since, date(2026, 10, 1)]
    assert stretches.quarter(2026, 4).until == whole.until
    assert stretches.last_year(TODAY).until == TODAY + timedelta(days=1)
