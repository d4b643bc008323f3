"""The unit page shows each reader what that reader may know, and no more."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import unit_page
from crm.services.unit_page import Lede, UnitPage
from models import BusinessUnit, Cover, Part, Person, RequestState
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead, statements


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def finance(stage: Stage, ines: Person) -> BusinessUnit:
    unit = stage.steady("Finance", ines, parent=stage.unit("Corporate services"))
    stage.action(unit, due=ahead(3))
    stage.request(unit)
    stage.meeting(unit, ago(30))
    stage.unit("Treasury", parent=unit)
    return unit


@pytest.fixture
def amara(stage: Stage, finance: BusinessUnit) -> Person:
    head = stage.person("Amara Diallo")
    stage.member(finance, head)
    return head


def read(stage: Stage, person: Person, unit: BusinessUnit) -> UnitPage:
    return unit_page.read(stage.session, by=stage.actor(person), unit=unit, now=NOW)


def lede(stage: Stage, person: Person, unit: BusinessUnit) -> Lede:
    return unit_page.lede(read(stage, person, unit), by=stage.actor(person))


def test_a_rep_sees_everything_of_the_unit(stage: Stage, ines: Person, amara: Person, finance: BusinessUnit) -> None:
    page = read(stage, ines, finance)
    assert page.rhythm
    assert page.rhythm.place == "Room 4"
    assert [held.person for held in page.now_in(Part.HEAD, TODAY)] == [amara]
    assert [held.person for held in page.now_in(Cover.LEAD, TODAY)] == [ines]
    assert [unit.name for unit in page.children] == ["Treasury"]
    assert (
        len(page.promised.actions),
        len(page.promised.requests),
        len(page.promised.meetings),
        len(page.ratings),
    ) == (1, 1, 1, 2)
    assert page.latest
    assert (page.latest.score.value, page.latest.score.n, page.latest.score.asked) == (4, 1, 1)
    assert page.sees_parent


def test_a_head_sees_promises_but_neither_ratings_nor_what_it_thinks(
    stage: Stage, amara: Person, finance: BusinessUnit
) -> None:
    page = read(stage, amara, finance)
    assert (page.status, list(page.ratings), page.facts.satisfaction) == (None, [], None)
    assert (len(page.promised.actions), len(page.promised.requests), len(page.promised.meetings)) == (1, 1, 1)
    assert [unit.name for unit in page.children] == ["Treasury"]
    assert not page.sees_parent


def test_the_administrator_sees_who_belongs_but_not_what_was_said(stage: Stage, finance: BusinessUnit) -> None:
    page = read(stage, stage.person("Pia Holm", is_administrator=True), finance)
    assert [held.person.name for held in page.people] == ["Ines Carvalho"]
    assert page.status is None
    assert not page.ratings
    assert not page.promised.actions
    assert not page.promised.requests
    assert not page.promised.meetings


def test_an_outsider_sees_nothing(stage: Stage, finance: BusinessUnit) -> None:
    with pytest.raises(Forbidden):
        read(stage, stage.person("Helena Brandt", is_business=True), finance)


def test_who_covered_before_stands_newest_first(stage: Stage, ines: Person) -> None:
    unit = stage.unit("Marketing")
    leo, tom = (stage.person(name, is_rep=True) for name in ("Leo Winter", "Tom Okafor"))
    stage.lead(unit, tom, date(2024, 1, 1), date(2025, 1, 1))
    stage.lead(unit, leo, date(2025, 1, 1), date(2026, 1, 1))
    stage.lead(unit, ines, date(2026, 1, 1))
    assert [held.person for held in read(stage, ines, unit).before(TODAY)] == [leo, tom]


def test_a_round_without_an_answer_is_unknown_and_not_the_latest(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    stage.rated(finance, ago(2), asked=3)
    page = read(stage, ines, finance)
    assert page.ratings[0].score.value is None
    assert page.latest == page.ratings[1]


def test_open_requests_come_before_answered_ones(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.request(finance, "Dashboard", state=RequestState.DECLINED, logged_on=TODAY)
    assert [request.state for request in read(stage, ines, finance).promised.requests] == [
        RequestState.LOGGED,
        RequestState.DECLINED,
    ]


def test_the_opening_sentence_is_meant_for_the_reader(
    stage: Stage, ines: Person, amara: Person, finance: BusinessUnit
) -> None:
    assert lede(stage, ines, finance) == Lede("Finance is steady.", "One request and one action are open.")
    assert lede(stage, amara, finance) == Lede("Ines Carvalho looks after Finance.", "")
    stage.rated(finance, ago(1), [2])
    assert lede(stage, ines, finance).finding == "Finance rates us lower: 2 of 5 from one person, was 4."


def test_a_closed_unit_says_since_when_and_nothing_worse(stage: Stage, ines: Person) -> None:
    closed = stage.unit("Typing pool", closed_on=date(2026, 3, 1))
    assert read(stage, ines, closed).status is None
    assert lede(stage, ines, closed).finding == "Typing pool is closed since 1 March."


def test_eight_statements_make_the_page_however_long_the_history(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    for days in range(1, 12):
        stage.meeting(finance, ago(days))
        stage.rated(finance, ago(days), [4, 3])
        stage.action(finance, owner=ines)
        stage.request(finance, by=ines)
    by = stage.actor(ines)
    with statements(stage.session) as sent:
        page = unit_page.read(stage.session, by=by, unit=finance, now=NOW)
    assert len(sent) == 7
    assert len(page.promised.meetings) == 5
