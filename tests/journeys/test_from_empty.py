"""From an empty product to the first reviews in the calendar, as the administrator goes it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser import axe, watched_page
from tests.journeys.conftest import PASSWORD, House

UNITS = """code;name;parent;head;email
CORP;Corporate services;;Amara Diallo;amara.diallo@fernhill.example
FIN;Finance;CORP;Jo Lindt;jo.lindt@fernhill.example
LEG;Legal;CORP;Helena Brandt;
LOST;Lost and found;NOWHERE;Nobody;nobody@fernhill.example
"""


def test_set_up_import_assign_and_plan(chromium: Browser, house: House) -> None:
    with watched_page(chromium) as page:
        set_up(page, house)
        load_the_organisation(page)
        add_a_rep(page)
        assign_the_rep(page)
        plan_the_reviews(page)
    the_rep_sets_a_password_and_finds_the_unit(chromium, house)


def set_up(page: Page, house: House) -> None:
    page.goto(house.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up Rapport")
    axe(page)
    page.get_by_label("Set-up code").fill(house.set_up_code())
    page.get_by_label("What is your IT called?").fill("Fernhill IT")
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    page.get_by_label("Your name").fill("Pia Holm")
    page.get_by_label("Your work e-mail").fill("pia.holm@fernhill.example")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Bring in your units first.")).to_be_visible()


def load_the_organisation(page: Page) -> None:
    page.get_by_role("link", name="Choose a file").click()
    page.get_by_label("Excel or CSV file").set_input_files(
        {"name": "units.csv", "mimeType": "text/csv", "buffer": UNITS.encode("utf-16")}
    )
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("3 of 4 rows can be taken.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("NOWHERE")
    axe(page)
    page.get_by_role("button", name="Take the 3 good rows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("units.csv is loaded", timeout=30_000)
    expect(page.get_by_role("main")).to_contain_text("3 new units")


def add_a_rep(page: Page) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name").fill("Ines Carvalho")
    page.get_by_label("Work e-mail").fill("ines.carvalho@fernhill.example")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("status")).to_contain_text("A link to set a password is on its way")


def assign_the_rep(page: Page) -> None:
    page.get_by_role("link", name="Units", exact=True).click()
    expect(page.get_by_text("Three units have no lead rep today.")).to_be_visible()
    page.get_by_role("link", name="Finance", exact=True).click()
    page.get_by_role("link", name="Cover").first.click()
    page.get_by_label("Account rep").select_option(label="Ines Carvalho")
    page.get_by_role("button", name="Give Finance this rep").click()
    expect(page.get_by_role("status")).to_contain_text("Ines Carvalho looks after Finance as lead rep")


def plan_the_reviews(page: Page) -> None:
    page.get_by_role("link", name="Finance", exact=True).first.click()
    page.get_by_role("link", name="Say how often you meet").first.click()
    page.get_by_text("Monthly", exact=True).click()
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name="The next dates")).to_be_visible()
    page.get_by_role("button", name="Plan the reviews").click()
    expect(page.get_by_role("main")).to_contain_text("Monthly, on")


def the_rep_sets_a_password_and_finds_the_unit(chromium: Browser, house: House) -> None:
    with watched_page(chromium) as page:
        page.goto(house.address + house.mail_path("ines.carvalho@fernhill.example"))
        page.get_by_label("Your new password").fill(PASSWORD)
        page.get_by_role("button", name="Set it and sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Ines")
        expect(page.get_by_role("main")).to_contain_text("Finance")
