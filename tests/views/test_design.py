"""Every part in every state, in a real browser: nothing for axe to find, nothing that scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, expect

from crm import create_app
from crm.config import Settings
from tests.browser import (
    DESKTOP,
    EACH_LOOK,
    PHONE,
    SMALLEST,
    Scheme,
    axe,
    does_not_scroll_sideways,
    serving,
    watched_page,
)
from tests.page_checks import check_page

SHEETS = {"/design": None, "/design?lone=1": None, "/nowhere": 404}
SECRET_KEY = "only-for-tests-" + "x" * 32


@pytest.fixture(scope="module")
def debug_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application in debug mode, with an empty database: the component sheet reads none."""
    database_url = f"sqlite:///{tmp_path_factory.mktemp('design') / 'empty.db'}"
    return create_app(Settings(database_url=database_url, secret_key=SECRET_KEY, debug=True))


@pytest.fixture(scope="module")
def address(debug_app: Flask) -> Iterator[str]:
    with serving(debug_app) as found:
        yield found


def test_the_component_sheet_is_for_debugging_only(app: Flask, debug_app: Flask) -> None:
    assert app.test_client().get("/design").status_code == 404
    assert debug_app.test_client().get("/design").status_code == 200


@pytest.mark.parametrize("path", SHEETS)
def test_every_part_is_sound_markup(debug_app: Flask, path: str) -> None:
    check_page(debug_app.test_client().get(path), path)


@EACH_LOOK
@pytest.mark.parametrize("path", SHEETS)
def test_axe_finds_nothing(chromium: Browser, address: str, path: str, width: int, scheme: Scheme) -> None:
    with watched_page(chromium, width=width, scheme=scheme, expect_status=SHEETS[path]) as page:
        page.goto(address + path)
        axe(page)


@pytest.mark.parametrize("path", SHEETS)
def test_no_page_scrolls_sideways(chromium: Browser, address: str, path: str) -> None:
    """From the smallest phone to the widest screen; half of 1280 is what remains of it at 200 % zoom."""
    with watched_page(chromium, expect_status=SHEETS[path]) as page:
        page.goto(address + path)
        for width in (SMALLEST, PHONE, DESKTOP // 2, 960, DESKTOP, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            does_not_scroll_sideways(page)


def test_icons_from_the_sprite_are_drawn(chromium: Browser, address: str) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{address}/design")
        drawn = page.locator(".btn-primary .icon use").first.evaluate("use => use.getBBox().width")
        assert drawn > 0


def test_the_first_tab_stop_skips_to_the_page(chromium: Browser, address: str) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{address}/design?lone=1")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#content")).to_be_focused()


def test_the_summary_of_errors_is_focused_and_leads_to_the_fields(chromium: Browser, address: str) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{address}/design")
        expect(page.locator(".form-note")).to_be_focused()
        page.get_by_role("link", name="Say what the unit needs it for").click()
        expect(page.get_by_label("What they need it for").last).to_be_focused()
        page.get_by_role("link", name="Choose one", exact=True).click()
        expect(page.locator("#broken-kind")).to_be_focused()


def test_another_row_is_added_in_place(chromium: Browser, address: str) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{address}/design")
        page.get_by_role("button", name="Add another action").click()
        page.get_by_role("button", name="Add another action").click()
        names = page.get_by_label("Action", exact=True).evaluate_all("all => all.map(one => one.name)")
        assert names == ["act-0", "act-1", "act-2"]
        expect(page.locator("[name=act-2]")).to_be_focused()


def test_without_script_the_button_asks_the_server_for_a_row(chromium: Browser, address: str) -> None:
    with watched_page(chromium, javascript=False) as page:
        page.goto(f"{address}/design")
        button = page.get_by_role("button", name="Add another action")
        assert (button.get_attribute("type"), button.get_attribute("name"), button.get_attribute("value")) == (
            "submit",
            "add",
            "act",
        )


def test_control_and_enter_send_the_form(chromium: Browser, address: str) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{address}/design")
        # Caught before it leaves: a key press that navigates may never be acknowledged, and the browser then hangs.
        page.evaluate(
            "addEventListener('submit', event => { event.preventDefault(); window.sent = event.submitter.textContent })"
        )
        page.get_by_label("What they need it for").first.fill("so that nothing waits")
        page.keyboard.press("Control+Enter")
        assert page.evaluate("window.sent") == "Decide and tell Jonas"


def test_leaving_typed_text_is_asked_about_and_saving_is_not(chromium: Browser, address: str) -> None:
    with watched_page(chromium, expect_status=405) as page:
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", leave)
        page.goto(f"{address}/design")
        page.get_by_label("What they ask for").first.fill("Tablets")
        page.goto(f"{address}/design?lone=1")
        assert asked == ["beforeunload"]
        page.goto(f"{address}/design")
        page.get_by_label("What they ask for").first.fill("Tablets")
        page.get_by_role("button", name="Decide and tell Jonas").click()
        page.wait_for_url("**/design")
        assert asked == ["beforeunload"]


def test_a_persons_own_choice_beats_the_system(chromium: Browser, address: str) -> None:
    def paper(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    with watched_page(chromium, scheme="light") as page:
        page.goto(f"{address}/design")
        light = paper(page)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        dark = paper(page)
    with watched_page(chromium, scheme="dark") as page:
        page.goto(f"{address}/design")
        assert paper(page) == dark != light
