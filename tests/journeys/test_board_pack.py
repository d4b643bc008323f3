"""The CIO makes the board pack from the portfolio, leaves, comes back, and takes it along."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from pptx import Presentation

from models import HealthDay
from tests.browser import EACH_LOOK, Scheme, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.factories import health
from tests.journeys.conftest import House

NOW = datetime.now(UTC)
TODAY = NOW.date()


def known(house: House, cast: Cast) -> None:
    with house.session() as session, session.begin():
        session.add(HealthDay(day=TODAY, taken_at=NOW, units=2, changed=0))
        for unit, value in ((cast.finance, 40), (cast.legal, 90)):
            health.kept(session, unit, since=TODAY - timedelta(100), satisfaction=value, promises=value)


def taken_along(page: Page, form: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"{form} of the pack").click()
    return Path(download.value.path()).read_bytes()


@EACH_LOOK
def test_a_board_pack_is_made_left_and_found_again(
    chromium: Browser, inhabited: tuple[House, Cast], width: int, scheme: Scheme
) -> None:
    house, cast = inhabited
    known(house, cast)
    with watched_page(chromium, width=width, scheme=scheme) as page:
        house.sign_in(page, cast.cio)
        page.goto(f"{house.address}/portfolio")
        page.get_by_role("link", name="Board pack").click()
        axe(page)
        page.get_by_role("button", name="Make the pack").click()
        page.goto(f"{house.address}/portfolio")  # leaves
        page.goto(f"{house.address}/packs")
        axe(page)
        page.locator("main a[href$='/packs/1']").first.click()
        expect(page.get_by_role("link", name="PDF of the pack")).to_be_visible(timeout=60_000)
        does_not_scroll_sideways(page)
        axe(page)
        expect(page.locator(".paper")).to_contain_text("Finance")
        assert taken_along(page, "PDF").startswith(b"%PDF")
        titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(taken_along(page, "Slides"))).slides]
        assert "In one sentence" in titles
