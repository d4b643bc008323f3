"""The page on which a request is decided, and "How we decide"."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import PriorityRule, Request, RequestVerdict
from tests.cast import Cast
from tests.client import Client
from tests.views.test_requests import wish

POINTS = {"points_value": "4", "points_people": "2", "points_risk": "1", "points_cost": "4"}
SCORE = "55 of 100: value to the unit counts most and is very high"


def test_the_score_is_shown_before_and_after_deciding(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}"
    client.sign_in(cast.rep)
    shown = client.submit(f"{path}/decide", {**POINTS, "show": "score", "reason": "It pays"})
    assert shown.status_code == 200
    assert SCORE in shown.text
    assert "It pays" in shown.text
    assert session.scalars(select(RequestVerdict)).all() == []
    told = {**POINTS, "verdict": "accept", "reason": "It pays", "trade_off": "Three days for 20,000 a year"}
    assert client.submit(f"{path}/decide", told).status_code == 303
    for person in (cast.rep, cast.head):
        page = client.sign_in(person).get(path).text
        assert SCORE in page
        assert "Three days for 20,000 a year" in page


def test_half_the_points_are_asked_about(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}"
    told = {"verdict": "accept", "reason": "It pays", "points_value": "3"}
    answer = client.sign_in(cast.rep).submit(f"{path}/decide", told)
    assert answer.status_code == 422
    assert "Judge every criterion, or none" in answer.text
    assert client.submit(f"{path}/decide", {**told, "points_value": "9"}).status_code == 422


def test_you_said_we_did_is_shown_to_whoever_asked(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}"
    client.sign_in(cast.rep)
    client.submit(f"{path}/decide", {"verdict": "accept", "reason": "By March"})
    assert client.submit(f"{path}/move", {"to": "delivered"}).status_code == 422
    client.submit(f"{path}/move", {"to": "delivered", "why": "It runs each Monday"})
    client.sign_in(cast.head)
    assert "We did: It runs each Monday." in client.get("/").text
    page = client.get(path).text
    assert "You said" in page
    assert "It runs each Monday" in page


def test_somebody_else_can_see_to_it(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}/owner"
    client.sign_in(cast.rep)
    assert client.submit(path, {"owner_id": str(cast.colleague.id)}).status_code == 303
    assert f"{cast.colleague.name} sees to it in IT." in client.get(f"/requests/{request.id}").text
    assert client.submit(path, {"owner_id": str(cast.head.id)}).status_code == 422
    assert client.sign_in(cast.head).get(path).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("rep", 200), ("head", 200), ("cio", 200), ("administrator", 403)])
def test_everybody_who_sees_requests_reads_how_we_decide(client: Client, cast: Cast, name: str, status: int) -> None:
    assert client.sign_in(getattr(cast, name)).get("/requests/rules").status_code == status


def test_the_rule_and_the_limits_are_changed_with_a_reason(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.cio)
    path = "/requests/rules/edit"
    told = {**_as_shown(client, path), "limit_logged_standard": "3", "words": "Risk first."}
    assert client.submit(path, {**told, "reason": ""}).status_code == 422
    assert client.submit(path, {**told, "reason": "An audit", "criteria-0-weight": "50"}).status_code == 422
    assert client.submit(path, {**told, "reason": "An audit"}).status_code == 303
    kept = session.scalars(select(PriorityRule)).one()
    assert (kept.words, kept.reason) == ("Risk first.", "An audit")
    page_text = client.sign_in(cast.head).get("/requests/rules").text
    assert "Risk first." in page_text
    assert "five working days, now three working days" in page_text
    assert session.scalars(select(Request)).all() == []


def _as_shown(client: Client, path: str) -> dict[str, str]:
    """What the form sends when nothing is touched."""
    text = client.get(path).text
    told = dict(re.findall(r'name="((?:criteria|limit)[^"]*)"[^>]*?value="([^"]*)"', text))
    told |= {name: value for value, name in re.findall(r'value="([^"]*)"[^>]*?name="((?:criteria|limit)[^"]*)"', text)}
    unchecked = set(re.findall(r'name="(criteria-\d-counts_against)"', text)) - {"criteria-3-counts_against"}
    return {name: value for name, value in told.items() if name not in unchecked}
