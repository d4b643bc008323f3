"""A question over all its years: gaps stay gaps, breaks begin anew, and every figure keeps its scale."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services.past_surveys import keeping, reading
from crm.services.past_surveys.series import Past
from models import Better, PastItem
from tests.cast import Cast
from tests.crm.services.past_surveys.files import NOW, load

VALUES = {2009: 60, 2010: 61, 2011: 60, 2013: 62, 2014: 61, 2015: 60, 2016: 61, 2017: 80}
YEARS = "unit,year,Tools\n" + "".join(f"Finance,{year},{value}%\n" for year, value in VALUES.items())


@pytest.fixture
def cio(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.cio)


def tools(session: Session, cio: Actor, cast: Cast, scale: str = "") -> tuple[PastItem, Past]:
    found = reading.of_unit(session, by=cio, unit=cast.finance, scale=scale)
    assert found.item is not None
    assert found.past is not None
    return found.item, found.past


def test_a_verdict_over_all_years_and_a_year_without_a_survey_stays_a_gap(
    session: Session, cast: Cast, cio: Actor
) -> None:
    load(session, cio, YEARS)
    _, past = tools(session, cio, cast)
    assert past.chart is not None
    assert past.chart.verdict.sentence.startswith("A real change, not noise: 80 % is above what Finance’s scores")
    assert [line.text for line in past.chart.lines][3] == "nothing said"
    assert past.chart.gaps == 1
    assert past.shown == "per cent"


def test_a_marked_figure_stands_with_its_mark_and_is_no_part_of_the_series(
    session: Session, cast: Cast, cio: Actor
) -> None:
    load(session, cio, YEARS.replace("80%", "102%"))
    _, past = tools(session, cio, cast)
    assert [(line.period.name, line.text, line.figure.mark) for line in past.marked] == [
        ("2017", "102 %", "102 % is more than 100 %")
    ]
    assert past.periods[-1].name == "2016"
    assert past.newest is not None
    assert past.newest.rounded == "61 %"


def test_from_a_break_on_the_limits_begin_anew(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS)
    item, _ = tools(session, cio, cast)
    made = reading.add_break(
        session, by=cio, item=item, unit=None, since=date(2012, 1, 1), reason="Asked on paper until then", now=NOW
    )
    _, past = tools(session, cio, cast)
    assert past.chart is not None
    assert past.chart.verdict.finding == "Too early to tell"
    assert [(each.name, each.reason) for each in past.chart.rebasings] == [("2012", "Asked on paper until then")]
    with pytest.raises(Conflict):
        reading.add_break(session, by=cio, item=item, unit=None, since=made.since, reason="Again", now=NOW)
    reading.remove_break(session, by=cio, item=item, break_id=made.id)
    session.flush()
    _, past = tools(session, cio, cast)
    assert past.chart is not None
    assert past.chart.rebasings == ()


def test_a_break_of_one_unit_is_not_anothers(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS)
    item, _ = tools(session, cio, cast)
    reading.add_break(
        session, by=cio, item=item, unit=cast.legal, since=date(2012, 1, 1), reason="Merged with Audit", now=NOW
    )
    _, past = tools(session, cio, cast)
    assert past.chart is not None
    assert past.chart.rebasings == ()


def test_a_break_needs_a_period_a_reason_and_the_cio(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS)
    item, _ = tools(session, cio, cast)
    for since, reason, field in (
        (None, "Other wording", "since"),
        (NOW.date(), "", "reason"),
        (NOW.date(), "x" * 501, "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            reading.add_break(session, by=cio, item=item, unit=None, since=since, reason=reason, now=NOW)
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        reading.add_break(
            session, by=cast.actor(session, cast.rep), item=item, unit=None, since=NOW.date(), reason="x", now=NOW
        )
    with pytest.raises(NotFound):
        reading.remove_break(session, by=cio, item=item, break_id=9_999)


def test_scales_stay_apart_unless_the_reader_converts_them(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, "unit,year,Tools\nFinance,2014,7\nFinance,2015,4\n", "a.csv", scale="1-7")
    load(session, cio, "unit,year,Tools\nFinance,2016,4\n", "b.csv", scale="1-5")
    _, past = tools(session, cio, cast)
    assert (past.shown, {given.value for given in past.scales}) == ("1-5", {"1-5", "1-7"})
    assert past.series is not None
    assert past.series.values == (4,)
    _, converted = tools(session, cio, cast, "converted")
    assert converted.series is not None
    assert converted.series.values == (5, 3, 4)
    assert [line.text for line in converted.lines] == ["4.0", "4.0", "7.0"]


def test_of_two_surveys_the_newest_holds_and_the_other_is_named(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, "unit,year,Tools\nFinance,2014,3\n", "a.csv", scale="1-5")
    second = load(session, cio, "unit,year,Tools\nFinance,2014,4\n", "b.csv", scale="1-5")
    _, past = tools(session, cio, cast)
    assert [(line.text, [each.value for each in line.before]) for line in past.lines] == [("4.0", [3])]
    keeping.take_out(session, by=cio, kept=second, now=NOW)
    _, past = tools(session, cio, cast)
    assert [line.text for line in past.lines] == ["3.0"]


def test_less_may_be_better(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS)
    item, _ = tools(session, cio, cast)
    reading.say_better(by=cio, item=item, better=Better.DOWN)
    _, past = tools(session, cio, cast)
    assert past.chart is not None
    assert past.chart.verdict.judgement == "concern"


def test_questions_and_units_are_listed_and_narrowed(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS + "Legal,2016,50%\n")
    listed = reading.items(session, by=cio, text="tool").rows
    assert [(line.item.text, line.units, line.since.year, line.until.year) for line in listed] == [
        ("Tools", 2, 2009, 2017)
    ]
    assert reading.items(session, by=cio, text="50%").rows == []
    units = reading.units(session, by=cio, item=listed[0].item).rows
    assert [line.unit.name for line in units] == ["Finance", "Legal"]
    assert [line.unit.name for line in reading.units(session, by=cio, item=listed[0].item, text="leg").rows] == [
        "Legal"
    ]


def test_heads_do_not_read_past_surveys(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, YEARS)
    head = cast.actor(session, cast.head)
    with pytest.raises(Forbidden):
        reading.of_unit(session, by=head, unit=cast.finance)
    with pytest.raises(Forbidden):
        reading.items(session, by=head)
    with pytest.raises(NotFound):
        reading.of_unit(session, by=cio, unit=cast.legal, item_id=1)
