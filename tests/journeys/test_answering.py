"""Answering by the link in a mail: a pulse on a phone in three touches, a survey by keyboard alone, one begun on a
phone and finished at a desk; and programs that open links before anybody does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from crm.services import question_sets
from models import (
    Answer,
    Attendance,
    Instrument,
    Meeting,
    MeetingKind,
    PartialAnswer,
    Response,
    Service,
    ServiceUse,
)
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import LONG_AGO, Cast
from tests.journeys.conftest import SECRET_KEY, House
from tests.mailed_links import everything, invite, send_out

NOW = datetime.now(UTC)
ON_A_PHONE = pytest.mark.parametrize("width", [PHONE], ids=["phone"])
AT_A_DESK = pytest.mark.parametrize("width", [DESKTOP], ids=["desk"])
#: Counts what a thumb does: touches, and keys typed.
COUNTING = """addEventListener('pointerdown', event => sessionStorage.setItem('touches',
    Number(sessionStorage.getItem('touches') || 0) + (event.isTrusted ? 1 : 0)), true)"""


def pulse(house: House, cast: Cast) -> str:
    with house.session() as session:
        token = invite(session, cast, now=NOW)
        session.commit()
    return f"{house.address}/r/{token}"


def survey(house: House, cast: Cast) -> str:
    """Of a unit that uses mail, asked with its zone, and has met its rep."""
    with house.session() as session:
        questions = question_sets.current(session, instrument=Instrument.SURVEY, now=NOW)
        assert questions
        for question in questions.questions:
            question.has_zone = question.key == "service"
        mail = Service(name="Mail", name_key="mail")
        met = Meeting(unit_id=cast.finance.id, kind=MeetingKind.REVIEW, held_on=NOW.date(), logged_at=NOW)
        session.add_all([mail, met])
        session.flush()
        session.add(ServiceUse(unit_id=cast.finance.id, service_id=mail.id, since=LONG_AGO))
        session.add(Attendance(meeting_id=met.id, person_id=cast.rep.id))
        token = invite(session, cast, now=NOW, instrument=Instrument.SURVEY, set_id=questions.id)
        session.commit()
    return f"{house.address}/r/{token}"


def scores(house: House) -> list[int]:
    with house.session() as session:
        return list(session.scalars(select(Response.score)))


def checked(page: Page) -> None:
    size = page.viewport_size
    axe(page)
    does_not_scroll_sideways(page)
    if size:
        page.set_viewport_size(size)


# ---- A pulse


@ON_A_PHONE
def test_a_pulse_takes_one_screen_and_at_most_three_touches(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    link = pulse(house, cast)
    with watched_page(chromium, width=width) as phone:
        phone.add_init_script(COUNTING)
        phone.goto(link)
        send = phone.get_by_role("button", name="Send my answer")
        for needed in (phone.get_by_role("heading", level=1), phone.get_by_role("radio").last, send):
            box = needed.bounding_box()
            assert box
            assert box["y"] + box["height"] <= 844, f"{needed}: {box}"
        assert phone.evaluate("scrollY") == 0
        phone.locator(".rating label", has_text="Very well").tap()
        send.tap()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, Amara")
        assert phone.evaluate("Number(sessionStorage.getItem('touches'))") <= 3
        expect(phone.get_by_role("main")).to_contain_text("5 · Very well")
        checked(phone)
    assert scores(house) == [5]


# ---- A survey, by keyboard alone


def tab_to(page: Page, wanted: str) -> None:
    """Tab until the focus is on what the selector finds; what has the focus shows it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
            page.wait_for_function(VISIBLE, timeout=5_000)  # the page scrolls to it
            return
    raise AssertionError(f"Tab never comes to {wanted}")


#: Whether the focused control, or the label around it, bears a ring and stands on the screen.
VISIBLE = """() => {
    const control = document.activeElement, shown = control.closest('label') || control;
    const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return (ring || style.boxShadow !== 'none') && box.top >= 0 && box.bottom <= innerHeight;
}"""


@AT_A_DESK
def test_a_survey_is_answered_with_the_keyboard_alone(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    link = survey(house, cast)
    with watched_page(chromium, width=width) as page:
        page.goto(link)
        every_group_has_a_name(page)
        groups = page.evaluate("[...new Set([...document.querySelectorAll('[type=radio]')].map(one => one.name))]")
        assert len(groups) > 10
        for place, name in enumerate(groups):
            tab_to(page, f"[name='{name}']")
            # Space takes the one in focus, an arrow the next: both are tried.
            page.keyboard.press("Space")
            if place % 2 and not name.endswith("_minimum"):
                page.keyboard.press("ArrowRight")
            assert page.evaluate("document.activeElement.checked")
        tab_to(page, "textarea")
        page.keyboard.type("Tell me before my team does")
        tab_to(page, "button.btn-primary")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Amara")
    assert scores(house) == [1]
    with house.session() as session:
        said = {row.about: row for row in session.scalars(select(Answer)) if row.about.startswith("service")}
        zone = next(iter(said.values()))
        assert zone.minimum is not None
        assert zone.desired is not None


def every_group_has_a_name(page: Page) -> None:
    """As a screen reader is told: each radio stands in a group with words, and has its own."""
    nameless: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('[type=radio]')].filter(radio => {
            const legend = radio.closest('fieldset')?.querySelector(':scope > legend');
            return !legend?.textContent.trim() || ![...radio.labels].some(label => label.textContent.trim());
        }).map(radio => radio.name)"""
    )
    assert nameless == []
    main = page.get_by_role("main")
    for name in ("Overall, how well has IT served Finance?", "How well does Mail serve you?", "How it is now"):
        expect(main.get_by_role("group", name=name, exact=True)).to_have_count(1)
    tree = page.locator("main").aria_snapshot()
    assert '- group "The least that would do"' in tree
    assert '- radio "1 Very poorly"' in tree


@AT_A_DESK
def test_the_survey_is_clean_also_when_something_is_asked_back(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    link = survey(house, cast)
    with watched_page(chromium, width=PHONE, scheme="dark", expect_status=422) as phone:
        phone.goto(link)
        checked(phone)
        for end, step in (("_minimum", 5), ("_desired", 2)):
            phone.locator(f"label:has([name$='{end}'][value='{step}'])").tap()
        phone.locator(
            "label:has([name*='_service_'][value='3']):not(:has([name$='_minimum'], [name$='_desired']))"
        ).tap()
        phone.locator("label:has([name=score][value='4'])").tap()
        phone.get_by_role("button", name="Send my answer").tap()
        expect(phone.get_by_role("alert").first).to_be_focused()
        expect(phone.get_by_role("group", name="The least that would do")).to_contain_text("Look at both once more.")
        checked(phone)
    assert scores(house) == []


# ---- Begun on a phone, finished at a desk


@ON_A_PHONE
def test_what_is_kept_on_a_phone_is_gone_on_with_at_a_desk(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    link = survey(house, cast)
    with watched_page(chromium, width=width) as phone:
        phone.goto(link)
        phone.locator("label:has([name=score][value='4'])").tap()
        phone.get_by_label("What should we change first?").fill("The month-end")
        phone.get_by_role("button", name="Keep and go on later").tap()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Kept for you, Amara")
        checked(phone)
    assert scores(house) == []
    with watched_page(chromium, width=DESKTOP) as page:
        page.goto(link)
        expect(page.get_by_role("main")).to_contain_text("It is not sent yet.")
        expect(page.locator("[name=score][value='4']")).to_be_checked()
        expect(page.get_by_label("What should we change first?")).to_have_value("The month-end")
        checked(page)
        page.get_by_role("button", name="Send my answer").click()
        expect(page.get_by_role("main")).to_contain_text("4 · Well")
    assert scores(house) == [4]
    with house.session() as session:
        assert session.scalars(select(PartialAnswer)).all() == []


# ---- What opens links before anybody does


@contextmanager
def heard(house: House) -> Iterator[list[tuple[str, str]]]:
    """What reaches the server meanwhile: path, and why it was fetched."""
    asked: list[tuple[str, str]] = []
    plain = house.app.wsgi_app

    def listening(environ: Any, start_response: Any) -> Any:
        asked.append((environ["PATH_INFO"], environ.get("HTTP_SEC_PURPOSE", "")))
        return plain(environ, start_response)

    house.app.wsgi_app = listening  # type: ignore[method-assign]
    yield asked
    house.app.wsgi_app = plain  # type: ignore[method-assign]


@AT_A_DESK
def test_a_browser_that_fetches_ahead_or_looks_and_leaves_changes_no_row(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    with house.session() as session:
        links = send_out(session, cast, secret_key=SECRET_KEY, now=NOW)
        before = everything(session)
    paths = [path for several in links.values() for path in several]
    addresses = [house.address + path for path in paths]
    rules = f'{{"prefetch": [{{"source": "list", "urls": {addresses!r}}}]}}'.replace("'", '"')
    ahead = "".join(f'<link rel="prefetch" href="{address}">' for address in addresses)
    mail = f'<title>Mail</title>{ahead}<script type="speculationrules">{rules}</script>'

    def webmail(route: Route) -> None:
        route.fulfill(content_type="text/html", body=mail)

    with heard(house) as asked:
        context = chromium.new_context()
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.route("http://127.0.0.1:9/mail", webmail)
        page.goto("http://127.0.0.1:9/mail")
        for _ in range(100):
            if len({path for path, purpose in asked if purpose.startswith("prefetch")}) >= len(set(paths)):
                break
            page.wait_for_timeout(100)
        fetched = {path for path, purpose in asked if purpose.startswith("prefetch")}
        assert fetched >= set(paths), set(paths) - fetched
        for address in addresses:
            if not address.endswith(".ics"):
                page.goto(address)
                page.mouse.move(200, 300)
                page.keyboard.press("Tab")
        page.goto("about:blank")
        context.close()
    with house.session() as session:
        assert everything(session) == before
