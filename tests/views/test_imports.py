"""The pages of loading an organisation: choose a file, see what it would do, load it, see what it did."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crm import create_app
from crm.config import Settings
from crm.services.organisation_import import keeping
from models import BusinessUnit, ImportState, OrganisationImport, Person
from tests.browser import LOOKS, Scheme, axe, does_not_scroll_sideways, serving, watched_page
from tests.cast import Cast, assemble
from tests.client import Client
from tests.conftest import DATABASES, SECRET_KEY, StatementCounter
from tests.page_checks import check_page

UNITS = b"code,name,parent,head,head's e-mail\nOPS,Operations,CORP,Ann Lee,ann@fernhill.example\nBAD,Bad,nowhere,,\n"
HOUSES = b"code,name\nN,North house\nS,South house\n"
#: Ambiguous on purpose.
TEAMS = b"id,manager id,department,team,name\n1,,Board,Top,Ann\n2,1,Board,Law,Bo\n"


def upload(client: Client, content: bytes, name: str = "units.csv") -> TestResponse:
    return client.submit("/import", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def only(session: Session) -> OrganisationImport:
    session.expire_all()
    return session.scalars(select(OrganisationImport)).one()


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.administrator)


@pytest.fixture
def fresh_app(fresh_database_url: str) -> Iterator[Flask]:
    """An application with real commits, for loading happens in a thread of its own."""
    app = create_app(Settings(database_url=fresh_database_url, secret_key=SECRET_KEY, testing=True))
    app.test_client_class = Client
    yield app
    app.extensions["database"].engine.dispose()


def wait_for_imports() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(30)


def test_only_an_administrator_reaches_these_pages(client: Client, cast: Cast, session: Session) -> None:
    upload(client.sign_in(cast.administrator), UNITS)
    import_id = only(session).id
    for person in (cast.rep, cast.head, cast.cio):
        client.sign_in(person)
        for path in ("/import", f"/import/{import_id}", "/import/template-units.csv"):
            assert client.get(path).status_code == 403
        for path in ("/import", f"/import/{import_id}", f"/import/{import_id}/start", f"/import/{import_id}/discard"):
            assert client.submit(path).status_code == 403
    client.sign_in(cast.administrator)
    assert client.get("/import/999").status_code == 404


def test_an_empty_product_is_led_through_the_first_steps(client: Client, session: Session) -> None:
    person = Person(name="Pia Holm", email="pia@fernhill.example", is_administrator=True, password_hash="x")
    session.add(person)
    session.commit()
    page = client.sign_in(person).get("/import")
    check_page(page)
    assert "You are the administrator" in page.text
    assert "Signed in as Pia Holm" in page.text


def test_a_file_is_checked_at_once_and_nothing_is_saved(administrator: Client, session: Session) -> None:
    page = administrator.get(upload(administrator, UNITS).headers["Location"])
    check_page(page)
    assert "1 of 2 rows can be taken." in page.text
    assert "Take the good row" in page.text
    assert "The unit above, nowhere, is neither here nor in a row that can be taken." in page.text
    assert "ann@fernhill.example" in page.text
    assert session.scalar(select(BusinessUnit).where(BusinessUnit.code == "OPS")) is None
    listed = administrator.get("/import")
    check_page(listed)
    assert "Waits for you" in listed.text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "units.csv", "The file is empty."),
        (b"code,name\n", "units.csv", "The file has a header and no rows."),
        (b"%PDF-1.7", "units.pdf", "is not what its name says"),
        (UNITS, "units.xlsx", "is not what its name says"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    administrator: Client, session: Session, content: bytes, name: str, said: str
) -> None:
    answer = upload(administrator, content, name)
    check_page(answer)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(OrganisationImport)) is None
    assert administrator.submit("/import").status_code == 422


def test_a_file_of_more_than_20_mb_is_too_large(administrator: Client) -> None:
    answer = administrator.post(
        "/import", data=b"x" * (20 * 1024 * 1024 + 1), content_type="multipart/form-data; boundary=line"
    )
    assert answer.status_code == 413


def test_a_doubtful_column_is_asked_and_then_remembered(administrator: Client, session: Session) -> None:
    place = upload(administrator, TEAMS, "people.csv").headers["Location"]
    page = administrator.get(place)
    check_page(page)
    assert "One thing has to be said first." in page.text
    assert "“department” and “team” could each be this. Say which." in page.text
    said = {"kind": "personnel", "column_id": "id", "column_superior": "manager id", "column_name": "name", "root": ""}
    answer = administrator.submit(place, {**said, "column_unit": ""})
    assert answer.status_code == 422
    assert "Say which column holds this: unit." in answer.text
    assert administrator.submit(place, {**said, "column_unit": "team"}).status_code == 303
    page = administrator.get(place)
    assert "All 2 rows can be taken." in page.text
    assert "Load both rows" in page.text
    assert "Columns not used: department." in page.text
    assert '<option selected value="team">team</option>' in page.text


def test_another_kind_of_file_is_guessed_anew(administrator: Client, session: Session) -> None:
    place = upload(administrator, b"id,parent,unit,name,head\n1,,A,Alpha,Ann\n", "units.csv").headers["Location"]
    assert "Reports to (id)" in administrator.get(place).text
    answer = administrator.submit(place, {"kind": "units", "column_id": "id", "root": "Works"})
    assert answer.status_code == 422  # unit and name could each be the name
    check_page(answer)


def test_refused_rows_come_by_reason_and_in_pages(administrator: Client, session: Session) -> None:
    rows = b"".join(b"U%d,Unit,nowhere\n" % n for n in range(3)) + b"".join(
        b"V%d,Unit,elsewhere\nX%d,Self %d,X%d\n" % (n, n, n, n) for n in range(60)
    )
    place = upload(administrator, b"code,name,parent\n" + rows).headers["Location"]
    first, last = administrator.get(place), administrator.get(place + "?page=3")
    for page in (first, last):
        check_page(page)
        assert "Take the" not in page.text
    assert 'class="visually-hidden">Line </span>2–4</th>' in first.text
    assert "5, 7, 9, 11," in first.text
    assert "Page 3" in last.text


def test_what_stands_in_a_file_is_text_and_never_markup(administrator: Client) -> None:
    content = b"code,name,parent,<b>x</b>\n1,<script>alert(1)</script>,<i>,\n2,=cmd(),,\n"
    page = administrator.get(upload(administrator, content, "<img src=x>.csv").headers["Location"])
    check_page(page)
    for markup in ("<script>alert", "<i>", "<b>x", "<img"):
        assert markup not in page.text


def test_a_file_can_be_thrown_away(administrator: Client, session: Session) -> None:
    place = upload(administrator, UNITS).headers["Location"]
    assert administrator.submit(f"{place}/discard").status_code == 303
    assert "units.csv is thrown away" in administrator.get("/import").text
    assert administrator.get(place).status_code == 404


def test_progress_is_shown_without_script_and_a_dead_import_can_be_started_again(
    administrator: Client, session: Session
) -> None:
    place = upload(administrator, UNITS).headers["Location"]
    running = update(OrganisationImport).values(
        state=ImportState.RUNNING, beat_at=datetime.now(UTC), steps_done=1, steps_total=4
    )
    session.execute(running)
    session.commit()
    page = administrator.get(place)
    check_page(page)
    assert page.headers["Refresh"] == "3"
    assert "25 % done." in page.text
    assert "Loading" in administrator.get("/import").text
    session.execute(update(OrganisationImport).values(beat_at=datetime.now(UTC) - timedelta(minutes=5)))
    session.commit()
    page = administrator.get(place)
    check_page(page)
    assert "Refresh" not in page.headers
    assert "Start it again" in page.text
    assert "Stopped on the way" in administrator.get("/import").text


def test_a_second_click_does_not_load_twice(administrator: Client, session: Session) -> None:
    place = upload(administrator, UNITS).headers["Location"]
    session.execute(update(OrganisationImport).values(state=ImportState.RUNNING, beat_at=datetime.now(UTC)))
    session.commit()
    assert administrator.submit(f"{place}/start").status_code == 303
    assert "This import is under way or done already." in administrator.get(place).text


def test_the_templates_load_as_they_are(administrator: Client, session: Session) -> None:
    for kind in ("units", "personnel"):
        answer = administrator.get(f"/import/template-{kind}.csv")
        assert (answer.mimetype, answer.data[:3]) == ("text/csv", b"\xef\xbb\xbf")
        page = administrator.get(upload(administrator, answer.data, f"{kind}.csv").headers["Location"])
        assert "All 2 rows can be taken." in page.text
        assert "Columns not used" not in page.text


def test_the_pages_ask_the_database_little(
    administrator: Client, session: Session, statements: StatementCounter
) -> None:
    place = upload(administrator, UNITS).headers["Location"]
    for path in ("/import", place):
        with statements:
            administrator.get(path)
        assert statements.count <= 12, statements.statements


def test_a_file_is_loaded_from_the_click_to_the_result(fresh_app: Flask) -> None:
    database = fresh_app.extensions["database"]
    with database.session(writes=True) as session:
        cast = assemble(session)
    client = fresh_app.test_client()
    assert isinstance(client, Client)
    place = upload(client.sign_in(cast.administrator), UNITS).headers["Location"]
    assert client.submit(f"{place}/start").status_code == 303
    wait_for_imports()
    page = client.get(place)
    check_page(page)
    assert "units.csv is loaded" in page.text
    assert "1 new unit and 1 new person are here." in page.text
    assert "Mend the refused rows" in page.text
    with database.session(writes=False) as session:
        found = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "OPS")).one()
    assert found.parent_id == cast.corporate.id
    assert client.submit(place, {"kind": "units", "column_code": "code", "column_name": "name"}).status_code == 422
    assert client.submit(f"{place}/discard").status_code == 409


def test_what_was_typed_beside_the_load_button_is_checked_before_anything_is_loaded(fresh_app: Flask) -> None:
    database = fresh_app.extensions["database"]
    with database.session(writes=True) as session:
        cast = assemble(session)
    client = fresh_app.test_client()
    assert isinstance(client, Client)
    place = upload(client.sign_in(cast.administrator), HOUSES).headers["Location"]
    said = {"kind": "units", "column_code": "code", "column_name": "name", "load": "yes"}
    assert client.submit(place, {**said, "root": "Works"}).status_code == 303
    page = client.get(place)
    assert "Checked again with what you chose. Nothing is loaded yet." in page.text
    assert "Load both rows" in page.text
    assert client.submit(place, {**said, "root": "Works"}).status_code == 303
    wait_for_imports()
    assert "units.csv is loaded" in client.get(place).text
    with database.session(writes=False) as session:
        assert {"works", "works › N", "works › S"} <= set(session.scalars(select(BusinessUnit.code)))


def test_a_file_loaded_below_another_unit_is_recognised(administrator: Client, session: Session) -> None:
    place = upload(administrator, HOUSES).headers["Location"]
    said = {"kind": "units", "column_code": "code", "column_name": "name"}
    administrator.submit(place, {**said, "root": "HM Treasury"})
    done = {"state": ImportState.DONE, "ended_at": datetime(2026, 11, 22, 12, tzinfo=UTC)}
    session.execute(update(OrganisationImport).values(done))
    session.commit()
    again = upload(administrator, b"name;code\nSouth house;S\nNorth house;N\n").headers["Location"]
    page = administrator.get(again)
    check_page(page)
    assert "This file was loaded below HM Treasury on Sun 22 November" in page.text
    assert "Give the same name to update it." in page.text
    administrator.submit(again, {**said, "root": "hm treasury"})
    assert "was loaded below" not in administrator.get(again).text
    other = upload(administrator, b"code,name\nN,North\nE,East\n").headers["Location"]
    assert "was loaded below" not in administrator.get(other).text


def test_the_choices_come_before_the_rows_and_a_misspelt_header_is_pointed_out(administrator: Client) -> None:
    page = administrator.get(upload(administrator, b"code,name,parnt\nA,Alpha,\n").headers["Location"]).text
    assert "“parnt” is not used. Did you mean parent?" in page
    assert page.index("Load below a unit of its own called") < page.index("The first rows, as we read them")
    assert "Load the row" in page


def test_enter_in_a_field_checks_and_only_the_button_loads(fresh_app: Flask, chromium: Browser) -> None:
    database = fresh_app.extensions["database"]
    with database.session(writes=True) as session:
        cast = assemble(session)
    client = fresh_app.test_client()
    assert isinstance(client, Client)
    place = upload(client.sign_in(cast.administrator), HOUSES).headers["Location"]
    cookie = client.get_cookie("rapport")
    assert cookie is not None
    with serving(fresh_app) as address, watched_page(chromium) as page:
        page.context.add_cookies([{"name": "rapport", "value": cookie.value, "url": address}])
        page.goto(address + place)
        with page.expect_navigation():
            page.get_by_label("Load below a unit of its own called").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check units.csv")
        page.get_by_label("Load below a unit of its own called").fill("Works")
        page.get_by_role("button", name="Load both rows").click()
        expect(page.get_by_role("status")).to_contain_text("Nothing is loaded yet.")
        page.get_by_role("button", name="Load both rows").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("units.csv is loaded", timeout=30_000)


@pytest.mark.parametrize(
    ("fresh_database_url", "width", "scheme"),
    [(kind, *look) for kind, look in zip(DATABASES, LOOKS, strict=True)],
    indirect=["fresh_database_url"],
)
def test_the_pages_are_accessible_and_fit(fresh_app: Flask, chromium: Browser, width: int, scheme: Scheme) -> None:
    database = fresh_app.extensions["database"]
    with database.session(writes=True) as session:
        cast = assemble(session)
    client = fresh_app.test_client()
    assert isinstance(client, Client)
    places = [
        upload(client.sign_in(cast.administrator), content, name).headers["Location"]
        for content, name in ((UNITS, "units.csv"), (TEAMS, "people.csv"), (UNITS, "running.csv"), (UNITS, "done.csv"))
    ]
    client.submit(f"{places[3]}/start")
    wait_for_imports()
    with database.session(writes=True) as session, session.begin():
        running = session.get_one(OrganisationImport, int(places[2].rsplit("/", 1)[1]))
        keeping.claim(session, by=cast.actor(session, cast.administrator), kept=running, now=datetime.now(UTC))
    cookie = client.get_cookie("rapport")
    assert cookie is not None
    with serving(fresh_app) as address, watched_page(chromium, width=width, scheme=scheme) as page:
        page.context.add_cookies([{"name": "rapport", "value": cookie.value, "url": address}])
        for path in ("/import", *places):
            page.goto(address + path)
            axe(page)
            does_not_scroll_sideways(page)
