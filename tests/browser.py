"""A real browser for tests: one Chromium, pages that are watched, axe, and the application on a port."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

DESKTOP, PHONE, SMALLEST = 1280, 390, 320
Scheme = Literal["light", "dark"]
#: For axe: each width and each scheme once, not each of one with each of the other.
LOOKS: tuple[tuple[int, Scheme], ...] = ((DESKTOP, "light"), (PHONE, "dark"))
EACH_LOOK = pytest.mark.parametrize(("width", "scheme"), LOOKS, ids=["desk in light", "phone in dark"])
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HOW_TO_INSTALL = "no browser: apt-get install chromium, or name one in CRM_TEST_CHROMIUM"


def find_chromium() -> str | None:
    """The path of a browser: the one named in CRM_TEST_CHROMIUM, or the first on the PATH. The headless shell is the
    same engine without the windows around it: half the work for the processor."""
    named = os.environ.get("CRM_TEST_CHROMIUM")
    known = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, known)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, started once. Without one the test is skipped; in CI it fails."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO_INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; yields its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def watched_page(
    browser: Browser,
    *,
    width: int = DESKTOP,
    scheme: Scheme = "light",
    expect_status: int | None = None,
    javascript: bool = True,
) -> Iterator[Page]:
    """A page of its own context. Afterwards it fails if the console complained, a script broke, or the content
    security policy was hurt. ``expect_status``: the one error status the browser may complain about."""
    height = 844 if width < 600 else 900
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=width < 600,
        java_script_enabled=javascript,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    problems = watch(page, expect_status)
    try:
        yield page
    finally:
        context.close()
    assert not problems, "\n".join(problems)


def watch(page: Page, expect_status: int | None = None) -> list[str]:
    """A list that fills with what goes wrong on the page. Chromium reports violations of the policy on the console."""
    problems: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        expected = expect_status is not None and f"status of {expect_status}" in message.text
        if message.type in ("error", "warning") and not expected:
            problems.append(f"{page.url}: {message.type}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    return problems


def axe(page: Page) -> None:
    """Asserts that axe-core finds nothing against WCAG 2.2 AA. The script is evaluated, so the policy stays on."""
    _unroll(page)
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    # Only the violations leave the browser: the list of what is well is long.
    run = "async options => (await axe.run(document, options)).violations"
    violations: list[dict[str, Any]] = page.evaluate(run, options)
    assert not violations, f"{page.url}\n" + "\n".join(map(_told, violations))


def _unroll(page: Page) -> None:
    """As high a screen as the page, or whatever the fixed bars happen to cover would count as unreachable."""
    page.wait_for_load_state()  # whoever has just followed a link looks at a page without a body
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": min(height + 100, 16_000)})
    page.evaluate("scrollTo(0, 0)")


def _told(violation: dict[str, Any]) -> str:
    nodes = [f"  {node['html'][:160]}\n    {node['failureSummary']}" for node in violation["nodes"][:4]]
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])})\n" + "\n".join(nodes)


def does_not_scroll_sideways(page: Page) -> None:
    """Asserts that the page is no wider than the screen."""
    page.wait_for_load_state()
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{page.url}: {wide} px wide on a screen of {room}"
