"""Closing the loop: a head who rated low has the last word; whoever wrote a comment reads what came of it."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import FollowUp, FollowUpState
from tests.browser import PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House


def ask(page: Page, house: House, cast: Cast) -> str:
    """The rep asks the head; the path in the mail."""
    page.goto(f"{house.address}/units/{cast.finance.id}/ask")
    page.get_by_role("button", name="Send the links").click()
    expect(page.get_by_role("status")).to_be_visible()
    return house.mail_path(str(cast.head.email))


def answer(phone: Page, house: House, path: str, mark: str, comment: str) -> None:
    phone.goto(house.address + path)
    phone.locator(".rating label", has_text=re.compile(rf"\d\s*{mark}$")).click()
    phone.get_by_label("What should we change first?").fill(comment)
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("main")).to_contain_text(mark)


def reply(page: Page, house: House, text: str) -> str:
    """From the start page of the rep; the path in the mail to the head."""
    page.goto(house.address)
    page.get_by_role("link", name="Reply to Amara Diallo, who rated IT low").first.click()
    page.get_by_label("Your reply").fill(text)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("status")).to_contain_text("Amara gets your reply")
    return house.mail_path("amara.diallo@fernhill.example")


def state(house: House) -> FollowUpState:
    with house.session() as session:
        return session.scalars(select(FollowUp.state)).one()


def test_a_head_closes_a_reply_on_a_phone_when_it_is_enough(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium) as page, watched_page(chromium, width=PHONE, scheme="dark") as phone:
        house.sign_in(page, cast.rep)
        answer(phone, house, ask(page, house, cast), "Poorly", "Payments stop every month end")
        link = reply(page, house, "We look into it.")
        phone.goto(house.address + link)
        assert state(house) is FollowUpState.ANSWERED
        expect(phone.get_by_role("main")).to_contain_text("We look into it.")
        axe(phone)
        does_not_scroll_sideways(phone)
        phone.get_by_label("If not: what is missing").fill("By when?")
        phone.get_by_role("button", name="Not yet").click()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you, Amara")
        reply(page, house, "By Friday.")
        phone.goto(house.address + link)
        expect(phone.get_by_role("main")).to_contain_text("By Friday.")
        phone.get_by_role("button", name="That settles it").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("It is settled, Amara")
        page.reload()
        expect(page.get_by_role("main")).to_contain_text("Amara says it is settled")
    assert state(house) is FollowUpState.CLOSED


def test_what_came_of_a_comment_is_read_on_the_next_link(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium) as page, watched_page(chromium, width=PHONE) as phone:
        house.sign_in(page, cast.rep)
        answer(phone, house, ask(page, house, cast), "Well", "The VPN drops")
        page.goto(f"{house.address}/comments")
        page.get_by_role("link", name="Say what came of it").click()
        page.get_by_label("What came of it").fill("A second line is in.")
        page.get_by_label("Also tell the whole unit").check()
        page.get_by_label("What was said, in your words").fill("Working from home fails.")
        axe(page)
        page.get_by_role("button", name="Keep and tell").click()
        expect(page.get_by_role("main")).to_contain_text("A second line is in.")
        page.goto(f"{house.address}/units/{cast.finance.id}/ask")
        page.get_by_label("Jo Lindt").check()
        page.get_by_role("button", name="Send the links").click()
        expect(page.get_by_role("status")).to_be_visible()
        phone.goto(house.address + house.mail_path(str(cast.key_user.email)))
        expect(phone.get_by_role("main")).to_contain_text("Working from home fails.")
        expect(phone.get_by_role("main")).to_contain_text("A second line is in.")
        expect(phone.get_by_role("main")).not_to_contain_text("VPN")
