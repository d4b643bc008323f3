"""Units, services, periods and reps beside each other: never a naked score, and no change that chance can make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import BusinessUnit, Confidentiality
from tests.cast import Cast
from tests.client import Client
from tests.factories.relationships import TODAY, Stage

THIS = "from=2026-10&to=2026-11"


def rated(
    session: Session, unit: BusinessUnit, scores: Sequence[int], *, back: int = 20, asked: int | None = None
) -> None:
    Stage(session).rated(unit, TODAY - timedelta(days=back), scores, asked=asked)
    session.commit()


def page(client: Client, cast: Cast, query: str) -> str:
    return client.sign_in(cast.cio).get(f"/comparison?{THIS}&{query}").text


def test_a_score_has_who_stands_behind_it_and_the_weakest_stands_first(
    client: Client, session: Session, cast: Cast
) -> None:
    rated(session, cast.finance, [4, 4, 4, 5, 4, 5], asked=8)
    rated(session, cast.legal, [2, 2, 3, 2, 2, 3], asked=7)
    text = page(client, cast, "show=units")
    assert text.index("Legal</a>") < text.index("Finance</a>")
    assert "from 6 of 8 asked" in text
    assert "Ordered with small samples drawn to the average" in text
    assert "below the others, more than chance" in text


def test_a_fall_is_real_or_noise_or_too_few_to_tell(client: Client, session: Session, cast: Cast) -> None:
    rated(session, cast.finance, [5, 5, 4, 5, 5, 5], back=80)
    rated(session, cast.finance, [2, 2, 1, 2, 2, 3])
    rated(session, cast.legal, [4, 3, 4, 5, 4, 3], back=80)
    rated(session, cast.legal, [4, 4, 3, 4, 3, 4])
    rated(session, cast.corporate, [5, 5], back=80)
    rated(session, cast.corporate, [1, 1])
    text = page(client, cast, "show=units")
    assert "A real change: down 2.8" in text
    assert "No real change" in text
    assert "Too few to tell" in text
    assert "Finance really fell." in text


def test_a_rep_who_led_other_units_before_is_not_said_to_have_fallen(
    client: Client, session: Session, cast: Cast
) -> None:
    rated(session, cast.finance, [5, 5, 4, 5, 5, 5], back=80)
    Stage(session).lead(cast.corporate, cast.rep)
    rated(session, cast.corporate, [2, 2, 1, 2, 2, 3])
    assert "Led other units before" in page(client, cast, "show=reps")


@pytest.mark.parametrize("show", ["units", "services", "periods", "reps", "responses"])
def test_before_anything_was_said_each_says_so_and_heads_see_none(
    client: Client, session: Session, cast: Cast, show: str
) -> None:
    assert "in October to November 2026" in page(client, cast, f"show={show}")
    client.sign_in(cast.head)
    assert client.get(f"/comparison?show={show}").status_code == 403


def test_who_was_not_heard_counts_rounds_that_stay_hidden_too(client: Client, session: Session, cast: Cast) -> None:
    stage = Stage(session)
    hidden = stage.rated(cast.finance, TODAY - timedelta(days=30), [3, 4], asked=10)
    hidden.confidentiality, hidden.scores_shown, hidden.is_settled = Confidentiality.ANONYMOUS, False, True
    rated(session, cast.finance, [4, 4], back=32, asked=2)
    text = page(client, cast, "show=responses")
    assert "4 of 12" in text
    assert "33 %" in text


@pytest.mark.parametrize("show", ["units", "periods", "reps", "responses"])
def test_each_is_a_file_too(client: Client, session: Session, cast: Cast, show: str) -> None:
    rated(session, cast.finance, [4, 4, 5], back=40, asked=4)
    client.sign_in(cast.cio)
    sent = client.get(f"/comparison?show={show}&as=csv")
    assert sent.status_code == 200
    assert "At least" in sent.text


def test_the_branch_the_name_and_the_page_narrow_it(client: Client, session: Session, cast: Cast) -> None:
    rated(session, cast.finance, [4])
    rated(session, cast.legal, [4])
    assert "Legal</a>" not in page(client, cast, f"show=units&branch={cast.finance.id}")
    assert "Legal</a>" not in page(client, cast, "show=units&text=fin")
    assert "Nothing on this page" in page(client, cast, "show=units&page=2")
