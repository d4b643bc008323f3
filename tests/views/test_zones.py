"""The zone of tolerance of a service: the least that would do, what is wished for, and how it is."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Answer, Confidentiality, Question, Round
from tests.client import Client
from tests.views.test_surveys import field, links

__all__ = ["links"]


@pytest.fixture
def zone(session: Session, links: list[str]) -> str:
    """The name of the field that asks how a service is; its question asks for the zone too."""
    question = session.scalars(select(Question).where(Question.key == "service")).one()
    question.has_zone = True
    session.commit()
    return f"q{question.id}_service_"


@pytest.fixture
def name(client: Client, links: list[str], zone: str) -> str:
    found = re.search(rf'name="({zone}\d+)"', client.get(links[0]).text)
    assert found
    return found[1]


def kept(session: Session) -> list[tuple[int, int | None, int | None]]:
    session.expire_all()
    return [(row.value, row.minimum, row.desired) for row in session.scalars(select(Answer))]


def test_three_short_rows_stand_below_the_question_and_nothing_is_chosen(
    client: Client, links: list[str], name: str
) -> None:
    page = client.get(links[0]).text
    rows = [page.index(words) for words in ("How well does Mail", "The least that would do", "What you wish for")]
    assert rows == sorted(rows)
    assert page.index("How it is now") > rows[-1]
    for field_name in (name, f"{name}_minimum", f"{name}_desired"):
        assert re.findall(rf'name="{field_name}" value="(\d)"', page) == ["1", "2", "3", "4", "5"]
    assert " checked" not in page


def test_a_zone_is_kept_and_stands_there_again(client: Client, session: Session, links: list[str], name: str) -> None:
    told = {"score": "4", name: "3", f"{name}_minimum": "2", f"{name}_desired": "5"}
    assert client.submit(links[0], told).status_code == 303
    assert kept(session) == [(3, 2, 5)]
    assert client.get(links[0]).text.count(" checked") == 4
    assert client.submit(links[0], told | {f"{name}_desired": "4"}).status_code == 303
    assert kept(session) == [(3, 2, 4)]


def test_a_minimum_above_what_is_wished_for_is_asked_about_beside_it(
    client: Client, session: Session, links: list[str], name: str
) -> None:
    page = client.submit(links[0], {"score": "4", name: "3", f"{name}_minimum": "5", f"{name}_desired": "2"})
    assert page.status_code == 422
    assert f'id="{name}_minimum-error"' in page.text
    assert "more here than what you wish for" in page.text
    assert page.text.count(" checked") == 4, "what was chosen stays"
    assert client.submit(links[0], {"score": "4", name: "3", f"{name}_minimum": "3", f"{name}_desired": "3"})
    assert kept(session) == [(3, 3, 3)]


@pytest.mark.parametrize("part", ["_minimum", "_desired"])
def test_a_zone_off_the_scale_is_refused(
    client: Client, session: Session, links: list[str], name: str, part: str
) -> None:
    page = client.submit(links[0], {"score": "4", name: "3", name + part: "7"})
    assert page.status_code == 422
    assert "Choose one of the answers." in page.text


def test_a_zone_without_how_it_is_says_nothing_and_one_half_of_it_something(
    client: Client, session: Session, links: list[str], name: str
) -> None:
    assert client.submit(links[0], {"score": "4", f"{name}_minimum": "2"}).status_code == 303
    assert kept(session) == []
    assert client.submit(links[0], {"score": "4", name: "1", f"{name}_desired": "4"}).status_code == 303
    assert kept(session) == [(1, None, 4)]


def test_an_anonymous_zone_is_kept_too(client: Client, session: Session, links: list[str]) -> None:
    question = session.scalars(select(Question).where(Question.key == "understands")).one()
    question.has_zone = True
    for one in session.scalars(select(Round)):
        one.confidentiality = Confidentiality.ANONYMOUS
    session.commit()
    name = field(session, "understands")
    told = {"score": "4", name: "3", f"{name}_minimum": "2", f"{name}_desired": "4"}
    assert client.submit(links[0], told).status_code == 303
    assert kept(session) == [(3, 2, 4)]
