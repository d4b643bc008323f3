"""Periods, branches and reps beside each other, as the CIO reads them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy.orm import Session

from models.health import Movement
from tests.cast import Cast
from tests.client import Client
from tests.factories import health
from tests.factories.relationships import NOW, Stage, ago


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("kind", ["period", "branch", "rep"])
def test_a_business_head_reads_no_comparison(client: Client, cast: Cast, session: Session, kind: str) -> None:
    session.commit()
    assert client.sign_in(cast.head).get(f"/portfolio/compare?by={kind}").status_code == 403


def test_a_rep_is_never_shown_without_the_load(client: Client, cast: Cast, stage: Stage) -> None:
    unit = stage.steady("Sales", cast.rep)
    stage.rated(unit, ago(20), [2, 2, 3, 2, 2, 2])
    stage.rated(stage.steady("Legal", cast.colleague), ago(20), [5, 5, 4, 5, 5, 5])
    stage.action(unit, due=ago(3))
    stage.review(unit, ago(64))
    health.kept(stage.session, unit, since=ago(10), satisfaction=40, promises=60, rhythm=50, engagement=50)
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/compare?by=rep")
    assert f"{cast.rep.name} leads" in text
    assert "one overdue thing" in text
    assert "1 of 2" in text
    assert "more than chance" in text
    assert "mean of 1 of" in text
    assert "not how good a rep is" in text


def test_groups_too_small_to_tell_say_so(client: Client, cast: Cast, stage: Stage) -> None:
    stage.rated(stage.steady("Sales", cast.rep), ago(10), [5])
    stage.rated(stage.steady("Legal", cast.colleague), ago(10), [1])
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/compare?by=rep&period=month")
    assert "Too few answers to tell any from the others" in text
    assert "few answers" in text
    assert "Too few to tell it from the others" in text


def test_branches_add_up_what_is_below_them(client: Client, cast: Cast, stage: Stage) -> None:
    top = stage.unit("Operations")
    below = [stage.unit(name, parent=top) for name in ("Plant", "Yard")]
    for unit in below:
        stage.rated(unit, ago(20), [4, 4, 5])
    health.kept(stage.session, below[0], since=ago(10), satisfaction=80, rhythm=80, promises=80, engagement=80)
    health.kept(stage.session, below[1], since=ago(10), satisfaction=50, rhythm=50, promises=50, engagement=50)
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/compare?by=branch&text=operations")
    assert "6 of 6" in text
    assert "mean of 2 of 3 units" in text
    assert ">65<" in text
    inner = read(client, f"/portfolio/compare?by=branch&branch={top.id}")
    assert all(name in inner for name in ("Plant", "Yard", "the unit itself"))


def test_a_period_beside_the_one_before_says_what_is_real(client: Client, cast: Cast, stage: Stage) -> None:
    unit = stage.steady("Sales", cast.rep)
    stage.rated(unit, ago(20), [1, 2, 1, 2, 1, 2])
    stage.rated(unit, ago(130), [5, 4, 5, 5, 4, 5])
    health.week(stage.session, unit, ago(11), 50, Movement.SLIPPING)
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/compare?by=period")
    assert "A real change: down" in text
    assert "1 unit really slipped" in text
    assert "Too few to tell" in text
    year = read(client, "/portfolio/compare?by=period&against=year-before")
    assert "the same days a year before" in year


def test_the_list_is_ordered_narrowed_and_empty_with_a_way_out(client: Client, cast: Cast, stage: Stage) -> None:
    for name in ("Anna Adler", "Zoe Zander"):
        stage.steady(f"Unit of {name}", stage.person(name, is_rep=True))
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/compare?by=rep&order=name")
    assert text.index("Anna Adler</a>") < text.index("Zoe Zander</a>")
    assert "Anna Adler</a>" not in read(client, "/portfolio/compare?by=rep&text=zoe")
    assert "No rep fits" in read(client, "/portfolio/compare?by=rep&text=nobody")
    assert "Nothing on this page" in read(client, "/portfolio/compare?by=rep&page=9")


@pytest.mark.parametrize("kind", ["period", "branch", "rep"])
def test_each_comparison_is_a_file_too(client: Client, cast: Cast, stage: Stage, kind: str) -> None:
    stage.rated(stage.steady("Sales", cast.rep), ago(20), [4, 3])
    stage.session.commit()
    answer = client.sign_in(cast.cio).get(f"/portfolio/compare?by={kind}&as=csv")
    assert answer.status_code == 200
    first = {"period": "Figure", "branch": "Branch", "rep": "Rep"}[kind]
    assert answer.text.lstrip("\ufeff").startswith(first)
    assert client.get(f"/portfolio/compare?by={kind}&as=xlsx").status_code == 200
