"""The CIO's page: the sentence first, then the map whose cells open their evidence, then what moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from crm.services.heat_wanted import ORDERS
from models import BusinessUnit
from models.health import Component, EvidenceKind, Movement
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, Stage, ago

MONDAY = TODAY - timedelta(days=TODAY.weekday())


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    """Finance slips because of a refusal; Legal is strong, and its reviews are not known."""
    stage = Stage(session)
    stands(stage, cast.finance, 85, ago(200), ago(35))
    stands(stage, cast.finance, 60, ago(35))
    stands(stage, cast.legal, 82, ago(200), rhythm=None)
    for back in (2, 1, 0):
        on = MONDAY - timedelta(weeks=back)
        health.week(session, cast.finance, on, 60, Movement.SLIPPING, mean=84, lower=78, upper=90)
        health.week(session, cast.legal, on, 82, Movement.STEADY, mean=82, lower=75, upper=89)
    for number, component in enumerate(Component, 1):
        health.evidence(session, cast.finance, component, EvidenceKind.ROUND, since=ago(200), until=ago(35), credit=85)
        kind, source = EvidenceKind.REFUSAL, f"request:{number}"
        health.evidence(session, cast.finance, component, kind, since=ago(35), credit=60, source=source, title="Portal")
    session.commit()
    return stage


def stands(stage: Stage, unit: BusinessUnit, score: int, since: Any, until: Any = None, **parts: Any) -> None:
    of: dict[str, Any] = {component.value: score for component in Component} | parts
    health.kept(stage.session, unit, since=since, until=until, **of)


def read(client: Client, path: str = "/portfolio") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_sentence_stands_first_and_says_what_slips(client: Client, cast: Cast, stage: Stage) -> None:
    text = plain(read(client.sign_in(cast.cio)))
    assert "relationships need you. Finance is slipping, and that is not noise" in text
    assert text.index("is slipping") < text.index("Health by unit") < text.index("What moved since")


def test_each_cell_says_a_word_and_a_figure_and_opens_its_evidence(client: Client, cast: Cast, stage: Stage) -> None:
    html = read(client.sign_in(cast.cio))
    for component in Component:
        assert f'href="/units/{cast.finance.id}/health?part={component.value}&amp;' in html
    assert f'href="/units/{cast.finance.id}"' in html
    assert "Fair 60 Satisfaction of Finance" in plain(html)
    assert "Not known Reviews of Legal" in plain(html)
    assert "Slipping" in html
    cell = re.search(r'href="([^"]*part=promises[^"]*)"', html)
    assert cell
    assert "Promises" in read(client, cell[1].replace("&amp;", "&"))


def test_what_moved_says_from_where_to_where_and_why(client: Client, cast: Cast, stage: Stage) -> None:
    text = plain(read(client.sign_in(cast.cio)))
    moved = text[text.index("Really moved") : text.index("Looks like movement")]
    assert "Finance 85 → 60" in moved
    assert "Refused: Portal" in moved
    assert "No score is three points or more from where it was." in text


@pytest.mark.parametrize("name", ORDERS)
def test_each_column_sorts_both_ways_and_says_so(client: Client, cast: Cast, stage: Stage, name: str) -> None:
    client.sign_in(cast.cio)
    up = read(client, f"/portfolio?sort={name}&period=year")
    assert up.count('aria-sort="ascending"') == 1
    assert f'href="?sort=-{name}&amp;period=year"' in up or f'href="?period=year&amp;sort=-{name}"' in up
    assert read(client, f"/portfolio?sort=-{name}").count('aria-sort="descending"') == 1


def test_an_address_shows_the_same_also_for_a_day_of_the_past(client: Client, cast: Cast, stage: Stage) -> None:
    text = plain(read(client.sign_in(cast.cio), f"/portfolio?from={ago(120)}&to={ago(40)}"))
    assert f"as of {ago(40):%a} {ago(40).day} {ago(40):%B}" in text
    assert "Strong 85 Satisfaction of Finance" in text
    assert "Nothing moved for real" in text
    assert "On 11 October none of two relationships was slipping." in text


def test_branches_stand_together_and_open(client: Client, cast: Cast, stage: Stage) -> None:
    html = read(client.sign_in(cast.cio), "/portfolio?rolled=equally")
    text = plain(html)
    assert "Health by branch" in text
    assert "Corporate services from 2 of 3 units" in text
    assert "1 slipping" in text
    assert f"rolled=equally&amp;branch={cast.corporate.id}" in html
    inside = plain(read(client, f"/portfolio?rolled=equally&branch={cast.corporate.id}"))
    assert "Only Corporate services and what is below it." in inside
    assert "Corporate services itself" in inside
    assert "Finance" in inside


def test_a_rep_reads_it_and_may_look_at_own_units_alone(client: Client, cast: Cast, stage: Stage) -> None:
    client.sign_in(cast.rep)
    assert "Satisfaction of Legal" in read(client)
    mine = read(client, "/portfolio?whose=mine")
    assert "Satisfaction of Finance" in mine
    assert "Satisfaction of Legal" not in mine


@pytest.mark.parametrize("role", ["head", "administrator", "outsider", "specialist"])
def test_it_is_for_reps_and_the_cio_only(client: Client, cast: Cast, role: str) -> None:
    client.sign_in(getattr(cast, role))
    assert client.get("/portfolio").status_code == 403
    assert client.get("/portfolio?as=csv").status_code == 403


def test_the_map_as_a_file(client: Client, cast: Cast, stage: Stage) -> None:
    client.sign_in(cast.cio)
    lines = client.get("/portfolio?as=csv&text=fin").get_data(as_text=True).splitlines()
    assert lines[0].endswith(
        "Unit,Code,Part of,Satisfaction,Reviews,Promises,Engagement,Health,In a word,Which way,Units,Known of,Slipping"
    )
    assert lines[1:] == ["Finance,FIN,Corporate services,60,60,60,60,60,fair,Slipping,1,1,1"]
    assert "spreadsheet" in str(client.get("/portfolio?as=xlsx&rolled=people").mimetype)


@pytest.mark.parametrize(
    "query",
    [
        "sort=x",
        "level=x",
        "rolled=x",
        "branch=x",
        "rep=-1",
        "page=99",
        "period=x",
        "from=x&to=y",
        "to=2026-01-01",
        "from=2027-01-01",
        "from=0001-01-01",
        "text=%00",
        "branch=99999",
        "whose=mine&rep=1&rolled=people&branch=1",
    ],
)
def test_a_strange_address_shows_a_page_all_the_same(client: Client, cast: Cast, stage: Stage, query: str) -> None:
    read(client.sign_in(cast.cio), f"/portfolio?{query}")


def test_nothing_found_and_no_units_say_what_comes_next(client: Client, cast: Cast, stage: Stage) -> None:
    client.sign_in(cast.cio)
    assert "No relationship fits" in read(client, "/portfolio?text=nonesuch")
    assert "No relationship fits" in read(client, "/portfolio?level=weak")


@pytest.mark.parametrize(("role", "most"), [("rep", 12), ("cio", 10)])
def test_it_takes_few_statements_when_something_moved(
    client: Client, cast: Cast, stage: Stage, statements: StatementCounter, role: str, most: int
) -> None:
    client.sign_in(getattr(cast, role))
    client.get("/portfolio")
    for query in (
        "",
        "?rolled=people",
        f"?branch={cast.corporate.id}&rep={cast.rep.id}",
        "?from=2026-01-01&to=2026-11-01",
    ):
        with statements:
            client.get(f"/portfolio{query}")
        assert statements.count <= most, query
