"""The page of reviews held and due, as people see it on a Tuesday in November 2026."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import ReviewState
from tests.cast import Cast
from tests.client import Client
from tests.factories.reviews import NOW, add_review


@pytest.fixture(autouse=True)
def that_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def autumn(session: Session, cast: Cast) -> None:
    """Finance held one and missed one; Legal skipped one."""
    add_review(session, cast.finance, date(2026, 8, 12), state=ReviewState.HELD, held_on=date(2026, 8, 14))
    add_review(session, cast.finance, date(2026, 9, 14))
    add_review(session, cast.legal, date(2026, 9, 12), state=ReviewState.SKIPPED, skip_reason="Audit")
    session.commit()


@pytest.mark.usefixtures("autumn")
def test_the_sentence_comes_first_and_the_missed_are_listed(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.cio).get("/compliance").text
    assert "<strong>1 of 2 reviews due in the last twelve months were held.</strong>" in page
    assert "One was missed, of Ines Carvalho. One was skipped with a reason." in page
    assert "September 2026 went by without a meeting" in page


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("by", ["rep", "unit", "quarter", "nonsense"])
def test_every_figure_opens_the_list_behind_it(client: Client, cast: Cast, by: str) -> None:
    page = client.sign_in(cast.rep).get(f"/compliance?by={by}&period=2026-Q3").text
    links = {html.unescape(link) for link in re.findall(r'href="(/reviews\?[^"]*period=[^"]*)"', page)}
    assert {re.findall(r"show=(\w+)", link)[0] for link in links} >= {"due", "missed", "skipped"}
    for link in links:
        listed = client.get(link).text
        assert listed.count('class="review-line"') == (2 if "show=due" in link else 1), link
        assert "period=2026-Q3" in link


@pytest.mark.usefixtures("autumn")
def test_one_rep_and_another_time(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    page = client.get(f"/compliance?rep={cast.colleague.id}").text
    assert "Reviews held by Tom Okafor" in page
    assert "No review was due in the last twelve months." in page
    assert "No review was due in July to September 2025." in client.get("/compliance?period=2025-Q3").text
    assert "Back to the first page" in client.get("/compliance?page=7").text


def test_it_is_for_reps_and_the_cio(client: Client, cast: Cast) -> None:
    assert "Reviews count here once they are held" in client.sign_in(cast.rep).get("/compliance").text
    for person in (cast.head, cast.administrator):
        assert client.sign_in(person).get("/compliance").status_code == 403
        assert "/compliance" not in client.get("/reviews").text
    assert "/compliance" in client.sign_in(cast.cio).get("/reviews").text
