"""The calendar: reviews and due actions by month, week and day, for those who may see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.services.diary import View, span
from models import Absence, ActionState, ClosedDays, Person, ReviewState
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead, at

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    """Finance and Legal, each with a review and an action; Finance has held one and missed one."""
    stage = Stage(session)
    stage.review(cast.finance, ahead(5))
    stage.review(cast.legal, ahead(6))
    stage.review(cast.finance, ago(31), held=ago(31))
    stage.review(cast.finance, ago(60))
    stage.action(cast.finance, "Name the testers", due=ahead(5), owner=cast.head)
    stage.action(cast.finance, "Send the log", due=ago(2))
    stage.action(cast.finance, "Already done", due=ahead(5), state=ActionState.DONE, settled_at=at(ago(1)))
    stage.action(cast.legal, "Find the contract", due=ahead(6))
    session.commit()
    return stage


def read(client: Client, person: Person, query: str = "") -> str:
    answer = client.sign_in(person).get(f"/calendar{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_rep_sees_the_own_units_first_and_all_on_asking(client: Client, cast: Cast, stage: Stage) -> None:
    own = read(client, cast.rep, "?view=month")
    assert "Name the testers" in own
    assert "Find the contract" not in own
    everything = read(client, cast.rep, "?view=month&whose=all")
    assert "Find the contract" in everything


def test_it_can_be_narrowed_to_a_rep_or_a_unit(client: Client, cast: Cast, stage: Stage) -> None:
    of_tom = read(client, cast.cio, f"?view=agenda&whose={cast.colleague.id}")
    assert "Find the contract" in of_tom
    assert "Name the testers" not in of_tom
    of_finance = read(client, cast.cio, f"?view=agenda&unit={cast.finance.id}")
    assert "Name the testers" in of_finance
    assert "Find the contract" not in of_finance


@pytest.mark.parametrize(
    "query", ["", "?whose=all", "?view=agenda&whose=all", "?view=week&unit={legal}", "?whose={tom}"]
)
def test_a_head_sees_the_own_units_only(client: Client, cast: Cast, stage: Stage, query: str) -> None:
    text = read(client, cast.head, query.format(legal=cast.legal.id, tom=cast.colleague.id))
    assert "Find the contract" not in text
    assert ">Legal<" not in text


def test_the_administrator_sees_reviews_and_no_promises(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.administrator, "?view=agenda")
    assert "<b>Finance</b>" in text
    assert "Name the testers" not in text


def test_what_is_late_says_so_and_what_is_done_is_gone(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, "?view=week")
    assert re.search(r"Send the log</b>.*?overdue", text, re.S)
    assert "Already done" not in read(client, cast.rep, "?view=agenda")
    assert "held" in read(client, cast.rep, f"?view=day&on={ago(31)}")
    assert "missed" in read(client, cast.rep, f"?view=day&on={ago(60)}")


def test_a_skipped_review_is_said_to_be(client: Client, cast: Cast, stage: Stage) -> None:
    skipped = stage.review(cast.finance, ahead(40))
    skipped.state, skipped.skip_reason = ReviewState.SKIPPED, "Year end"
    stage.session.commit()
    assert "skipped" in read(client, cast.rep, f"?view=day&on={ahead(40)}")


def test_more_than_three_on_a_day_open_the_day(client: Client, cast: Cast, stage: Stage) -> None:
    for number in range(5):
        stage.action(cast.finance, f"Promise {number}", due=ahead(5))
    stage.session.commit()
    month = read(client, cast.rep, "?view=month")
    assert re.search(r"4 more<span", month)
    assert month.count("Promise ") < 5
    day = read(client, cast.rep, f"?view=day&on={ahead(5)}")
    assert all(f"Promise {number}" in day for number in range(5))
    assert f"view=day&amp;on={ahead(5)}" in month


def test_times_are_those_of_the_unit_and_the_city_is_named_elsewhere(client: Client, cast: Cast, stage: Stage) -> None:
    island = stage.unit("Island sales", zone="Pacific/Auckland")
    stage.lead(island, cast.rep)
    stage.review(island, ahead(3))
    stage.session.commit()
    assert re.search(r"23:00 Auckland</span> <b>Island sales", read(client, cast.rep, "?view=agenda"))


def test_a_month_is_a_table_with_heads_and_today_marked(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, "?view=month")
    assert text.count('<th scope="col" abbr="') == 7
    assert text.count('aria-current="date"') == 1
    assert len(re.findall(r'data-day="', text)) % 7 == 0


def test_without_a_view_there_is_a_month_and_an_agenda_for_a_phone(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep)
    assert 'class="cal-wide"' in text
    assert 'class="cal-narrow"' in text


def test_the_neighbours_keep_the_filter(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, "?view=month&on=2026-11-20&whose=all")
    (later,) = re.findall(r'rel="next" href="([^"]+)"', text)
    assert set(later.removeprefix("?").split("&amp;")) == {"view=month", "on=2026-12-01", "whose=all"}


@pytest.mark.parametrize("query", ["?on=x", "?on=9999-12-31", "?on=0001-01-01", "?view=year", "?unit=x&whose=99999999"])
def test_nonsense_in_the_address_does_no_harm(client: Client, cast: Cast, stage: Stage, query: str) -> None:
    for view in ("", "&view=month", "&view=week", "&view=agenda", "&view=day"):
        read(client, cast.rep, query + view)


def test_days_without_work_are_told_quietly(client: Client, cast: Cast, stage: Stage) -> None:
    stage.add(ClosedDays(name="Office closed", since=ahead(10), until=ahead(12)))
    stage.add(Absence(person_id=cast.rep.id, since=ahead(13), until=ahead(14)))
    stage.session.commit()
    text = read(client, cast.rep, f"?view=agenda&unit={cast.finance.id}")
    assert "Office closed" in text
    assert "Ines Carvalho is away" in text
    of_the_head = read(client, cast.head, f"?view=agenda&unit={cast.finance.id}")
    assert "Office closed" in of_the_head
    assert "is away" not in of_the_head


def test_an_empty_stretch_says_where_to_look(client: Client, cast: Cast, stage: Stage) -> None:
    assert "Nothing on these days" in read(client, cast.rep, "?view=agenda&on=2031-01-01")


@pytest.mark.parametrize("query", ["", "?whose=all", "?view=week", "?unit={finance}", "?whose={tom}"])
def test_few_statements(client: Client, cast: Cast, stage: Stage, statements: StatementCounter, query: str) -> None:
    client.sign_in(cast.rep)
    with statements:
        client.get("/calendar" + query.format(finance=cast.finance.id, tom=cast.colleague.id))
    assert statements.count <= BUDGET


def test_it_stands_in_the_navigation(client: Client, cast: Cast, stage: Stage) -> None:
    for person in (cast.rep, cast.head, cast.cio):
        assert 'href="/calendar"' in client.sign_in(person).get("/units").text


@given(on=st.dates(date(2000, 1, 1), date(2200, 12, 31)), view=st.sampled_from(View))
def test_going_ahead_and_back_again_leads_to_the_same_days(on: date, view: View) -> None:
    here = span(view, on)
    assert here.since <= here.begins < here.until
    there = span(view, here.later)
    if here.later < date(2200, 12, 1):
        assert span(view, there.earlier).begins == here.begins
    if view is View.MONTH:
        assert all(len(week) == 7 and week[0].weekday() == 0 for week in here.weeks)
        assert {here.begins, here.later - timedelta(days=1)} <= set(here.all_days)
    assert TODAY in span(view, TODAY).all_days
