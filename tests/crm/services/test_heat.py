"""The heat map: the weakest first, as it stood on any day, by unit or rolled up to branches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.policy import Actor
from crm.services import heat
from crm.services.exports import heat as exports
from crm.services.heat import Heat, Rolled, Wanted
from crm.stats.health import Level
from models import BusinessUnit, Part, Person
from models.health import Movement
from tests.factories import health
from tests.factories.relationships import LONG_AGO, TODAY, Stage, ago, statements

MONDAY = TODAY - timedelta(days=TODAY.weekday())


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def rep(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def cio(stage: Stage) -> Actor:
    return stage.actor(stage.person("Margit Lindqvist", is_cio=True))


def read(session: Session, by: Actor, number: int = 1, **asked: Any) -> Heat:
    wanted = Wanted(**({"on": TODAY, "since": ago(90)} | asked))
    return heat.read(session, by=by, wanted=wanted, number=number)


def names(found: Heat) -> list[str]:
    return [line.name for line in found.page.rows]


def unit(stage: Stage, name: str, score: int | None, **given: Any) -> BusinessUnit:
    """A unit all of whose parts have this value."""
    made = stage.unit(name, **given)
    if score is not None:
        of: dict[str, Any] = {"satisfaction": score, "rhythm": score, "promises": score, "engagement": score}
        health.kept(stage.session, made, since=ago(200), **of)
    return made


def test_the_weakest_comes_first_then_the_name_and_what_is_not_known_last(
    session: Session, stage: Stage, cio: Actor
) -> None:
    for name, score in (("Legal", 80), ("Sales", 55), ("Care", 55), ("New", None), ("Finance", 30)):
        unit(stage, name, score)
    assert names(read(session, cio)) == ["Finance", "Care", "Sales", "Legal", "New"]
    assert names(read(session, cio, sort="-health")) == ["Legal", "Care", "Sales", "Finance", "New"]
    assert names(read(session, cio, sort="name")) == ["Care", "Finance", "Legal", "New", "Sales"]
    assert names(read(session, cio, sort="-name"))[0] == "Sales"
    assert names(read(session, cio, sort="nonsense"))[0] == "Finance"


def test_the_place_orders_and_the_score_is_shown(session: Session, stage: Stage, cio: Actor) -> None:
    few = unit(stage, "Rated by one", None)
    kept = health.kept(session, few, since=ago(10), satisfaction=40, rhythm=40, promises=40, engagement=40)
    kept.place = 6100
    unit(stage, "Rated by many", 50)
    found = read(session, cio)
    assert [(line.name, line.score) for line in found.page.rows] == [("Rated by many", 50), ("Rated by one", 40)]


def test_each_part_sorts_and_an_unknown_part_is_unknown_and_last(session: Session, stage: Stage, cio: Actor) -> None:
    silent, kind, cold = (stage.unit(name) for name in ("Silent", "Kind", "Cold"))
    health.kept(session, silent, since=ago(9), rhythm=90, promises=90, engagement=90)
    health.kept(session, kind, since=ago(9), satisfaction=90, rhythm=10, promises=50, engagement=50)
    health.kept(session, cold, since=ago(9), satisfaction=20, rhythm=95, promises=50, engagement=50)
    assert names(read(session, cio, sort="satisfaction")) == ["Cold", "Kind", "Silent"]
    assert names(read(session, cio, sort="-satisfaction")) == ["Kind", "Cold", "Silent"]
    assert names(read(session, cio, sort="rhythm")) == ["Kind", "Silent", "Cold"]
    line = next(line for line in read(session, cio).page.rows if line.name == "Silent")
    assert [cell.level for cell in line.cells] == [Level.NOT_KNOWN, Level.STRONG, Level.STRONG, Level.STRONG]
    assert line.parts == "from 3 of 4 parts"


def test_a_level_a_movement_and_words_narrow(session: Session, stage: Stage, cio: Actor) -> None:
    for name, score in (("Weak", 49), ("Fair", 50), ("Good", 65), ("Strong", 80), ("Unknown", None)):
        made = unit(stage, name, score, code=name.upper())
        slips = Movement.SLIPPING if name == "Good" else Movement.STEADY
        health.week(session, made, MONDAY, score, slips if score else None)
    for level in Level:
        expected = ["Unknown"] if level is Level.NOT_KNOWN else [level.value.capitalize()]
        assert names(read(session, cio, level=level.value)) == expected
    assert names(read(session, cio, level="slipping")) == ["Good"]
    assert names(read(session, cio, text="stro")) == ["Strong"]
    assert len(names(read(session, cio, level="no such"))) == 5


def test_branch_rep_and_own_units_narrow(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    top = unit(stage, "Sales", 60)
    below = unit(stage, "Marketing", 50, parent=top)
    unit(stage, "Legal", 40)
    stage.lead(below, rep)
    found = read(session, cio, branch_id=top.id)
    assert names(found) == ["Marketing", "Sales"]
    assert found.only == "Only Sales and what is below it."
    assert names(read(session, cio, rep_id=rep.id)) == ["Marketing"]
    assert names(read(session, stage.actor(rep), mine=True)) == ["Marketing"]
    assert len(names(read(session, stage.actor(rep)))) == 3


def test_a_past_day_shows_what_stood_then(session: Session, stage: Stage, cio: Actor) -> None:
    old = stage.unit("Finance", closed_on=ago(5))
    of: dict[str, Any] = {"rhythm": 70, "promises": 70, "engagement": 70}
    health.kept(session, old, since=ago(100), until=ago(50), satisfaction=90, **of)
    health.kept(session, old, since=ago(50), satisfaction=10, **of)
    health.week(session, old, MONDAY - timedelta(weeks=3), 50, Movement.SLIPPING)
    health.week(session, old, MONDAY - timedelta(weeks=8), 80, Movement.STEADY)
    unit(stage, "Later", None)
    (then,) = read(session, cio, on=ago(51)).page.rows
    assert (then.cells[0].value, then.movement) == (90, Movement.STEADY)
    (lately,) = read(session, cio, on=ago(6)).page.rows
    assert (lately.cells[0].value, lately.movement) == (10, Movement.SLIPPING)
    assert names(read(session, cio)) == ["Later"]


def test_branches_by_people_and_equally(session: Session, stage: Stage, cio: Actor) -> None:
    top = unit(stage, "Sales", 80)
    small, large = unit(stage, "Care", 40, parent=top), unit(stage, "Marketing", 61, parent=top)
    unit(stage, "Web", None, parent=large)
    unit(stage, "Legal", 90)
    for made, many in ((top, 1), (small, 1), (large, 3)):
        for number in range(many):
            stage.member(made, stage.person(f"{made.name} {number}"), Part.MEMBER)
    health.week(session, small, MONDAY, 40, Movement.SLIPPING)
    sales, legal = read(session, cio, rolled=Rolled.EQUALLY).page.rows
    # (80 + 40 + 61) / 3 = 60.33; Web is not known.
    assert (sales.name, sales.score, sales.known, sales.units, sales.slipping) == ("Sales", 60, 3, 4, 1)
    assert (legal.name, legal.score, legal.units) == ("Legal", 90, 1)
    sales, legal = read(session, cio, rolled=Rolled.PEOPLE).page.rows
    # (80·1 + 40·1 + 61·3) / 5 = 60.6; nobody is in Legal, so nothing can be weighed there.
    assert (sales.name, sales.score, sales.known) == ("Sales", 61, 3)
    assert (legal.name, legal.score, legal.known, legal.level) == ("Legal", None, 0, Level.NOT_KNOWN)
    inside = read(session, cio, rolled=Rolled.EQUALLY, branch_id=top.id).page.rows
    assert [(line.name, line.score, line.units) for line in inside] == [
        ("Care", 40, 1),
        ("Marketing", 61, 2),
        ("Sales", 80, 1),
    ]


def test_a_mean_of_a_branch_is_rounded_half_up_and_found_under_its_word(
    session: Session, stage: Stage, cio: Actor
) -> None:
    top = unit(stage, "Sales", 65)
    unit(stage, "Care", 64, parent=top)
    (line,) = read(session, cio, rolled=Rolled.EQUALLY, level="good").page.rows
    assert (line.score, line.level) == (65, Level.GOOD)
    assert not read(session, cio, rolled=Rolled.EQUALLY, level="fair").page.rows


def test_only_those_who_may_see_health_read_the_map(session: Session, stage: Stage) -> None:
    head = stage.person("Amara Diallo")
    stage.member(unit(stage, "Finance", 50), head)
    for person in (head, stage.person("Pia Holm", is_administrator=True), stage.person("Olu Adeyemi")):
        with pytest.raises(Forbidden):
            read(session, stage.actor(person))


def test_it_comes_in_pages_with_one_statement_each(session: Session, stage: Stage, cio: Actor) -> None:
    for number in range(60):
        unit(stage, f"Unit {number:02}", 50)
    with statements(session) as sent:
        third = read(session, cio, 3)
    assert len(sent) == 1
    assert names(third) == [f"Unit {number:02}" for number in range(50, 60)]
    assert (third.page.has_previous, third.page.has_next) == (True, False)


def test_the_map_is_taken_along_as_a_file(session: Session, stage: Stage, cio: Actor) -> None:
    made = stage.unit("Finance", code="FIN")
    health.kept(session, made, since=LONG_AGO, satisfaction=40, rhythm=80, promises=60)
    wanted = Wanted(on=TODAY, since=ago(90))
    sheet = exports.lines(lambda number, size: heat.listed(session, by=cio, wanted=wanted, number=number, size=size))
    (row,) = sheet.rows
    assert list(row) == ["Finance", "FIN", "", 40, 80, 60, None, 56, "fair", "", 1, 1, 0]
