"""A list as a tool: by keyboard alone, with script and without, on a desk and on a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from models import Action
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

YESTERDAY = datetime.now(UTC).date() - timedelta(days=2)


def promised(house: House, cast: Cast) -> None:
    with house.session() as session, session.begin():
        session.add_all(
            Action(unit_id=cast.finance.id, text=f"Promise {number}", due_on=YESTERDAY) for number in (1, 2, 3)
        )


def states(house: House) -> list[str]:
    with house.session() as session:
        return [state.value for state in session.scalars(select(Action.state).order_by(Action.id))]


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_several_promises_are_completed_by_keyboard(
    chromium: Browser, inhabited: tuple[House, Cast], width: int, javascript: bool
) -> None:
    house, cast = inhabited
    promised(house, cast)
    with watched_page(chromium, width=width, javascript=javascript) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/actions?show=overdue")
        for number in (1, 3):
            page.get_by_label(f"Choose: Promise {number}").focus()
            page.keyboard.press("Space")
        if javascript:
            axe(page)
            does_not_scroll_sideways(page)
        page.get_by_role("button", name="Complete").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Complete two actions")
        assert states(house) == ["open"] * 3
        if javascript:
            axe(page)
            does_not_scroll_sideways(page)
        page.get_by_role("button", name="Complete two actions").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Two actions marked as done.")
        assert states(house) == ["done", "open", "done"]


def test_a_filter_is_kept_and_found_again(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    promised(house, cast)
    with watched_page(chromium) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/actions?show=overdue")
        page.get_by_role("link", name="Save this filter").click()
        axe(page)
        page.get_by_label("How you call it").fill("Late ones")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{house.address}/actions?show=overdue")
        page.goto(f"{house.address}/actions")
        page.get_by_role("navigation", name="Your filters").get_by_role("link", name="Late ones").click()
        expect(page).to_have_url(f"{house.address}/actions?show=overdue")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        assert download.value.suggested_filename.startswith("actions-")
        assert download.value.path().read_text(encoding="utf-8-sig").count("Promise") == 3
