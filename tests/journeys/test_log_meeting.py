"""Logging a meeting: in three interactions, by keyboard alone, with and without script, and losing nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time as clock_of_the_machine
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from crm import create_app, paths, schema
from crm.config import Settings
from crm.services import clock, passwords
from models import (
    Action,
    BusinessUnit,
    Cadence,
    DayRule,
    Decision,
    Draft,
    Frequency,
    Meeting,
    Praise,
    Request,
    Review,
    ReviewState,
    SignIn,
)
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast, assemble
from tests.journeys.conftest import PASSWORD, SECRET_KEY, House

WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
NOTES = """The month-end run failed **again**.
Amara heard it from her own team.

- [ ] Show the cause report @me by tomorrow
! Checks before the run -- need: a failed job should cost minutes, not a night
> decision: no ledger changes in the last three days of a month
+ Olu: the new checklist saves half a day"""


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


def open_the_form(page: Page, house: House, cast: Cast) -> None:
    house.sign_in(page, cast.rep)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ines")
    page.goto(form_address(house, cast))


def form_address(house: House, cast: Cast) -> str:
    return f"{house.address}/units/{cast.finance.id}/meetings/new"


def panel(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("#found")


# ---- Three interactions


@WIDTHS
def test_a_rep_logs_the_review_in_three_interactions(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    owe_a_review(house, cast.finance)
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        interactions = 0
        for link in ("Log a meeting", re.compile("^Log.* meeting with Finance")):
            page.get_by_role("link", name=link).first.click()
            interactions += 1
        page.get_by_label("Your notes").fill(NOTES)
        expect(panel(page)).to_contain_text("What we will keep 4")
        page.get_by_role("button", name="Save", exact=True).click()
        interactions += 1
        expect(page.get_by_role("main")).to_contain_text("Show the cause report")
        print(f"{interactions} interactions from home to saved")
        assert interactions <= 3
        axe(page)
    with house.session() as session:
        assert session.scalars(select(Review.state)).one() is ReviewState.HELD
        assert session.scalars(select(Request.business_need)).one() == "a failed job should cost minutes, not a night"
        action = session.scalars(select(Action)).one()
        assert (action.text, action.owner_id) == ("Show the cause report", cast.rep.id)
        assert session.scalars(select(Decision.text)).one() == "no ledger changes in the last three days of a month"
        assert session.scalars(select(Praise.person_id)).one() == cast.specialist.id
        assert session.scalars(select(Meeting.minutes)).one() == NOTES
        assert session.scalar(select(func.count(Draft.id))) == 0


# ---- By keyboard alone


def tab_to(page: Page, name: str | re.Pattern[str], most: int = 90) -> int:
    """Press Tab until what is called so has the focus; every stop on the way must be seen. How many stops it took."""
    for stop in range(1, most + 1):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["seen"], f"the focus is nowhere to be seen: {focused}"
        if re.search(name, focused["name"]):
            return stop
    raise AssertionError(f"{name} is not reached with {most} tabs")


FOCUSED = """() => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const shown = it.closest("label, summary") ?? it;  // radios and boxes are drawn by their labels
  const style = getComputedStyle(it), around = getComputedStyle(shown);
  const sheet = it.closest(".capture-sheet");
  // Day, month, year and calendar of a date are stops of their own, which the browser marks itself.
  const ringed = it.type === "date" || style.outlineStyle !== "none" || around.outlineStyle !== "none"
    || style.boxShadow !== "none" || (sheet !== null && getComputedStyle(sheet).boxShadow !== "none");
  const name = it.labels?.[0]?.innerText || it.getAttribute("aria-label") || it.innerText || it.name || it.tagName;
  const place = shown.getBoundingClientRect();
  return {name: name.trim().replace(/\\s+/g, " "), tag: it.tagName, type: it.type ?? "", ringed,
          seen: ringed && (place.width > 1 || box.width > 1)};
}"""


@WIDTHS
def test_the_whole_log_by_keyboard_only(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Ines")
        tab_to(page, "^Log a meeting")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log a meeting")
        tab_to(page, "^Log.*meeting with Finance")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Meeting with Finance")
        tab_to(page, "Jo Lindt")
        page.keyboard.press("Space")
        tab_to(page, "Someone could not come")
        page.keyboard.press("Enter")
        tab_to(page, "^Your notes$")
        page.keyboard.type("- [ ] pick a tester @oluf")
        expect(panel(page).get_by_role("button", name="Olu Adeyemi")).to_be_visible()
        tab_to(page, "^Olu Adeyemi")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your notes")).to_be_focused()
        expect(page.get_by_label("Your notes")).to_have_value("- [ ] pick a tester @Olu Adeyemi")
        expect(panel(page)).to_contain_text("What we will keep 1")
        tab_to(page, "^Add by fields")
        page.keyboard.press("Enter")
        tab_to(page, "^What will be done")
        page.keyboard.type("Send the figures")
        tab_to(page, "^Save$")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text("The meeting with Finance is kept.")
    with house.session() as session:
        kept = session.execute(select(Action.text, Action.owner_id).order_by(Action.id)).all()
        assert sorted(map(tuple, kept)) == [("Send the figures", None), ("pick a tester", cast.specialist.id)]


# ---- What will be kept, while one types


@WIDTHS
def test_the_panel_shows_and_asks_while_one_types(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    with watched_page(chromium, width=width) as page:
        open_the_form(page, house, cast)
        notes = page.get_by_label("Your notes")
        expect(panel(page)).to_contain_text("Nothing yet.")
        notes.press_sequentially("They were *content*.\n- [ ] send the logs @olu by tomorrow\n! a dashboard")
        expect(panel(page)).to_contain_text("Send the logs")
        expect(panel(page)).to_contain_text("Olu Adeyemi")
        expect(panel(page)).to_contain_text("And 1 line of notes.")
        expect(page.locator("#found-words")).to_have_text("One thing will be kept, 1 line needs a word from you")
        need = panel(page).get_by_label("What Finance needs it for: a dashboard")
        need.fill("to see the runs")
        need.press("Enter")
        expect(notes).to_have_value(re.compile("! a dashboard -- need: to see the runs$"))
        expect(panel(page)).to_contain_text("What we will keep 2")
        notes.press("End")
        notes.press_sequentially("\n- [ ] ask somebody @nn by Fridai")
        panel(page).get_by_role("button", name="Keep it as it stands").click()
        expect(panel(page)).to_contain_text("kept as it stands")
        axe(page)
        does_not_scroll_sideways(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("to see the runs")
    with house.session() as session:
        assert session.scalar(select(func.count(Action.id))) == 2


def test_the_buttons_below_the_notes_write_the_marks(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium) as page:
        open_the_form(page, house, cast)
        notes = page.get_by_label("Your notes")
        notes.fill("They were content.")
        page.get_by_role("button", name="action").first.click()
        page.keyboard.type("think")
        page.get_by_role("button", name="> decision:").click()
        page.keyboard.type("wait")
        expect(notes).to_have_value("They were content.\n- [ ] think\n> decision: wait")
        expect(panel(page)).to_contain_text("What we will keep 2")


@WIDTHS
def test_without_script_check_shows_the_same_and_asks(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    with watched_page(chromium, width=width, javascript=False, expect_status=422) as page:
        open_the_form(page, house, cast)
        page.get_by_label("Your notes").fill("- [ ] send the logs @jane\n! a dashboard")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Two lines need a word from you.")
        expect(page.get_by_label("Your notes")).to_have_value("- [ ] send the logs @jane\n! a dashboard")
        panel(page).get_by_role("button", name="Jo Lindt").click()
        expect(page.get_by_label("Your notes")).to_have_value("- [ ] send the logs @Jo Lindt\n! a dashboard")
        panel(page).get_by_label("What Finance needs it for: a dashboard").fill("to see the runs")
        page.get_by_role("button", name="Check").click()
        expect(panel(page)).to_contain_text("What we will keep 2")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("is kept")
    with house.session() as session:
        assert session.scalars(select(Action.owner_id)).one() == cast.key_user.id
        assert session.scalars(select(Request.business_need)).one() == "to see the runs"


def test_a_form_that_is_not_right_comes_back_filled(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium, expect_status=422) as page:
        open_the_form(page, house, cast)
        page.get_by_label("Your notes").fill("It went well.")
        page.get_by_text("Add by fields").click()
        page.get_by_label("What is asked for").first.fill("Checks before the run")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_focused()
        expect(page.get_by_label("Your notes")).to_have_value("It went well.")
        expect(page.get_by_label("What is asked for").first).to_have_value("Checks before the run")
        need = page.get_by_label("What the unit needs it for").first
        expect(need).to_have_attribute("aria-invalid", "true")
        axe(page)


# ---- Nothing typed is lost


def draft_is_saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"^Draft saved \d\d:\d\d$"), timeout=20_000)


def end_all_sign_ins(house: House) -> None:
    with house.session() as session:
        for sign_in in session.scalars(select(SignIn)):
            session.delete(sign_in)
        session.commit()


def test_notes_survive_a_sign_in_that_ended_meanwhile(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    with watched_page(chromium, expect_status=401) as page:
        open_the_form(page, house, cast)
        page.get_by_label("Your notes").fill(NOTES)
        end_all_sign_ins(house)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("What you typed is kept.")).to_be_visible()
        page.get_by_label("Work e-mail").fill(str(cast.rep.email))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("What you typed is here.")).to_be_visible()
        page.get_by_role("button", name="Go on where I was").click()
        expect(page.get_by_role("main")).to_contain_text("Amara heard it from her own team.")
    with house.session() as session:
        assert session.scalar(select(func.count(Meeting.id))) == 1


def test_a_draft_says_when_one_is_signed_out_and_goes_on_after_signing_in_elsewhere(
    chromium: Browser, inhabited: tuple[House, Cast]
) -> None:
    house, cast = inhabited
    context = chromium.new_context()
    page = context.new_page()
    open_the_form(page, house, cast)
    end_all_sign_ins(house)
    page.get_by_label("Your notes").fill("Typed while signed out.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Signed out – sign in in another tab, or save")
    other = context.new_page()
    house.sign_in(other, cast.rep)
    expect(other.get_by_role("heading", level=1)).to_contain_text("Ines")
    page.bring_to_front()
    page.get_by_label("Your notes").press("End")
    page.get_by_label("Your notes").press_sequentially(" And on.")
    draft_is_saved(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Typed while signed out. And on.")
    context.close()


def test_a_second_tab_never_overwrites_the_first(chromium: Browser, inhabited: tuple[House, Cast]) -> None:
    house, cast = inhabited
    context = chromium.new_context()
    first, second = context.new_page(), context.new_page()
    open_the_form(first, house, cast)
    second.goto(form_address(house, cast))
    first.get_by_label("Your notes").fill("Of the first tab.")
    draft_is_saved(first)
    second.get_by_label("Your notes").fill("Of the second tab.")
    expect(second.get_by_text("Another tab or device has newer notes of this meeting.")).to_be_visible()
    assert drafts_of(house) == ["Of the first tab."]
    second.get_by_role("button", name="Keep what is on this page").click()
    draft_is_saved(second)
    assert drafts_of(house) == ["Of the second tab."]
    context.close()


def drafts_of(house: House) -> list[str]:
    with house.session() as session:
        return [draft.fields["minutes"][0] for draft in session.scalars(select(Draft))]


@WIDTHS
def test_a_closed_lid_loses_nothing(chromium: Browser, inhabited: tuple[House, Cast], width: int) -> None:
    house, cast = inhabited
    with watched_page(chromium, width=width) as page:
        open_the_form(page, house, cast)
        page.get_by_label("Your notes").fill("Half a thought")
        page.goto(f"{house.address}/more")  # before the pause is over: it goes with the page
        expect(page.get_by_role("link", name="Unfinished notes")).to_be_visible()
        page.get_by_role("link", name="Unfinished notes").click()
        expect(page.get_by_role("main")).to_contain_text("Half a thought")
        axe(page)
        page.get_by_role("link", name=re.compile("^Go on")).click()
        expect(page.get_by_label("Your notes")).to_have_value("Half a thought")
        expect(page.get_by_text("You left this unfinished on")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Throw it away").click()
        expect(page.get_by_label("Your notes")).to_have_value("")
    assert drafts_of(house) == []


@contextmanager
def served(database: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The product as it is started by hand: a process of its own."""
    environment = {
        **os.environ,
        "CRM_DATABASE_URL": f"sqlite:///{database}",
        "CRM_INSTANCE": str(database.parent),
        "CRM_SECRET_KEY": SECRET_KEY,
    }
    command = [sys.executable, "-m", "crm", "serve", "--port", str(port), "--no-scheduler"]
    process = subprocess.Popen(command, cwd=paths.ROOT, env=environment, start_new_session=True)
    try:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/sign-in").close()
                break
            except URLError:
                clock_of_the_machine.sleep(0.1)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, the workers too."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@WIDTHS
def test_a_draft_survives_kill_9(chromium: Browser, tmp_path: Path, width: int) -> None:
    database, port = tmp_path / "rapport.db", free_port()
    app = create_app(Settings(database_url=f"sqlite:///{database}", secret_key=SECRET_KEY))
    engine = app.extensions["database"].engine
    schema.upgrade(engine)
    house = House(app, f"http://127.0.0.1:{port}")
    with house.session() as session:
        cast = assemble(session)
        passwords.set_for(cast.rep, PASSWORD)
        session.commit()
    engine.dispose()
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    with served(database, port) as process:
        open_the_form(page, house, cast)
        page.get_by_label("Your notes").fill(NOTES)
        page.get_by_label("Minutes it took").fill("50")
        draft_is_saved(page)
        kill(process)
    page.get_by_label("Your notes").fill(NOTES + "\nTyped while nobody listened.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Not saved on our side yet.")
    context.close()
    with served(database, port):
        context = chromium.new_context(viewport={"width": width, "height": 844})
        page = context.new_page()
        open_the_form(page, house, cast)
        expect(page.get_by_label("Your notes")).to_have_value(NOTES)
        expect(page.get_by_label("Minutes it took")).to_have_value("50")
        expect(page.get_by_text("You left this unfinished on")).to_be_visible()
        context.close()
    engine.dispose()
