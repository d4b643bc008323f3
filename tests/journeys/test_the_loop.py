"""The loop itself: a rep logs a meeting, a head rates IT on a phone, the CIO reads it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from crm.services import clock
from models import (
    Action,
    BusinessUnit,
    Cadence,
    DayRule,
    Frequency,
    Meeting,
    Request,
    Response,
    Review,
    ReviewState,
    SignIn,
)
from tests.browser import PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import PASSWORD, House

NOTES = "The month-end run failed **again**.\nAmara heard it from her own team."


def owe_a_review(house: House, unit: BusinessUnit) -> None:
    """A review of this month, due today."""
    today = clock.local_date(datetime.now(UTC), unit.time_zone)
    since = today.replace(day=1)
    with house.session() as session:
        cadence = Cadence(
            unit_id=unit.id,
            frequency=Frequency.MONTHLY,
            day_rule=DayRule.MONTH_DAY,
            month_day=today.day,
            at=time(10),
            since=since,
        )
        session.add(cadence)
        session.flush()
        session.add(
            Review(
                unit_id=unit.id,
                cadence_id=cadence.id,
                period=f"{today:%Y-%m}",
                period_since=since,
                period_until=(since + timedelta(days=32)).replace(day=1),
                planned_on=today,
                planned_at=datetime.combine(today, time(10), UTC),
            )
        )
        session.commit()


def test_a_rep_logs_the_review_in_three_interactions(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    owe_a_review(house, cast.finance)
    with watched_page(chromium) as page:
        house.sign_in(page, cast.rep)
        clicks = 0
        for link in ("Log a meeting", re.compile("^Log.* meeting with Finance")):
            page.get_by_role("link", name=link).first.click()
            clicks += 1
        page.get_by_label("Your notes").fill(NOTES)
        page.get_by_label("What will be done").first.fill("Show the cause report")
        page.get_by_label("What is asked for").first.fill("Checks before the run")
        page.get_by_label("What the unit needs it for").first.fill("A failed job should cost minutes, not a night")
        page.get_by_role("button", name="Save meeting").click()
        clicks += 1
        expect(page.get_by_role("main")).to_contain_text("Show the cause report")
        assert clicks <= 3
        expect(page.locator("strong", has_text="again")).to_be_visible()
        axe(page)
    with house.session() as session:
        assert session.scalars(select(Review.state)).one() is ReviewState.HELD
        assert session.scalars(select(Request.business_need)).one() == "A failed job should cost minutes, not a night"
        assert session.scalars(select(Action.text)).one() == "Show the cause report"


def test_a_form_that_is_not_right_comes_back_filled(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium, expect_status=422) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/units/{cast.finance.id}/meetings/new")
        page.get_by_label("Your notes").fill(NOTES)
        page.get_by_label("What is asked for").first.fill("Checks before the run")
        page.get_by_role("button", name="Save meeting").click()
        expect(page.get_by_role("alert").first).to_be_focused()
        expect(page.get_by_label("Your notes")).to_have_value(NOTES)
        expect(page.get_by_label("What is asked for").first).to_have_value("Checks before the run")
        need = page.get_by_label("What the unit needs it for").first
        expect(need).to_have_attribute("aria-invalid", "true")
        axe(page)


def test_notes_survive_a_sign_in_that_ended_meanwhile(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium, expect_status=401) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/units/{cast.finance.id}/meetings/new")
        page.get_by_label("Your notes").fill(NOTES)
        with house.session() as session:
            for sign_in in session.scalars(select(SignIn)):
                session.delete(sign_in)
            session.commit()
        page.get_by_role("button", name="Save meeting").click()
        expect(page.get_by_text("What you typed is kept.")).to_be_visible()
        page.get_by_label("Work e-mail").fill(str(cast.rep.email))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("What you typed is here.")).to_be_visible()
        page.get_by_role("button", name="Go on where I was").click()
        expect(page.get_by_role("main")).to_contain_text("Amara heard it from her own team.")
    with house.session() as session:
        assert session.scalar(select(func.count(Meeting.id))) == 1


def ask(page: Page, house: House, cast: Cast) -> str:
    """The rep asks the head; returns the path in the mail."""
    house.sign_in(page, cast.rep)
    page.goto(f"{house.address}/units/{cast.finance.id}")
    page.get_by_role("link", name="Ask for a rating").first.click()
    page.get_by_role("button", name=re.compile("^Ask ")).click()
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
