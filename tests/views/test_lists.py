"""What all lists have: saved filters, and themselves as a file with all pages of what is shown."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy.orm import Session

from crm.services import saved_filters
from models import Action, Meeting, MeetingKind, Request
from tests.cast import Cast
from tests.client import Client
from tests.factories.everything import furnish

LISTS = ("reviews", "meetings", "actions", "requests", "ratings", "units")
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def belongings(session: Session, cast: Cast) -> None:
    furnish(session, cast, now=NOW - timedelta(minutes=1))


def rows(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_a_csv_and_an_excel_file_of_the_same_rows(client: Client, cast: Cast, name: str) -> None:
    client.sign_in(cast.rep)
    told = rows(client, f"/{name}?as=csv&whose=all&show=all")
    answer = client.get(f"/{name}?as=xlsx&whose=all&show=all")
    paper = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert paper is not None
    head, *lines = paper.iter_rows(values_only=True)
    assert [str(cell) for cell in head] == list(told[0])
    assert [str(line[0] or "")[:10] for line in lines] == [next(iter(line.values()))[:10] for line in told]
    assert re.fullmatch(rf"attachment; filename={name}-\d{{4}}-\d\d-\d\d\.xlsx", answer.headers["Content-Disposition"])


@pytest.mark.parametrize("name", LISTS)
def test_each_page_offers_the_files_of_what_it_shows(client: Client, cast: Cast, name: str) -> None:
    client.sign_in(cast.rep)
    page = client.get(f"/{name}?text=fin&page=1").text
    expected = f"/{name}?text=fin&amp;as=csv" if name != "actions" else f"/{name}?as=csv"
    assert expected in page


def test_a_file_has_all_pages_and_only_what_the_filter_leaves(client: Client, cast: Cast, session: Session) -> None:
    session.add_all(Action(unit_id=cast.finance.id, text=f"Late {at:03}", due_on=date(2020, 1, 1)) for at in range(60))
    session.commit()
    client.sign_in(cast.rep)
    told = rows(client, "/actions?as=csv&show=overdue")
    assert [line["Action"] for line in told] == [f"Late {at:03}" for at in range(60)]
    assert {line["Due"] for line in told} == {"2020-01-01"}


@pytest.mark.parametrize("name", ["reviews", "meetings", "actions", "requests", "units"])
def test_the_business_gets_files_of_its_own_units_alone(client: Client, cast: Cast, name: str) -> None:
    client.sign_in(cast.head)
    answer = client.get(f"/{name}?as=csv&show=all").get_data(as_text=True)
    assert "Finance" in answer or name == "reviews"
    assert "Legal" not in answer


@pytest.mark.parametrize(("name", "who"), [("ratings", "head"), ("actions", "administrator"), ("units", "specialist")])
def test_who_does_not_see_a_list_gets_no_file_of_it(client: Client, cast: Cast, name: str, who: str) -> None:
    client.sign_in(getattr(cast, who))
    assert client.get(f"/{name}?as=csv").status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_whatever_a_list_can_be_narrowed_by_can_be_saved(client: Client, cast: Cast, name: str) -> None:
    client.sign_in(cast.rep)
    bar = re.search(r'<form class="filters".*?</form>', client.get(f"/{name}?show=held").text, re.DOTALL)
    fields = re.findall(r' name="(\w+)"', bar[0]) if bar else []
    assert set(fields) <= set(saved_filters.LISTS[name].parameters)


def test_the_business_reads_only_shared_minutes_in_a_file(client: Client, cast: Cast, session: Session) -> None:
    told = {"kind": MeetingKind.TOUCHPOINT, "held_on": NOW.date(), "logged_at": NOW}
    session.add(Meeting(unit_id=cast.finance.id, minutes="still a draft", **told))
    session.commit()
    client.sign_in(cast.rep)
    assert "still a draft" in client.get("/meetings?as=csv").get_data(as_text=True)
    client.sign_in(cast.head)
    assert "still a draft" not in client.get("/meetings?as=csv").get_data(as_text=True)


def test_notes_for_it_stand_in_no_file(client: Client, cast: Cast, session: Session) -> None:
    told = {"kind": MeetingKind.TOUCHPOINT, "held_on": NOW.date(), "logged_at": NOW}
    session.add(Meeting(unit_id=cast.finance.id, minutes="said aloud", internal_notes="a whisper", **told))
    session.commit()
    for who in (cast.rep, cast.head):
        client.sign_in(who)
        assert "whisper" not in client.get("/meetings?as=csv").get_data(as_text=True)


def test_what_somebody_typed_runs_in_no_spreadsheet(client: Client, cast: Cast, session: Session) -> None:
    session.add(
        Request(unit_id=cast.finance.id, title="=cmd|'/c calc'!A1", business_need="@need", logged_on=NOW.date())
    )
    session.commit()
    client.sign_in(cast.rep)
    wish = next(line for line in rows(client, "/requests?as=csv") if "calc" in line["Request"])
    assert wish["Request"].startswith("'=")
    assert wish["Business need"] == "'@need"


def test_a_filter_is_saved_under_a_name_and_stands_above_the_list(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    page = client.get("/actions?show=overdue&whose=mine&page=2").text
    assert "/filters/actions/new?show=overdue&amp;whose=mine" in page
    answer = client.submit("/filters/actions/new?show=overdue&whose=mine&page=2", {"name": "Late ones"})
    assert answer.location == "/actions?show=overdue&whose=mine"
    page = client.get(answer.location).text
    assert re.search(r'<a href="/actions\?show=overdue&amp;whose=mine" aria-current="true">.*Late ones</a>', page)
    assert "Save this filter" not in page
    assert "Late ones" in client.get("/filters").text


def test_a_list_that_shows_everything_has_nothing_to_save(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    assert "Save this filter" not in client.get("/meetings").text


def test_a_filter_without_a_name_comes_back(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    answer = client.submit("/filters/actions/new?show=overdue", {"name": " "})
    assert answer.status_code == 422
    assert "Give it a name." in answer.text
    assert 'href="/actions?show=overdue"' in answer.text


def test_a_filter_is_removed(client: Client, cast: Cast) -> None:
    client.sign_in(cast.specialist)
    path = re.findall(r'action="(/filters/\d+/remove)"', client.get("/filters").text)[0]
    client.sign_in(cast.rep)
    assert client.submit(path).status_code == 404
    client.sign_in(cast.specialist)
    assert client.submit(path).location == "/filters"
    assert "No filter saved yet" in client.get("/filters").text
