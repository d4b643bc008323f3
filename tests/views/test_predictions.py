"""A rep says what to expect before the answer is known, and sees both beside each other."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import answering, asking
from models import OutboxMessage, Prediction, Round
from tests.cast import Cast
from tests.client import Client

NOW = datetime.now(UTC)


def asked(session: Session, cast: Cast) -> tuple[int, str]:
    """A round of the head of Finance: its id, and the token of the link."""
    by = policy.actor_for(session, cast.rep, NOW.date())
    opened: Round = asking.ask(session, by=by, unit=cast.finance, now=NOW)
    session.commit()
    path = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id.desc())).first() or ""
    return opened.id, path.removeprefix("/r/")


def test_what_is_expected_is_kept_until_somebody_answers(client: Client, session: Session, cast: Cast) -> None:
    number, token = asked(session, cast)
    client.sign_in(cast.rep)
    assert "What do you expect?" in client.get(f"/ratings/{number}").text
    assert client.submit(f"/ratings/{number}/expect", {"expected": "5"}).status_code == 303
    assert client.submit(f"/ratings/{number}/expect", {"expected": "4"}).status_code == 303
    answering.answer(session, token=token, score=2, comment="", now=NOW)
    session.commit()
    late = client.submit(f"/ratings/{number}/expect", {"expected": "2"})
    assert late.status_code == 409 or late.status_code == 422
    assert session.scalars(select(Prediction.expected)).all() == [4]
    page = client.get(f"/ratings/{number}").text
    assert "Ines Carvalho expected 4 · well." in page
    assert "What do you expect?" not in page
    assert client.get("/ratings/expected").text.count("xpects 2.0 more than is said") == 2, (
        "on the whole, and this quarter"
    )


def test_only_who_asks_predicts_and_only_on_the_scale(client: Client, session: Session, cast: Cast) -> None:
    number, _ = asked(session, cast)
    assert client.sign_in(cast.colleague).submit(f"/ratings/{number}/expect", {"expected": "5"}).status_code == 403
    assert client.sign_in(cast.rep).submit(f"/ratings/{number}/expect", {"expected": "9"}).status_code == 422
    assert "Nobody has said yet what they expect." in client.get("/ratings/expected").text
