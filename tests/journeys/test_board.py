"""The board: a card goes to another column by mouse, by keyboard, and by its menu without script; ten are triaged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from models import Person, Request, RequestState
from tests.browser import DESKTOP, EACH_LOOK, PHONE, Scheme, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

TODAY = datetime.now(UTC).date()


def asked(house: House, cast: Cast, *titles: str, state: RequestState = RequestState.LOGGED) -> None:
    told = {"unit_id": cast.finance.id, "business_need": "To see spend", "logged_on": TODAY, "state": state}
    with house.session() as session, session.begin():
        session.add_all(Request(title=title, **told) for title in titles)


def states(house: House) -> dict[str, str]:
    with house.session() as session:
        return {one.title: one.state.value for one in session.scalars(select(Request))}


def test_a_card_is_dragged_and_a_refused_one_goes_back(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    asked(house, cast, "A dashboard", "A ledger")
    with watched_page(chromium, width=DESKTOP) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/requests/board")
        looked_at = page.locator('[data-column="looking"]')
        page.locator("[data-card]", has_text="A dashboard").drag_to(looked_at)
        expect(looked_at).to_contain_text("A dashboard")
        expect(page.locator(".flash")).to_contain_text("“A dashboard” is in “Being looked at” now.")
        assert states(house)["A dashboard"] == "looking"
        page.locator("[data-card]", has_text="A ledger").drag_to(page.locator('[data-column="delivered"]'))
        assert states(house)["A ledger"] == "logged"  # no way leads there
        with house.session() as session, session.begin():
            session.execute(update(Request).where(Request.title == "A ledger").values(state=RequestState.ACCEPTED))
        page.locator("[data-card]", has_text="A ledger").drag_to(looked_at)
        expect(page.locator(".main-in > .flash-note")).to_contain_text("stays where it is: in “Accepted”")
        expect(page.locator('[data-column="accepted"]')).to_contain_text("A ledger")


def test_a_card_goes_by_keyboard_and_is_told_aloud(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    asked(house, cast, "A dashboard")
    with watched_page(chromium, width=DESKTOP) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/requests/board")
        aloud = page.locator("[data-board-says]")
        page.get_by_role("link", name="A dashboard").focus()
        page.keyboard.press("m")
        expect(aloud).to_contain_text("A dashboard is taken. 4 columns are open to it.")
        page.keyboard.press("Escape")
        expect(aloud).to_have_text("A dashboard stays where it is.")
        page.keyboard.press("m")
        page.keyboard.press("ArrowRight")
        expect(aloud).to_have_text("Being looked at.")
        axe(page)
        page.keyboard.press("Enter")
        expect(aloud).to_have_text("“A dashboard” is in “Being looked at” now.")
        expect(page.get_by_role("link", name="A dashboard")).to_be_focused()
        page.keyboard.press("m")
        page.keyboard.press("ArrowRight")
        expect(aloud).to_have_text("Waiting for the unit. Something is asked first.")
        page.keyboard.press("Enter")
        page.get_by_label("In your words").fill("Which cost centres?")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text("Waiting for the unit")
    assert states(house) == {"A dashboard": "waiting"}


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_head_confirms_by_the_menu_on_a_phone(
    chromium: Browser, inhabited: tuple[House, Cast], javascript: bool
) -> None:
    house, cast = inhabited
    asked(house, cast, "A dashboard", state=RequestState.DELIVERED)
    with watched_page(chromium, width=PHONE, javascript=javascript) as page:
        house.sign_in(page, cast.head)
        page.goto(f"{house.address}/requests/board")
        if javascript:
            axe(page)
            does_not_scroll_sideways(page)
        page.get_by_text("Move: A dashboard").click()
        page.get_by_role("button", name="Confirmed").click()
        expect(page.locator(".main-in > .flash")).to_contain_text("“A dashboard” is in “Confirmed” now.")
    assert states(house) == {"A dashboard": "confirmed"}


@EACH_LOOK
def test_ten_are_triaged_at_once(chromium: Browser, inhabited: tuple[House, Cast], width: int, scheme: Scheme) -> None:
    house, cast = inhabited
    asked(house, cast, *(f"Wish {number}" for number in range(10)))
    with watched_page(chromium, width=width, scheme=scheme) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/requests")
        page.get_by_role("button", name="Tick all").click()
        axe(page)
        does_not_scroll_sideways(page)
        page.get_by_role("button", name="Hand over").click()
        page.get_by_label("Who sees to them").select_option("Olu Adeyemi")
        page.get_by_role("button", name="See what happens").click()
        expect(page.locator(".lede")).to_contain_text("Ten requests will go to somebody.")
        axe(page)
        page.get_by_role("button", name="Hand over ten requests").click()
        expect(page.locator(".flash").first).to_contain_text("Ten requests handed over.")
    with house.session() as session:
        owners = select(Person.name).join(Request, Request.owner_id == Person.id)
        assert list(session.scalars(owners)) == ["Olu Adeyemi"] * 10
