"""People around a unit: handing it over, covering for somebody away, and leaving; on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import assignments, clock
from models import Action, Handover, Meeting, OutboxMessage, Person
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

ON_BOTH = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desk", "phone"])


def today() -> date:
    return clock.local_date(datetime.now(UTC), "UTC")


def looks_right(page: Page) -> None:
    axe(page)
    does_not_scroll_sideways(page)


def lead(session: Session, cast: Cast, on: date) -> str:
    found = assignments.lead_on(session, cast.finance.id, on)
    return found.name if found else "nobody"


@ON_BOTH
def test_a_rep_hands_a_unit_over_and_the_next_one_reads_it(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    first = today() + timedelta(days=10)
    with house.session() as session:
        session.add(Action(unit_id=cast.finance.id, text="Show the cause report", owner_id=cast.rep.id))
        session.commit()
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/units/{cast.finance.id}")
        page.get_by_role("link", name="Hand Finance over").click()
        page.get_by_label("New lead").select_option(label="Tom Okafor")
        page.get_by_label("From").fill(first.isoformat())
        page.get_by_label("How to talk with them").fill("Amara wants it **short**.")
        looks_right(page)
        page.get_by_role("button", name="Hand over and tell both").click()
        expect(page.get_by_role("status")).to_contain_text("Tom Okafor looks after Finance from")
        expect(page.get_by_role("main")).to_contain_text("Show the cause report")
        looks_right(page)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.colleague)
        expect(page.get_by_role("main")).to_contain_text("Finance comes to you on")
        page.get_by_role("link", name=re.compile("^Read it")).click()
        assert page.url.removeprefix(house.address) == house.mail_path(str(cast.colleague.email))
        expect(page.locator("strong", has_text="short")).to_be_visible()
        page.get_by_role("button", name="I have read it").click()
        expect(page.get_by_text("Read by Tom")).to_be_visible()
        looks_right(page)
        page.goto(house.address)
        expect(page.get_by_text("Finance comes to you on")).to_have_count(0)
    with house.session() as session:
        assert session.scalars(select(Handover.acknowledged_at)).one() is not None
        assert lead(session, cast, first - timedelta(days=1)) == "Ines Carvalho"
        assert lead(session, cast, first) == "Tom Okafor"
        to_both = session.scalars(select(OutboxMessage.to_person_id).order_by(OutboxMessage.id)).all()
        assert to_both == [cast.colleague.id, cast.rep.id]


@ON_BOTH
def test_who_covers_logs_a_meeting_there_and_afterwards_may_not_any_more(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    log = f"{house.address}/units/{cast.finance.id}/meetings/new"
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/absences")
        page.get_by_role("link", name="Record an absence").click()
        page.get_by_label("Back on").fill((today() + timedelta(days=8)).isoformat())
        page.get_by_label("Who covers").select_option(label="Tom Okafor")
        looks_right(page)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Ines Carvalho is away from")
        looks_right(page)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.colleague)
        expect(page.get_by_role("row").filter(has_text="Finance")).to_contain_text("for Ines, until")
        looks_right(page)
        page.goto(f"{house.address}/units/{cast.finance.id}")
        expect(page.get_by_role("main")).to_contain_text("Ines is away until")
        page.goto(log)
        page.get_by_label("Your notes").fill("Amara asked for the cause report.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("Amara asked for the cause report.")
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/absences")
        page.get_by_role("button", name=re.compile("^Back today")).click()
        expect(page.get_by_text("Nobody is away")).to_be_visible()
    with watched_page(chromium, width=width, expect_status=403) as page:
        house.sign_in(page, cast.colleague)
        expect(page.get_by_role("row").filter(has_text="Finance")).to_have_count(0)
        answer = page.goto(log)
        assert answer is not None
        assert answer.status == 403
    with house.session() as session:
        assert session.scalars(select(Meeting.logged_by_id)).all() == [cast.colleague.id]


@ON_BOTH
def test_nobody_leaves_before_it_is_said_who_takes_over(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    last = today() + timedelta(days=5)
    with watched_page(chromium, width=width, expect_status=422) as page:
        house.sign_in(page, cast.administrator)
        page.goto(f"{house.address}/people/{cast.rep.id}")
        page.get_by_role("link", name="Ines leaves").click()
        looks_right(page)
        page.get_by_label("First day without").fill(last.isoformat())
        page.get_by_role("button", name="Ines leaves").click()
        expect(page.get_by_role("alert").first).to_be_focused()
        page.get_by_label("New lead of Finance").select_option(label="Nobody, from that day on")
        page.get_by_role("button", name="Ines leaves").click()
        expect(page.get_by_role("status")).to_contain_text("Ines Carvalho leaves on")
        looks_right(page)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.cio)
        expect(page.get_by_role("main")).to_contain_text("Finance: Ines Carvalho leads until")
        looks_right(page)
        page.locator(".gap-list").get_by_role("link", name="Finance").click()
        page.get_by_label("New lead").select_option(label="Tom Okafor")
        page.get_by_label("From").fill(last.isoformat())
        page.get_by_role("button", name="Hand over and tell both").click()
        expect(page.get_by_role("status")).to_be_visible()
    with house.session() as session:
        assert session.scalars(select(Person.leaves_on).where(Person.id == cast.rep.id)).one() == last
        assert lead(session, cast, last - timedelta(days=1)) == "Ines Carvalho"
        assert lead(session, cast, last) == "Tom Okafor"
