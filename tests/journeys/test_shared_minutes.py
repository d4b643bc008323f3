"""Minutes on their way: shared, objected to by link, corrected with the difference shown, confirmed; two editors."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from crm.services import clock
from models import (
    Assignment,
    Attendance,
    Cover,
    Meeting,
    MeetingKind,
    MinutesReply,
    MinutesVersion,
)
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import LONG_AGO, Cast
from tests.journeys.conftest import House

TEXT = "The run failed on the 30th.\n\n> decision: the upgrade waits\n\nNext time we look at the ledger."
BOTH = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])


def meet(house: House, cast: Cast) -> int:
    """A meeting that the head was at, not shared yet; the colleague is deputy."""
    with house.session() as session:
        meeting = Meeting(
            unit_id=cast.finance.id,
            kind=MeetingKind.TOUCHPOINT,
            held_on=clock.local_date(datetime.now(UTC), cast.finance.time_zone),
            minutes=TEXT,
            internal_notes="She is losing patience.",
            logged_at=datetime.now(UTC),
            logged_by_id=cast.rep.id,
        )
        session.add(meeting)
        session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=LONG_AGO))
        session.flush()
        session.add(Attendance(meeting_id=meeting.id, person_id=cast.head.id))
        session.commit()
        return meeting.id


def checked(page: Page) -> None:
    """Nothing for axe to find, and no page wider than the screen."""
    size = page.viewport_size
    axe(page)
    does_not_scroll_sideways(page)
    if size:
        page.set_viewport_size(size)


def replies(house: House) -> list[str]:
    with house.session() as session:
        return [reply.value for reply in session.scalars(select(MinutesReply.reply).order_by(MinutesReply.id))]


@BOTH
def test_minutes_are_shared_objected_to_corrected_and_confirmed(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    meeting_id = meet(house, cast)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
        page.goto(f"{house.address}/meetings/{meeting_id}")
        page.get_by_role("link", name="Share with Finance").click()
        expect(page.get_by_role("main")).to_contain_text("Amara Diallo is asked by mail")
        expect(page.get_by_role("main")).not_to_contain_text("losing patience")
        checked(page)
        page.get_by_role("button", name="Share with Finance").click()
        expect(page.get_by_role("main")).to_contain_text("Amara has not answered")
        checked(page)
    first = house.mail_path(str(cast.head.email))
    with watched_page(chromium, width=width, expect_status=422) as phone:
        phone.goto(house.address + first)
        expect(phone.get_by_role("main")).to_contain_text("The run failed on the 30th.")
        checked(phone)
        assert replies(house) == ["waiting"]
        phone.get_by_text("No, something is wrong").click()
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("alert").first).to_be_focused()
        checked(phone)
        phone.get_by_label("What is wrong, or missing").fill("It was the 29th.")
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, Amara")
        checked(phone)
    assert replies(house) == ["objected"]
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        expect(page.get_by_role("main")).to_contain_text("Amara objects to the minutes of")
        page.get_by_role("link", name=re.compile("^Correct.*Amara objects")).click()
        page.get_by_label("Minutes", exact=True).fill(TEXT.replace("30th", "29th"))
        checked(page)
        page.get_by_role("button", name="Save the correction").click()
        page.get_by_role("link", name="Share the correction").click()
        expect(page.locator("ins").first).to_contain_text("29th")
        page.get_by_label("What was corrected").fill("The day.")
        checked(page)
        page.get_by_role("button", name="Share the correction").click()
        expect(page.get_by_role("main")).to_contain_text("Version 2")
    with watched_page(chromium, width=width, expect_status=410) as phone:
        phone.goto(house.address + first)
        expect(phone.get_by_role("heading", level=1)).to_have_text("There is a newer version")
        checked(phone)
        phone.goto(house.address + house.mail_path(str(cast.head.email)))
        phone.get_by_text("Yes, they do").click()
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("main")).to_contain_text("You confirmed the minutes")
    assert replies(house) == ["objected", "confirmed"]
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.head)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
        page.goto(f"{house.address}/meetings/{meeting_id}")
        expect(page.get_by_role("main")).to_contain_text("Amara confirmed")
        expect(page.get_by_role("main")).not_to_contain_text("losing patience")
        page.get_by_role("link", name="What changed, and earlier versions").click()
        expect(page.locator("del").first).to_contain_text("30th")
        checked(page)


@BOTH
def test_two_write_at_once_and_nothing_is_lost(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    path = f"/meetings/{meet(house, cast)}/correct"
    with (
        watched_page(chromium, width=width) as theirs,
        watched_page(chromium, width=width, expect_status=409) as mine,
    ):
        for page, person in ((theirs, cast.colleague), (mine, cast.rep)):
            house.sign_in(page, person)
            expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
            page.goto(house.address + path)
        theirs.get_by_label("Minutes", exact=True).fill(TEXT.replace("30th", "29th"))
        mine.get_by_label("Minutes", exact=True).fill(TEXT.replace("ledger", "ledger and the portal"))
        theirs.get_by_role("button", name="Save the correction").click()
        expect(theirs.get_by_role("main")).to_contain_text("The run failed on the 29th.")
        mine.get_by_role("button", name="Save the correction").click()
        expect(mine.get_by_role("main")).to_contain_text("Tom Okafor saved this meeting while you wrote.")
        together = TEXT.replace("30th", "29th").replace("ledger", "ledger and the portal")
        expect(mine.get_by_label("Minutes", exact=True)).to_have_value(together)
        checked(mine)
        mine.get_by_role("button", name="Save the correction").click()
        expect(mine.get_by_role("main")).to_contain_text("The run failed on the 29th.")
    with house.session() as session:
        assert session.scalars(select(Meeting.minutes)).one() == together
        assert session.scalars(select(MinutesVersion)).all() == []
