"""The CIO changes the survey: sees it as a head will, saves it with a reason, and nothing old is rewritten."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

OLD, NEW = "We deliver what we agreed", "We do what we said"


def ask(page: Page, house: House, cast: Cast) -> None:
    """The rep asks the head and the key user with the survey."""
    page.goto(f"{house.address}/units/{cast.finance.id}/ask")
    page.get_by_role("radio", name=re.compile("^The survey")).check()
    page.get_by_label("Jo Lindt").check()
    page.get_by_role("button", name="Send the links").click()
    expect(page.get_by_role("status")).to_be_visible()


def answer(page: Page, house: House, to: str, question: str) -> None:
    page.goto(house.address + house.mail_path(to))
    page.locator(".rating-tall label").nth(3).click()
    page.get_by_role("group", name=question).locator("label").nth(1).click()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("main")).to_contain_text("Well")


def picture(page: Page, name: str) -> None:
    """For whoever looks at them: CRM_TEST_PICTURES names a folder."""
    if folder := os.environ.get("CRM_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desk", "phone without script"])
def test_the_cio_changes_the_survey_and_only_the_next_round_asks_it(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    with watched_page(chromium) as rep:
        house.sign_in(rep, cast.rep)
        ask(rep, house, cast)
        first = rep.url
        with watched_page(chromium, width=PHONE) as head:
            answer(head, house, str(cast.head.email), OLD)
        rep.goto(first)
        before = rep.locator("#parts").locator("xpath=../..").inner_text()
        assert OLD in before
    with watched_page(chromium, width=width, javascript=width == DESKTOP, expect_status=422) as page:
        house.sign_in(page, cast.cio)
        page.goto(f"{house.address}/questions")
        page.get_by_role("link", name="Change The survey").click()
        page.get_by_role("group", name="Question 2").get_by_label("Question", exact=True).fill(NEW)
        page.get_by_role("button", name="Up question 2").click()
        asked_first = page.get_by_role("group", name="Question 1").get_by_label("Question", exact=True)
        expect(asked_first).to_have_value(NEW)
        page.get_by_role("group", name="Question 5").get_by_label("Also asks the least").check()
        if width == DESKTOP:
            axe(page)
        does_not_scroll_sideways(page)
        picture(page, f"edit-{width}")
        page.get_by_role("button", name="Show what a head will see").last.click()
        expect(page.locator(".phone")).to_contain_text(NEW)
        page.get_by_role("button", name="Ask this from now on").click()
        expect(page.get_by_role("main")).to_contain_text("Say whether it still asks the same.")
        page.get_by_label("Yes, in other words").check()
        page.get_by_label("Why is it changed?").fill("Plainer words")
        if width == DESKTOP:
            axe(page)
        does_not_scroll_sideways(page)
        picture(page, f"check-{width}")
        page.get_by_role("button", name="Ask this from now on").click()
        expect(page.get_by_role("main")).to_contain_text("Version 2 is asked now.")
        expect(page.get_by_role("main")).to_contain_text("Plainer words")
        picture(page, f"versions-{width}")
    with watched_page(chromium) as page:
        house.sign_in(page, cast.colleague)
        page.goto(f"{house.address}/units/{cast.legal.id}/ask")
        page.get_by_role("radio", name=re.compile("^The survey")).check()
        page.get_by_role("button", name="Send the links").click()
        with watched_page(chromium, width=PHONE) as head:
            answer(head, house, str(cast.outsider.email), NEW)
        page.goto(first)
        assert page.locator("#parts").locator("xpath=../..").inner_text() == before
