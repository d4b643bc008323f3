"""Every page with the demonstration in it, on a desk in light and on a phone in dark: nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from crm import create_app, db, schema
from crm.config import Settings
from crm.services import clock, demo
from models import Action, ActionState, BusinessUnit, Meeting, OutboxMessage, Request, Review, ReviewState, Round
from tests.browser import EACH_LOOK, PHONE, SMALLEST, Scheme, axe, does_not_scroll_sideways, serving, watched_page
from tests.journeys.conftest import SECRET_KEY, House

PAGES = {
    "Ines Carvalho": (
        "/",
        "/portfolio",
        "/portfolio/list",
        "/units",
        "/units?as=list",
        "/units/{unit}",
        "/units/{unit}/timeline",
        "/units/{unit}/ask",
        "/units/{unit}/cadence",
        "/units/{unit}/meetings/new",
        "/units/{unit}/requests/new",
        "/calendar?whose=all",
        "/calendar?view=week",
        "/reviews",
        "/reviews?show=held",
        "/reviews/{review}/move",
        "/reviews/{review}/skip",
        "/meetings",
        "/meetings/new",
        "/meetings/{meeting}",
        "/meetings/{meeting}/correct",
        "/meetings/{meeting}/share",
        "/meetings/{meeting}/minutes",
        "/actions/{action}",
        "/requests",
        "/requests?show=all&late=1&by=unit",
        "/requests/board",
        "/requests/board?unit=",
        "/requests/{request}",
        "/actions",
        "/ratings",
        "/ratings/{round}",
        "/me",
        "/more",
    ),
    "Amara Diallo": (
        "/",
        "/units",
        "/units/{unit}",
        "/requests",
        "/requests/board",
        "/meetings",
        "/reviews",
        "/actions",
        "/outbox",
    ),
    "Margit Lindqvist": ("/", "/units/{unit}", "/units/{unit}/cover"),
    "Pia Holm": (
        "/",
        "/people",
        "/people/new",
        "/people/1",
        "/units/new",
        "/units/{unit}/edit",
        "/units/{unit}/people",
        "/import",
        "/settings",
        "/audit",
        "/outbox",
        "/webhooks",
        "/webhooks/new",
    ),
    "": ("/sign-in", "/forgotten", "{link}", "/r/unknown"),
}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Fernhill IT on a port."""
    file = tmp_path_factory.mktemp("demonstration") / "demo.db"
    app = create_app(Settings(database_url=f"sqlite:///{file}", secret_key=SECRET_KEY, demonstration=True))
    schema.upgrade(app.extensions["database"].engine)
    now = datetime.now(UTC)
    today = clock.local_date(now, "Europe/Lisbon")
    with app.app_context(), db.transaction() as session:
        demo.load(session, scale=demo.Scale.SMALL, today=today, now=now, progress=lambda _done, _total: None)
    with serving(app) as address:
        yield House(app, address)


@pytest.fixture(scope="module")
def things(demonstration: House) -> dict[str, object]:
    """What the addresses are about: Finance."""
    with demonstration.session() as session:
        unit = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "FIN")).one()
        of_unit = {
            name: session.scalars(
                select(table.id).where(table.unit_id == unit.id, *more).order_by(table.id.desc()).limit(1)
            ).one()
            for name, table, more in (
                ("action", Action, (Action.state == ActionState.OPEN,)),
                ("meeting", Meeting, ()),
                ("request", Request, ()),
                ("round", Round, ()),
                ("review", Review, (Review.state == ReviewState.PLANNED,)),
            )
        }
        link = session.scalars(select(OutboxMessage.path).where(OutboxMessage.path.like("/r/%")).limit(1)).one()
    return {"unit": unit.id, "link": link, **of_unit}


@EACH_LOOK
@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "a stranger")
def test_axe_finds_nothing(
    chromium: Browser, demonstration: House, things: dict[str, object], who: str, width: int, scheme: Scheme
) -> None:
    with watched_page(chromium, width=width, scheme=scheme, expect_status=404) as page:
        if who:
            page.goto(f"{demonstration.address}/sign-in")
            page.get_by_role("button", name=who).click()
        for path in PAGES[who]:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(demonstration.address + path.format(**things))
            assert answer is not None
            assert answer.status == (404 if path == "/r/unknown" else 200), f"{who} {path}: {answer.status}"
            axe(page)
            does_not_scroll_sideways(page)
            if width == PHONE:
                page.set_viewport_size({"width": SMALLEST, "height": 700})
                does_not_scroll_sideways(page)
