"""The loop itself: a rep logs a meeting, a head rates IT on a phone, the CIO reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import (
    Response,
)
from tests.browser import PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

NOTES = "The month-end run failed **again**.\nAmara heard it from her own team."


def ask(page: Page, house: House, cast: Cast) -> str:
    """The rep asks the head; returns the path in the mail."""
    house.sign_in(page, cast.rep)
    page.goto(f"{house.address}/units/{cast.finance.id}")
    page.get_by_role("link", name="Ask for a rating").first.click()
    page.get_by_role("button", name="Send the links").click()
    expect(page.get_by_role("status")).to_be_visible()
    return house.mail_path(str(cast.head.email))


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_head_rates_on_a_phone_and_the_cio_reads_it(
    chromium: Browser, inhabited: tuple[House, Cast], javascript: bool
) -> None:
    house, cast = inhabited
    with watched_page(chromium) as page:
        path = ask(page, house, cast)
    with watched_page(chromium, width=PHONE, expect_status=422, javascript=javascript) as phone:
        phone.goto(house.address + path)
        expect(phone.get_by_text("Your name stays beside your answer.")).to_be_visible()
        assert phone.locator("input[type=radio]:checked").count() == 0
        assert answers(house) == []
        phone.get_by_label("What should we change first?").fill("Tell me before my team does")
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_label("What should we change first?")).to_have_value("Tell me before my team does")
        assert answers(house) == []
        phone.locator(".rating label", has_text="Poorly").nth(1).click()
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("main")).to_contain_text("Poorly")
        if javascript:
            axe(phone)
            does_not_scroll_sideways(phone)
        phone.goto(house.address + path)
        phone.locator(".rating label", has_text=re.compile(r"4\s*Well")).click()
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("main")).to_contain_text("Well")
        assert answers(house) == [4]
    with watched_page(chromium) as page:
        house.sign_in(page, cast.cio)
        page.get_by_role("link", name="Every relationship as a list").click()
        row = page.get_by_role("row").filter(has_text="Finance").filter(has_text="Ines Carvalho")
        expect(row).to_contain_text("one person’s view")
        row.get_by_role("link", name=re.compile("one person’s view")).click()
        page.get_by_role("row").filter(has_text="one person’s view").get_by_role("link").first.click()
        expect(page.get_by_role("main")).to_contain_text("Amara Diallo")
        expect(page.get_by_role("main")).to_contain_text("Tell me before my team does")
        axe(page)


def answers(house: House) -> list[int]:
    with house.session() as session:
        return list(session.scalars(select(Response.score)))


def test_the_head_sees_the_own_unit_and_no_other(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium, expect_status=404) as page:
        house.sign_in(page, cast.head)
        expect(page.get_by_role("main")).to_contain_text("Finance")
        expect(page.get_by_role("main")).to_contain_text("Ines Carvalho")
        page.goto(f"{house.address}/units/{cast.legal.id}")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
