"""Opening a link records nothing, whatever opens it: every public link the product hands out, fetched by programs."""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Base
from tests.cast import Cast
from tests.client import Client
from tests.conftest import SECRET_KEY
from tests.mailed_links import COLUMNS_MAY_DIFFER, MAY_DIFFER, Links, everything, send_out, token_endpoints

NOW = datetime.now(UTC)
MACHINES: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (SafeLinks)"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0"},
)


@pytest.fixture
def links(session: Session, cast: Cast) -> Links:
    return send_out(session, cast, secret_key=SECRET_KEY, now=NOW)


def test_every_public_link_is_tried(app: Flask, links: Links) -> None:
    """A new one fails here until it stands in tests/mailed_links.py."""
    assert set(links) == token_endpoints(app)


def test_what_may_differ_is_still_there() -> None:
    for name in (*MAY_DIFFER, *COLUMNS_MAY_DIFFER):
        assert name in Base.metadata.tables
    for name, columns in COLUMNS_MAY_DIFFER.items():
        assert columns <= set(Base.metadata.tables[name].columns.keys())


def test_the_comparison_sees_a_single_change(session: Session, cast: Cast, links: Links) -> None:
    before = everything(session)
    cast.finance.name = "Finances"
    session.flush()
    assert everything(session) != before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_fetching_a_link_leaves_every_row_as_it_was(
    client: Client, session: Session, links: Links, method: str
) -> None:
    before = everything(session)
    for paths in links.values():
        for path in paths:
            for headers in MACHINES:
                answer = client.open(path, method=method, headers=headers)
                assert answer.status_code in (200, 303, 404, 410), f"{method} {path}: {answer.status_code}"
    assert everything(session) == before


def test_what_stands_in_the_address_answers_nothing(client: Client, session: Session, links: Links) -> None:
    before = everything(session)
    said = "score=1&comment=x&reply=confirmed&word=settled&action=1&List-Unsubscribe=One-Click&password=longenough"
    for paths in links.values():
        for path in paths:
            client.get(f"{path}?{said}")
    assert everything(session) == before


def test_a_scanner_that_follows_every_link_on_every_page_leaves_every_row_as_it_was(
    client: Client, session: Session, links: Links
) -> None:
    before = everything(session)
    waiting = deque(path for paths in links.values() for path in paths)
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if path in seen or path.startswith(("/static", "/bootstrap", "/htmx")):
            continue
        seen.add(path)
        page = client.get(path, follow_redirects=True)
        if page.mimetype == "text/html":
            # Forms too: a careless program fetches where they lead.
            found = re.findall(r'(?:href|src|action|formaction)="(/[^"#]*)"', page.text)
            waiting.extend(address.replace("&amp;", "&") for address in found)
    assert len(seen) > sum(map(len, links.values()))
    assert everything(session) == before
