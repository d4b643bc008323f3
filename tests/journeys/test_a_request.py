"""A request from asking to the end, as both sides meet it: declined with an alternative, or delivered and confirmed;
and a complaint that goes up to the CIO and is closed by whoever complained."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import AfterRefusal, Cause, Escalation, Request, RequestKind, RequestState
from tests.browser import DESKTOP, PHONE, axe, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House


def only(house: House) -> Request:
    with house.session() as session:
        return session.scalars(select(Request)).one()


def asks(chromium: Browser, house: House, cast: Cast, title: str, kind: str = "Something new or different") -> str:
    """The head asks on a phone. Returns the address of the request."""
    with watched_page(chromium, width=PHONE) as page:
        house.sign_in(page, cast.head)
        page.get_by_role("link", name="Ask for something").first.click()
        page.get_by_label("What the unit needs it for").fill("Month end takes two days, for all of us")
        page.get_by_label("What is asked for").fill(title)
        page.get_by_text(kind, exact=True).click()
        if kind == "A complaint":
            page.get_by_text("It holds us up").click()
        page.get_by_role("button", name="Send this request").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        return page.url


def looks(page: Page) -> None:
    page.get_by_role("button", name="I look into it").click()
    expect(page.get_by_role("button", name="Decide")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_refusal_leaves_with_an_alternative(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    address = asks(chromium, house, cast, "A dashboard")
    with watched_page(chromium, width=width, expect_status=422) as page:
        house.sign_in(page, cast.rep)
        page.goto(address)
        looks(page)
        page.get_by_role("radio", name="No").check()
        page.get_by_label("Why", exact=True).fill("There is no licence for so many readers")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("Add an alternative, however small").first).to_be_visible()
        page.get_by_label("What we offer instead").fill("Five figures each Monday")
        page.get_by_label("You said, we did").fill("We went through the figures with Jo")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("Five figures each Monday")).to_be_visible()
        axe(page)
    with watched_page(chromium, width=PHONE) as page:
        house.sign_in(page, cast.head)
        page.goto(address)
        expect(page.get_by_text("Five figures each Monday")).to_be_visible()
        expect(page.get_by_text("We went through the figures with Jo")).to_be_visible()
    assert only(house).state is RequestState.DECLINED
    with house.session() as session:
        assert session.scalars(select(AfterRefusal)).one().asked_at is None, "asked in three months"


@pytest.mark.parametrize("width", [DESKTOP], ids=["desk"])
def test_only_the_unit_says_that_it_is_done(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    address = asks(chromium, house, cast, "A second approver")
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(address)
        looks(page)
        page.get_by_role("radio", name="Yes").check()
        page.get_by_label("Why", exact=True).fill("The limits allow it")
        page.get_by_role("button", name="Decide").click()
        page.get_by_role("button", name="Work has begun").click()
        page.get_by_label("You said, we did").fill("Two people can approve now")
        page.get_by_role("button", name="It is delivered").click()
        expect(page.get_by_role("button", name="Yes, it does what we needed")).to_have_count(0)
    assert only(house).state is RequestState.DELIVERED
    with watched_page(chromium, width=PHONE) as page:
        house.sign_in(page, cast.head)
        page.goto(address)
        expect(page.get_by_text("Two people can approve now").first).to_be_visible()
        page.get_by_role("button", name="Yes, it does what we needed").click()
        expect(page.get_by_text("said so").first).to_be_visible()
        axe(page)
    assert only(house).state is RequestState.CONFIRMED


@pytest.mark.parametrize("width", [DESKTOP], ids=["desk"])
def test_a_complaint_goes_up_and_is_closed_by_whoever_complained(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    address = asks(chromium, house, cast, "The run failed again", "A complaint")
    with watched_page(chromium, width=PHONE) as page:
        house.sign_in(page, cast.head)
        page.goto(address)
        page.get_by_role("link", name="Pass it up").click()
        page.get_by_text(cast.cio.name).first.click()
        page.get_by_label("Why").fill("It is the third time")
        page.get_by_role("button", name="Pass it up").click()
        expect(page.get_by_text("is told").first).to_be_visible()
    with house.session() as session:
        assert session.scalars(select(Escalation)).one().to_id == cast.cio.id
    for answer in ("No, it is not solved", "Yes, it is solved"):
        with watched_page(chromium, width=width) as page:
            house.sign_in(page, cast.rep)
            page.goto(address)
            solve(page)
            axe(page)
        with watched_page(chromium, width=PHONE) as page:
            house.sign_in(page, cast.head)
            page.goto(address)
            if answer.startswith("No"):
                page.get_by_text("It is not solved", exact=True).click()
                page.get_by_label("What is still wrong?").fill("It failed on Friday")
            page.get_by_role("button", name=answer).click()
    closed = only(house)
    assert (closed.kind, closed.state, closed.cause) == (RequestKind.COMPLAINT, RequestState.CONFIRMED, Cause.FAULT)


def solve(page: Page) -> None:
    page.get_by_role("link", name="solved").first.click()
    page.get_by_label("Why it came about").fill("The disk was full")
    page.get_by_label("For counting").select_option("fault")
    page.get_by_label("You said, we did").fill("There is an alarm now")
    page.get_by_role("button", name="Ask the unit whether it is").click()
    expect(page.get_by_text("There is an alarm now").first).to_be_visible()
