"""Every link a stranger may open: a guess, and a real link of another kind, are told the same, at the same cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import throttle
from crm.services.secrets import new_token
from models import Attempt, Invitation
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.everything import furnish

NOW = datetime.now(UTC)
#: Of the rating that ``furnish`` asks the head of Finance for.
REAL = "link of Finance"
FLEETING = re.compile(r'(name="csrf_token"[^>]*value="[^"]*"|[?&]v=\w+|link%20of%20Finance|link of Finance|[\w-]{43})')


def guarded(app: Flask) -> list[tuple[str, str]]:
    """Every address with a personal link in it, and how it is asked."""
    rules = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    return sorted((method, rule.rule) for rule in rules for method in ("GET", "POST") if method in (rule.methods or ()))


def test_there_are_as_many_as_we_know_of(app: Flask) -> None:
    kinds = {rule.split("<")[0] for _, rule in guarded(app)}
    assert kinds == {"/r/", "/m/", "/a/", "/f/", "/n/", "/feed/", "/password/", "/stop/"}


def test_a_guess_and_a_link_of_another_kind_are_told_the_same_at_the_same_cost(
    app: Flask, client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    furnish(session, cast, now=NOW)
    before = session.scalar(select(func.count(Attempt.id))) or 0
    for method, rule in guarded(app):
        found = []
        for token in (new_token(), new_token(), "x", REAL):
            if token == REAL and rule.startswith("/r/"):
                continue  # there it is at home
            session.query(Attempt).delete()
            session.commit()
            path = re.sub(r"<(?:[^:>]+:)?token>", token, rule)
            with statements:
                reply = client.get(path) if method == "GET" else client.submit(path)
            found.append((reply.status_code, FLEETING.sub("", reply.text), statements.count))
        told = {(status, body) for status, body, _ in found}
        assert len(told) == 1, f"{method} {rule} tells a guess from a link of another kind"
        assert next(iter(told))[0] in (404, 410, 200), (method, rule)
        assert len({count for _, _, count in found}) == 1, f"{method} {rule} costs more for one than for another"
    assert before == 0


def test_whoever_guesses_is_slowed_down_on_every_kind_together_and_no_known_link_is(
    app: Flask, client: Client, session: Session, cast: Cast
) -> None:
    furnish(session, cast, now=NOW)
    kinds = [rule for method, rule in guarded(app) if method == "GET"]
    for at in range(throttle.LINK_BY_ADDRESS.times):
        client.get(kinds[at % len(kinds)].replace("<token>", new_token()))
    for rule in kinds:
        assert client.get(rule.replace("<token>", new_token())).status_code == 429, rule
    assert client.get(f"/r/{REAL}").status_code == 200, "who has a link never waits"


def test_counting_guesses_keeps_neither_the_guess_nor_the_address(client: Client, session: Session, cast: Cast) -> None:
    token = new_token()
    client.get(f"/r/{token}")
    (kept,) = session.scalars(select(Attempt)).all()
    assert "127.0.0.1" not in kept.key
    assert token not in kept.key
    session.expire_all()
    assert client.get(f"/r/{token}").headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_known_link_leaves_no_attempt_with_a_time(
    client: Client, session: Session, cast: Cast, method: str
) -> None:
    """It would say when somebody was there."""
    furnish(session, cast, now=NOW)
    assert getattr(client, method)(f"/r/{REAL}").status_code == 200
    assert session.scalar(select(func.count(Attempt.id))) == 0
    assert session.scalar(select(func.count(Invitation.id)).where(Invitation.is_used)) == 0


def test_links_are_long_random_and_kept_as_hashes_only(session: Session, cast: Cast) -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(len(token) for token in tokens) >= 43, "256 bits"
    furnish(session, cast, now=NOW)
    assert all(re.fullmatch(r"[0-9a-f]{64}", kept) for kept in session.scalars(select(Invitation.token_hash)))
