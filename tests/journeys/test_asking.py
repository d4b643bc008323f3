"""A head asks on a phone, with a photo; IT offers something at a desk; each reads what the other said."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Origin, Request
from models.request_part import Attachment
from tests.browser import DESKTOP, PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.factories.files import GOOD
from tests.journeys.conftest import House


def checked(page: Page) -> None:
    size = page.viewport_size
    axe(page)
    does_not_scroll_sideways(page)
    if size:
        page.set_viewport_size(size)


def only(house: House) -> Request:
    with house.session() as session:
        return session.scalars(select(Request)).one()


@pytest.mark.parametrize("width", [PHONE], ids=["phone"])
def test_a_head_asks_on_a_phone_with_a_photo(
    chromium: Browser, inhabited: tuple[House, Cast], tmp_path: Path, width: int
) -> None:
    house, cast = inhabited
    photo, tool = tmp_path / "photo.jpg", tmp_path / "tool.exe"
    photo.write_bytes(GOOD["photo.jpg"])
    tool.write_bytes(b"MZ\x90\x00")
    with watched_page(chromium, width=width, expect_status=422) as page:
        house.sign_in(page, cast.head)
        page.get_by_role("link", name="Ask for something").first.click()
        expect(page.get_by_text("How bad it is")).to_be_hidden()
        expect(page.get_by_label("What is better then")).to_be_hidden()
        page.get_by_label("What the unit needs it for").fill("Month end takes two days, for all of us")
        page.get_by_label("What is asked for").fill("A second approver")
        page.get_by_text("A complaint").click()
        expect(page.get_by_text("It holds us up")).to_be_visible()
        page.get_by_text("Something new or different").click()
        expect(page.get_by_text("It holds us up")).to_be_hidden()
        page.get_by_text("More: what it is worth").click()
        page.get_by_label("What is better then").fill("We close a day earlier")
        page.get_by_label("From").fill("20k")
        page.get_by_label("Files").set_input_files([photo, tool])
        checked(page)
        page.get_by_role("button", name="Send this request").click()
        expect(page.get_by_text("of a kind we do not keep").first).to_be_visible()
        expect(page.get_by_label("What is better then")).to_have_value("We close a day earlier")
        page.get_by_label("Files").set_input_files([photo])
        page.get_by_role("button", name="Send this request").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A second approver")
        expect(page.get_by_text("20,000 a year")).to_be_visible()
        checked(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="photo.jpg").click()
        assert Path(download.value.path()).read_bytes() == GOOD["photo.jpg"]
    request = only(house)
    assert (request.requester_id, request.origin) == (cast.head.id, Origin.ASKED)


@pytest.mark.parametrize("width", [DESKTOP], ids=["desk"])
def test_it_offers_something_and_the_unit_reads_it(
    chromium: Browser, inhabited: tuple[House, Cast], width: int
) -> None:
    house, cast = inhabited
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.rep)
        page.goto(f"{house.address}/units/{cast.finance.id}/requests/new")
        page.get_by_label("What the unit needs it for").fill("Month end takes two days")
        page.get_by_label("What is asked for").fill("May we suggest a robot?")
        expect(page.get_by_text("It would leave our usual way")).to_be_hidden()
        page.get_by_text("Our offer", exact=True).click()
        expect(page.get_by_text("It would leave our usual way")).to_be_visible()
        page.get_by_label("Who asks").select_option(label="Amara Diallo")
        page.get_by_text("More: what it is worth").click()
        page.get_by_role("group", name="What it costs").get_by_label("From").fill("900")
        checked(page)
        page.get_by_role("button", name="Keep this request").click()
        expect(page.get_by_text("Offered by us")).to_be_visible()
        page.get_by_text("Add a file").click()
        checked(page)
        page.get_by_role("link", name="Correct it").click()
        page.get_by_label("What is asked for").fill("May we suggest a script?")
        checked(page)
        page.get_by_role("button", name="Save the correction").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("May we suggest a script?")
    with watched_page(chromium, width=width) as page:
        house.sign_in(page, cast.head)
        page.goto(f"{house.address}/requests/{only(house).id}")
        expect(page.get_by_text("€ 900")).to_be_visible()
        expect(page.get_by_text("Offered by us")).to_be_visible()
    with house.session() as session:
        assert session.scalars(select(Attachment)).all() == []
