"""What a board pack says, read from what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.documents import slides, workbook
from crm.documents.content import Cell, Line, Pack, Section, Table, Text, Tone
from crm.errors import Forbidden
from crm.services.packs import board
from models import BusinessUnit
from models.health import Component, EvidenceKind, Movement
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, ago

MONDAY = TODAY - timedelta(days=TODAY.weekday())


def told(session: Session, cast: Cast, branch: BusinessUnit | None = None) -> Pack:
    by = cast.actor(session, cast.cio, TODAY)
    branch_id = branch.id if branch else None
    return board.content(session, by=by, since=ago(90), until=TODAY, branch_id=branch_id, now=NOW)


def slips(session: Session, unit: BusinessUnit) -> None:
    """It falls by fifteen points: a refusal, and a signal."""
    health.evidence(session, unit, Component.SATISFACTION, EvidenceKind.ROUND, since=ago(200), credit=70)
    health.evidence(session, unit, Component.PROMISES, EvidenceKind.ACTION, since=ago(200), credit=70)
    health.evidence(session, unit, Component.PROMISES, EvidenceKind.REFUSAL, since=ago(20), credit=0, title="Dashboard")
    health.kept(session, unit, since=ago(300), until=ago(20), satisfaction=70, promises=70)
    health.kept(session, unit, since=ago(20), satisfaction=70, promises=35)
    for back in range(26):
        score, way = (56, Movement.SLIPPING) if back < 2 else (70, Movement.STEADY)
        health.week(session, unit, MONDAY - timedelta(weeks=back), score, way, mean=70, lower=66, upper=74)


def section(pack: Pack, title: str) -> Section:
    return next(one for one in pack.sections if one.title == title)


def rows(pack: Pack, title: str) -> list[list[str]]:
    tables = [block for block in section(pack, title).blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for row in tables[0].rows]


def test_only_the_cio_makes_one(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.administrator, cast.head):
        with pytest.raises(Forbidden):
            board.content(
                session,
                by=cast.actor(session, person, TODAY),
                since=ago(90),
                until=TODAY,
                branch_id=None,
                now=NOW,
            )


def test_it_says_in_words_what_slips_where_each_stands_and_why(session: Session, cast: Cast) -> None:
    slips(session, cast.finance)
    pack = told(session, cast)
    assert "Finance" in f"{pack.lead} {pack.summary}"
    heat = rows(pack, "Health by unit, the weakest first")
    assert heat[0] == ["Finance", "Fair 55", "Good 70", "Not known", "Weak 35", "Not known", "Slipping"]
    assert {row[1] for row in heat[1:]} == {"Not known"}
    (moved,) = rows(pack, "What really moved")
    assert moved[:3] == ["Finance", "70", "55"]
    assert moved[3].endswith("(−15)")
    assert section(pack, "What really moved").evidence


def test_words_and_figures_stand_in_each_cell_of_the_heat_map(session: Session, cast: Cast) -> None:
    slips(session, cast.finance)
    table = section(told(session, cast), "Health by unit, the weakest first").blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][4] == Cell("Weak 35", value=35, level="weak")
    assert table.rows[0][3] == Cell("Not known", level="not known", tone=Tone.NOT_KNOWN)


def test_a_branch_is_told_alone(session: Session, cast: Cast) -> None:
    slips(session, cast.finance)
    pack = told(session, cast, cast.legal)
    assert pack.title == "How Legal stands"
    assert [row[0] for row in rows(pack, "Health by unit, the weakest first")] == ["Legal"]
    assert "Finance" not in str(pack)


def test_the_trend_is_the_mean_of_all_week_by_week_with_its_limits(session: Session, cast: Cast) -> None:
    slips(session, cast.finance)
    (line,) = section(told(session, cast), "The trend of health").blocks
    assert isinstance(line, Line)
    assert [point.value for point in line.points][-3:] == [70, 56, 56]
    assert line.points[-1].tone is Tone.WORSE
    assert line.mean is not None
    assert line.lower is not None


def test_without_any_health_it_says_so(session: Session, cast: Cast) -> None:
    pack = told(session, cast)
    assert section(pack, "The trend").blocks == (
        Text("There are too few weeks to show a trend. It begins with the second."),
    )
    assert slides.made(pack)
    assert workbook.made(pack)


def test_many_units_are_the_weakest_and_the_branches(session: Session, cast: Cast) -> None:
    for number in range(30):
        unit = BusinessUnit(code=f"U{number}", name=f"Unit {number:02}", parent_id=cast.corporate.id, time_zone="UTC")
        session.add(unit)
        session.flush()
        health.kept(session, unit, since=ago(100), satisfaction=40 + number, rhythm=40 + number)
    pack = told(session, cast)
    title = next(one.title for one in pack.sections if "weakest of" in one.title)
    assert title == "The 20 weakest of 30"
    assert [row[0] for row in rows(pack, title)][:2] == ["Unit 00", "Unit 01"]
    assert rows(pack, "Health by branch")


def test_it_takes_as_many_statements_however_much_there_is(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    slips(session, cast.finance)
    with statements:
        told(session, cast)
    assert statements.count <= 20


def test_the_annex_says_how_health_is_told(session: Session, cast: Cast) -> None:
    leads = [text.lead for text in told(session, cast).method]
    assert leads == ["Levels.", "Satisfaction.", "Reviews.", "Promises.", "Engagement.", "Not known.", "Real or noise."]
