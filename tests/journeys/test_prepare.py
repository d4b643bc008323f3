"""A rep prepares a review on desktop and phone: from home to the sheet, into the meeting, on to the next."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from crm.services import clock
from models import (
    Action,
    AgendaItem,
    BusinessUnit,
    Cadence,
    DayRule,
    Decision,
    Frequency,
    Project,
    Request,
    Review,
    Stage,
)
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.journeys.conftest import House

SCREENS = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
OPENING = "How things are going, in their words"
LONG = "so that nobody has to ask twice, and the numbers are there on the fifth working day, complete or not, "


def today_in(unit: BusinessUnit) -> date:
    return clock.local_date(datetime.now(UTC), unit.time_zone)


def plan(house: House, unit: BusinessUnit) -> tuple[int, int]:
    """A review in two days and the one after it."""
    today = today_in(unit)
    with house.session() as session:
        rhythm = Cadence(
            unit_id=unit.id, frequency=Frequency.MONTHLY, day_rule=DayRule.MONTH_DAY, at=time(10), since=today
        )
        session.add(rhythm)
        session.flush()
        made = [_review(rhythm, today + timedelta(days=days)) for days in (2, 33)]
        session.add_all(made)
        session.add(Action(unit_id=unit.id, text="Send the price list", due_on=today - timedelta(days=3)))
        session.add(Request(unit_id=unit.id, title="A dashboard", business_need="To see it", logged_on=today))
        session.commit()
        return made[0].id, made[1].id


def _review(rhythm: Cadence, day: date) -> Review:
    return Review(
        unit_id=rhythm.unit_id,
        cadence_id=rhythm.id,
        period=f"{day:%m-%d}",
        period_since=day - timedelta(days=15),
        period_until=day + timedelta(days=15),
        planned_on=day,
        planned_at=datetime.combine(day, time(10), UTC),
    )


def points(page: Page) -> list[str]:
    """What is on the agenda, from top to bottom."""
    return [text.strip() for text in page.locator(".points .row-what").all_inner_texts()]


@SCREENS
def test_a_review_is_prepared_from_home_by_keyboard_and_printed(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    plan(house, cast.finance)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.get_by_role("link", name=re.compile("^Prepare.*Review with Finance")).click()
        assert points(page) == [OPENING, "Send the price list", "A dashboard"]
        expect(page.get_by_role("main")).to_contain_text("13 of 60 minutes")
        expect(page.get_by_role("main")).to_contain_text("One promise is overdue.")
        axe(page)
        does_not_scroll_sideways(page)
        # Reorder by keyboard alone: the button that was pressed is focused again.
        page.get_by_role("button", name=re.compile("^Up.*A dashboard")).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile("^Up.*A dashboard"))).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile("^Down.*A dashboard"))).to_be_focused()
        assert points(page) == ["A dashboard", OPENING, "Send the price list"]
        # Time-box, and Enter keeps it.
        page.get_by_label("Minutes for: A dashboard").fill("15")
        expect(page.get_by_role("main")).to_contain_text("23 of 60 minutes")
        page.get_by_label("Minutes for: A dashboard").press("Enter")
        expect(page.get_by_label("Minutes for: A dashboard")).to_have_value("15")
        # A point of one's own.
        page.get_by_label("A point of your own").fill("The move to Porto")
        page.get_by_role("button", name="Add it").click()
        assert points(page)[-1] == "The move to Porto"
        # Take one off, and see it waiting.
        page.get_by_role("button", name="Take off: Send the price list").click()
        assert points(page) == ["A dashboard", OPENING, "The move to Porto"]
        expect(page.get_by_role("button", name=re.compile("^Put it on.*Send the price list"))).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Print", exact=True).click()
        expect(page.get_by_role("heading", name=re.compile("^Review of"))).to_be_visible()
        expect(page.get_by_role("main")).not_to_contain_text("overdue")
        axe(page)


@SCREENS
def test_on_the_day_it_is_logged_with_its_agenda_and_what_is_left_carries_over(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    first, second = plan(house, cast.finance)
    the_day_comes(house, first)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/reviews/{first}/prepare")
        page.get_by_label("A point of your own").fill("The move to Porto")
        page.get_by_role("button", name="Add it").click()
        page.get_by_role("button", name="Log with this agenda").click()
        expect(page.get_by_label("Your notes")).to_have_value(
            re.compile(r"^## How things.*\s+## Send the price list\s")
        )
        page.get_by_role("checkbox", name="A dashboard").check()
        page.get_by_role("button", name=re.compile("^Save")).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Finance")
        page.goto(f"{house.address}/reviews/{second}/prepare")
        carried = page.locator(".points .point").filter(has_text="Carried over from")
        assert {text.split("\n")[0] for text in carried.all_inner_texts()} == {
            OPENING,
            "Send the price list",
            "The move to Porto",
        }
        does_not_scroll_sideways(page)


def the_day_comes(house: House, review_id: int) -> None:
    with house.session() as session:
        review = session.get_one(Review, review_id)
        review.planned_on -= timedelta(days=2)
        review.planned_at -= timedelta(days=2)
        session.commit()


def test_without_script_it_works_the_same(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    first, _ = plan(house, cast.finance)
    with watched_page(chromium, javascript=False) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/reviews/{first}/prepare")
        page.get_by_role("button", name=re.compile("^Up.*A dashboard")).click()
        assert points(page) == [OPENING, "A dashboard", "Send the price list"]
        page.get_by_role("button", name="Take off: A dashboard").click()
        page.get_by_role("button", name=re.compile("^Put it on.*A dashboard")).click()
        assert points(page) == [OPENING, "Send the price list", "A dashboard"]


def test_a_point_is_dragged_to_another_place(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    first, _ = plan(house, cast.finance)
    with watched_page(chromium) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/reviews/{first}/prepare")
        marks = page.locator(".points .point-mark")
        with page.expect_navigation():
            marks.nth(2).drag_to(marks.nth(0))
        assert points(page) == ["A dashboard", OPENING, "Send the price list"]
        page.reload()
        assert points(page) == ["A dashboard", OPENING, "Send the price list"]


def crowd(house: House, unit: BusinessUnit) -> None:
    """Sixty things to speak of, each of them at length."""
    today = today_in(unit)
    with house.session() as session:
        for number in range(20):
            text = f"Promise {number} {LONG}"[:200]
            session.add(Action(unit_id=unit.id, text=text, due_on=today - timedelta(days=number)))
            session.add(
                Request(unit_id=unit.id, title=f"Wish {number} {LONG}"[:200], business_need=LONG * 9, logged_on=today)
            )
        for number in range(10):
            project = Project(
                unit_id=unit.id,
                name=f"Project {number} {LONG}"[:120],
                stage=Stage.UNDER_WAY,
                state=LONG * 9,
                milestone=LONG,
                moved_on=today,
            )
            decided = Decision(unit_id=unit.id, text=f"Decision {number} {LONG * 3}", decided_on=date(2025, 1, 1))
            session.add_all([project, decided])
        session.commit()


@pytest.mark.parametrize("many", [12, 18, 60])
@pytest.mark.parametrize("for_me", ["", "?for=me"])
def test_the_print_view_fits_two_pages_of_a4_light_on_a_dark_screen(
    chromium: Browser, inhabited: tuple[House, Cast], many: int, for_me: str
) -> None:
    house, cast = inhabited
    first, _ = plan(house, cast.finance)
    crowd(house, cast.finance)
    with watched_page(chromium, scheme="dark") as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/reviews/{first}/prepare")
        page.get_by_role("button", name="Keep agenda").click()
        put_on(house, first, many)
        page.reload()
        assert len(points(page)) == many
        page.goto(f"{house.address}/reviews/{first}/prepare/print{for_me}")
        paper = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        sheet = page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", sheet))
    print(f"{many} points{for_me}: {pages} pages")
    assert 1 <= pages <= 2


def put_on(house: House, review_id: int, many: int) -> None:
    """So many of what was left off or is on it."""
    with house.session() as session:
        all_of_them = select(AgendaItem).where(AgendaItem.review_id == review_id).order_by(AgendaItem.id)
        for number, item in enumerate(session.scalars(all_of_them)):
            item.position, item.dropped = number, number >= many
        session.commit()
