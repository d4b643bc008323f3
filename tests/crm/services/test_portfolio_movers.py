"""Whose health moved: signals with their causes, and noise apart from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.policy import Actor
from crm.services import portfolio_lede, portfolio_movers
from crm.services.heat import Wanted
from crm.services.portfolio_movers import Kind, Movers
from models import BusinessUnit, Person
from models.health import Component, EvidenceKind, Movement
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, Stage, ago, statements

MONDAY = TODAY - timedelta(days=TODAY.weekday())
WANTED = Wanted(on=TODAY, since=ago(90))


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def cio(stage: Stage) -> Actor:
    return stage.actor(stage.person("Margit Lindqvist", is_cio=True))


@pytest.fixture
def rep(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


def moved(
    stage: Stage, name: str, before: int | None, after: int, movement: Movement | None = None, **given: Any
) -> BusinessUnit:
    """A unit that stood at one score until five weeks ago, and stands at another since."""
    unit = stage.unit(name, **given)
    if before is not None:
        health.kept(stage.session, unit, since=ago(200), until=ago(35), **_all(before))
    health.kept(stage.session, unit, since=ago(35), **_all(after))
    _weeks(stage, unit, after, movement)
    return unit


def _all(value: int) -> dict[str, Any]:
    return {component.value: value for component in Component}


def _weeks(stage: Stage, unit: BusinessUnit, score: int, movement: Movement | None) -> None:
    for back in (3, 2, 1, 0):
        limits: dict[str, Any] = {"mean": 70.0, "lower": 60.6, "upper": 79.4} if movement else {}
        health.week(stage.session, unit, MONDAY - timedelta(weeks=back), score, movement, **limits)


def read(session: Session, by: Actor, wanted: Wanted = WANTED) -> Movers:
    return portfolio_movers.read(session, by=by, wanted=wanted)


def test_signals_and_noise_stand_apart(session: Session, stage: Stage, cio: Actor) -> None:
    moved(stage, "Finance", 72, 58, Movement.SLIPPING)
    moved(stage, "Manufacturing", 70, 85, Movement.IMPROVING)
    moved(stage, "Logistics", 75, 71, Movement.STEADY)
    moved(stage, "New here", 75, 60)
    moved(stage, "Legal", 80, 79, Movement.STEADY)
    found = read(session, cio)
    assert [(one.name, one.before, one.after) for one in found.real] == [
        ("Finance", 72, 58),
        ("Manufacturing", 70, 85),
    ]
    assert [one.name for one in found.noise] == ["New here", "Logistics"]
    assert [portfolio_movers.usual(one) for one in found.noise] == [
        "Too few weeks to tell.",
        "Within its usual range of 61–79.",
    ]
    assert (found.really, found.slipping, found.improving) == (2, 1, 1)


def test_a_move_is_real_where_it_was_a_signal_on_any_monday_since(session: Session, stage: Stage, cio: Actor) -> None:
    unit = moved(stage, "Finance", 80, 60, Movement.STEADY)
    health.week(session, unit, MONDAY - timedelta(weeks=5), 60, Movement.SLIPPING)
    (one,) = read(session, cio).slipped
    assert (one.name, one.now) == ("Finance", Movement.STEADY)
    assert read(session, cio).slipping == 0
    assert not read(session, cio, Wanted(on=TODAY, since=ago(20))).real


def test_each_kind_shows_the_biggest_few_and_counts_all(session: Session, stage: Stage, cio: Actor) -> None:
    for number in range(6):
        moved(stage, f"Unit {number}", 90, 70 - number, Movement.SLIPPING)
    for number in range(3):
        moved(stage, f"Noise {number}", 70, 75, Movement.STEADY)
    found = read(session, cio)
    assert [one.name for one in found.slipped] == ["Unit 5", "Unit 4", "Unit 3", "Unit 2"]
    assert found.counts == {Kind.SLIPPED: 6, Kind.NOISE: 3}
    assert [one.name for one in found.noise] == ["Noise 0", "Noise 1", "Noise 2"]


def test_what_moved_it_is_told_with_its_evidence(session: Session, stage: Stage, cio: Actor) -> None:
    unit = stage.unit("Finance")
    good: dict[str, Any] = {"satisfaction": 80, "rhythm": 80, "engagement": 80}
    health.kept(session, unit, since=ago(200), until=ago(35), promises=100, **good)
    health.kept(session, unit, since=ago(35), promises=33, **good)
    _weeks(stage, unit, 68, Movement.SLIPPING)
    for component in (Component.SATISFACTION, Component.RHYTHM, Component.ENGAGEMENT):
        _evidence(session, unit, component, EvidenceKind.ROUND, f"round:{component}", ago(200), 80)
    _evidence(session, unit, Component.PROMISES, EvidenceKind.ACTION, "action:1", ago(200), 100)
    for number, title in enumerate(("Spend dashboard", "Supplier portal"), 1):
        _evidence(session, unit, Component.PROMISES, EvidenceKind.REFUSAL, f"request:{number}", ago(35), 0, title)
    with statements(session) as sent:
        (one,) = read(session, cio).slipped
    assert len(sent) == 2
    assert (one.before, one.after) == (85, 68)
    assert sum(cause.points for cause in one.causes) == -17
    assert one.told[0].sentence == "Refused without an alternative: Spend dashboard and Supplier portal"
    lede = portfolio_lede.read(session, by=cio, wanted=WANTED, movers=read(session, cio), now=NOW)
    assert "Finance is slipping, and that is not noise: refused without an alternative, twice." in lede.rest


def _evidence(
    session: Session,
    unit: BusinessUnit,
    component: Component,
    kind: EvidenceKind,
    source: str,
    since: date,
    credit: int,
    title: str = "",
) -> None:
    health.evidence(session, unit, component, kind, source=source, since=since, credit=credit, title=title)


def test_the_sentence_joins_attention_and_health(session: Session, stage: Stage, cio: Actor, rep: Person) -> None:
    stage.steady("Calm", rep)
    slipping, better = stage.steady("Finance", rep), stage.steady("Manufacturing", rep)
    for unit, before, after, movement in (
        (slipping, 80, 60, Movement.SLIPPING),
        (better, 60, 80, Movement.IMPROVING),
    ):
        health.kept(session, unit, since=ago(200), until=ago(35), **_all(before))
        health.kept(session, unit, since=ago(35), **_all(after))
        _weeks(stage, unit, after, movement)
    stage.unit("Marketing")
    with statements(session) as sent:
        lede = portfolio_lede.read(session, by=cio, wanted=WANTED, movers=read(session, cio), now=NOW)
    assert len(sent) == 3
    assert lede.finding == "Two of four relationships need you."
    assert lede.rest.startswith("Finance is slipping, and that is not noise")
    assert "Marketing has no rep yet. Manufacturing is clearly better." in lede.rest


def test_the_sentence_about_a_past_day_tells_what_went_which_way_then(
    session: Session, stage: Stage, cio: Actor
) -> None:
    moved(stage, "Finance", 72, 58, Movement.SLIPPING)
    then = Wanted(on=ago(6), since=ago(90))
    lede = portfolio_lede.read(session, by=cio, wanted=then, movers=read(session, cio, then), now=NOW)
    assert lede.finding == "On 14 November the only relationship here was slipping."


def test_only_those_who_may_see_health_read_what_moved(session: Session, stage: Stage) -> None:
    with pytest.raises(Forbidden):
        read(session, stage.actor(stage.person("Pia Holm", is_administrator=True)))
