"""The pages of what IT knows of a unit."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Assessment, Maturity
from tests.cast import Cast
from tests.client import Client


def test_a_rep_answers_and_says_what_it_is_to_the_unit(client: Client, session: Session, cast: Cast) -> None:
    address = f"/units/{cast.finance.id}/assessment"
    assert "None of the four questions has a fresh answer." in client.sign_in(cast.rep).get(address).text
    kept = client.submit(address, {"strategy": "Ledger first", "gain": "Search works"})
    assert kept.status_code == 303
    page = client.get(kept.headers["Location"]).text
    assert "Two answers kept." in page
    assert "Two of the four questions are out of date." in page
    said = client.submit(f"/units/{cast.finance.id}/maturity", {"level": "4", "why": "We sit in their planning"})
    assert said.status_code == 303
    page = client.get(said.headers["Location"]).text
    assert "IT sees itself as trusted advisor to Finance." in page
    assert "One side has not said yet" in page
    assert "Trusted advisor" in client.get("/assessments?show=stale").text
    assert "Trusted advisor" in client.get("/assessments?as=csv").text


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    client: Client, session: Session, cast: Cast
) -> None:
    address = f"/units/{cast.finance.id}/assessment"
    client.sign_in(cast.rep)
    nothing = client.submit(address, {})
    assert nothing.status_code == 422
    assert "Answer at least one of the four." in nothing.text
    long = client.submit(address, {"strategy": "y" * 2_001, "gain": "Typed before"})
    assert long.status_code == 422
    assert "Keep it under 2,000 letters." in long.text
    assert "Typed before" in long.text
    level = client.submit(f"/units/{cast.finance.id}/maturity", {"level": "9", "why": "Typed as well"})
    assert level.status_code == 422
    assert "Choose one of the five." in level.text
    assert "Typed as well" in level.text
    assert session.scalar(select(func.count(Assessment.id))) == session.scalar(select(func.count(Maturity.id))) == 0


def test_a_head_reads_none_of_it(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.head)
    for address in (f"/units/{cast.finance.id}/assessment", "/assessments"):
        assert client.get(address).status_code == 403
    assert "What we know" not in client.get(f"/units/{cast.finance.id}").text
