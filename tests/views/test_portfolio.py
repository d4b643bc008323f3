"""The portfolio page: words first, each figure a link to its evidence, what is unknown said as unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from crm.services.attention import Level
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.relationships import NOW, Stage, ago

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


def read(client: Client, path: str = "/portfolio/list") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_the_cio_reads_who_needs_attention_and_why(client: Client, cast: Cast, stage: Stage) -> None:
    stage.rated(cast.finance, ago(90), [4])
    stage.rated(cast.finance, ago(5), [2], asked=3)
    stage.session.commit()
    text = read(client.sign_in(cast.cio))
    assert "Three of three relationships need you." in text
    assert "Corporate services has no rep yet; Finance rates us lower: 2 of 5 from one of three people, was 4" in text
    assert "one person’s view" in text
    assert "of 3 asked" in text


def test_each_figure_opens_its_evidence(client: Client, cast: Cast, stage: Stage) -> None:
    unit = stage.steady("Sales", cast.rep)
    stage.session.commit()
    text = read(client.sign_in(cast.cio), "/portfolio/list?text=sales")
    for area in ("ratings", "reviews", "actions"):
        assert f'href="/{area}?unit={unit.id}"' in text
    assert f'href="/requests?unit={unit.id}&amp;show=open"' in text
    assert f'href="/meetings?unit={unit.id}&amp;kind=review"' in text


def test_what_is_not_known_is_said_and_never_zero(client: Client, cast: Cast) -> None:
    text = read(client.sign_in(cast.cio), f"/portfolio/list?rep={cast.rep.id}")
    assert "Not rated yet" in text
    assert "none held yet" in text
    assert "None planned" in text


def test_the_address_holds_the_filters(client: Client, cast: Cast, stage: Stage) -> None:
    client.sign_in(cast.cio)
    assert "Legal</a>" not in read(client, f"/portfolio/list?rep={cast.rep.id}")
    assert "Corporate services</a>" in read(client, f"/portfolio/list?branch={cast.corporate.id}")
    assert "No relationship fits" in read(client, "/portfolio/list?text=nonesuch")
    text = read(client, f"/portfolio/list?status=no-rep&rep=&branch={cast.corporate.id}")
    assert '<option value="no-rep" selected>No rep (1)</option>' in text
    assert "Finance</a>" not in text


@pytest.mark.parametrize("query", ["rep=x", "rep=99999999999999", "branch=-1", "page=0", "page=99", "status=%00"])
def test_a_strange_address_shows_a_page_all_the_same(client: Client, cast: Cast, query: str) -> None:
    read(client.sign_in(cast.cio), f"/portfolio/list?{query}")


def test_the_next_page_keeps_the_filters(client: Client, cast: Cast, stage: Stage) -> None:
    for number in range(30):
        stage.unit(f"Unit {number:02}")
    stage.session.commit()
    client.sign_in(cast.cio)
    assert 'href="?text=unit&amp;page=2"' in read(client, "/portfolio/list?text=unit")
    assert "Unit 29" in read(client, "/portfolio/list?text=unit&page=2")


@pytest.mark.parametrize("role", ["head", "administrator", "specialist"])
def test_only_reps_and_the_cio_read_it(client: Client, cast: Cast, role: str) -> None:
    assert client.sign_in(getattr(cast, role)).get("/portfolio/list").status_code == 403


def test_an_empty_portfolio_says_what_comes_next(client: Client, session: Session) -> None:
    text = read(client.sign_in(Stage(session).person("Margit Lindqvist", is_cio=True)))
    assert "The administrator brings in the organisation" in text


def test_the_page_takes_as_few_statements_with_500_units_as_with_12(
    client: Client, cast: Cast, stage: Stage, statements: StatementCounter
) -> None:
    client.sign_in(cast.cio)
    counts = []
    for more in (12, 488):
        for number in range(more):
            stage.session.add(stage.new_unit(f"Unit {more} {number}"))
        stage.session.commit()
        with statements:
            read(client)
        counts.append(statements.count)
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGET, statements.statements


@pytest.mark.parametrize("level", list(Level))
def test_every_state_of_a_relationship_has_a_picture(app: Flask, level: Level) -> None:
    with app.test_request_context():
        line = app.jinja_env.get_template("portfolio/_line.html").make_module()
        shown = str(line.state({"tone": "worse", "word": level.word, "level": level}))  # type: ignore[attr-defined]
    assert level.word in shown
