"""Pages of tickets: brought in by the CIO, read by IT, and by a unit only what is its own and not private."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.tickets.choices import COLUMNS
from models import BusinessUnit, Request, Ticket, TicketEvent, TicketImport, TicketImportState, TicketSource
from tests.cast import Cast
from tests.client import Client
from tests.crm.services.tickets.files import table

SECRET = "They always say so"
OPENED = datetime(2026, 11, 2, 9, tzinfo=UTC)


def given(session: Session, unit: BusinessUnit | None, number: str, title: str = "", *, is_open: bool = True) -> Ticket:
    desk = session.scalars(select(TicketSource)).first() or TicketSource(name="The desk")
    session.add(desk)
    session.flush()
    made = Ticket(
        source_id=desk.id,
        number=number,
        unit_id=unit.id if unit else None,
        title=title,
        state="Active" if is_open else "Closed",
        is_open=is_open,
        priority="P-inside",
        category="K-inside",
        caller="C-inside",
        opened_at=OPENED,
    )
    session.add(made)
    session.flush()
    told = (("Ada", "New", "", False), ("Bo", "", SECRET, True), ("Cy", "", "Try it now", False))
    for place, (who, state, words, is_private) in enumerate(told, 1):
        session.add(
            TicketEvent(
                ticket_id=made.id, number=place, at=OPENED, by=who, state=state, words=words, is_private=is_private
            )
        )
    session.commit()
    return made


def test_the_list_of_a_unit_holds_its_own_tickets_and_no_word_from_inside(
    session: Session, cast: Cast, client: Client
) -> None:
    own = given(session, cast.finance, "INC1", "No mail")
    other = given(session, cast.legal, "INC2", "Their secret")
    given(session, None, "INC3", "Of nobody")
    client.sign_in(cast.head)
    for path in ("/tickets", "/tickets?text=INC", f"/tickets/{own.id}", "/tickets?as=csv", "/tickets?show=open"):
        text = client.get(path).get_data(as_text=True)
        assert "INC1" in text
        for hidden in (SECRET, "inside", "INC2", "INC3", "Their secret", "Of nobody"):
            assert hidden not in text, f"{path} shows {hidden}"
    for words in (SECRET, "inside", "INC2"):
        assert "INC1" not in client.get("/tickets", query_string={"text": words}).get_data(as_text=True)
    assert client.get(f"/tickets/{other.id}").status_code == 404
    assert client.get("/tickets", query_string={"unit": cast.legal.id}).get_data(as_text=True).count("INC2") == 0
    page = client.get(f"/tickets/{own.id}").get_data(as_text=True)
    assert "Try it now" in page
    assert "Ada" not in page
    assert "It belongs there" not in page


def test_it_reads_notes_and_who_wrote_them(session: Session, cast: Cast, client: Client) -> None:
    ticket = given(session, cast.finance, "INC1")
    client.sign_in(cast.rep)
    page = client.get(f"/tickets/{ticket.id}").get_data(as_text=True)
    for seen in (SECRET, "A note for IT alone", "Ada", "P-inside", "C-inside"):
        assert seen in page
    assert "C-inside" in client.get("/tickets?as=csv").get_data(as_text=True)
    assert "INC1" in client.get("/tickets?text=c-inside").get_data(as_text=True)


def test_the_list_is_narrowed_and_says_when_nothing_is_there(session: Session, cast: Cast, client: Client) -> None:
    client.sign_in(cast.rep)
    assert "No tickets yet" in client.get("/tickets").get_data(as_text=True)
    given(session, cast.finance, "INC1", "No mail")
    given(session, cast.legal, "INC2", "Slow", is_open=False)
    source = session.scalars(select(TicketSource.id)).one()
    for query, found in (
        ("show=open", {"INC1"}),
        ("show=over", {"INC2"}),
        (f"unit={cast.legal.id}", {"INC2"}),
        ("unit=mine", {"INC1"}),
        (f"source={source}&order=number", {"INC1", "INC2"}),
        ("source=999", set()),
        ("period=2026", {"INC1", "INC2"}),
        ("period=2025", set()),
        ("text=no+MAIL&order=closed", {"INC1"}),
        ("order=oldest&show=rubbish&period=x", {"INC1", "INC2"}),
    ):
        text = client.get(f"/tickets?{query}").get_data(as_text=True)
        assert {number for number in ("INC1", "INC2") if f">{number}" in text or f"{number}, " in text} == found, query


def test_a_ticket_becomes_a_request_or_belongs_to_one(session: Session, cast: Cast, client: Client) -> None:
    ticket = given(session, cast.finance, "INC1", "No mail")
    client.sign_in(cast.rep)
    assert client.submit(f"/tickets/{ticket.id}/request", {"title": "Mail", "business_need": ""}).status_code == 422
    said = {"title": "Mail", "business_need": "To write to customers"}
    assert client.submit(f"/tickets/{ticket.id}/request", said).status_code == 303
    request = session.scalars(select(Request)).one()
    page = client.get(f"/requests/{request.id}").get_data(as_text=True)
    assert "Tickets of a service desk" in page
    assert "INC1" in page
    assert client.submit(f"/tickets/{ticket.id}/part").status_code == 303
    client.get("/tickets")  # what was said of it is seen
    assert "INC1" not in client.get(f"/requests/{request.id}").get_data(as_text=True)
    assert client.submit(f"/tickets/{ticket.id}/belong", {"said": "nothing"}).status_code == 422
    assert client.submit(f"/tickets/{ticket.id}/belong", {"said": str(request.id)}).status_code == 303
    client.sign_in(cast.head)
    assert SECRET not in client.get(f"/requests/{request.id}").get_data(as_text=True)
    assert client.submit(f"/tickets/{ticket.id}/belong", {"said": str(request.id)}).status_code == 403


def uploaded(client: Client, content: str, name: str = "t.csv") -> str:
    sent = {"source": "The desk", "file": (io.BytesIO(content.encode()), name)}
    answer = client.submit("/tickets/imports", sent)
    assert answer.status_code == 303
    return str(answer.location)


def chosen(session: Session) -> dict[str, str]:
    """What the page sends when nothing on it is touched."""
    kept = session.scalars(select(TicketImport)).one()
    columns: dict[str, str] = kept.choices["columns"]
    return {
        **dict.fromkeys(COLUMNS, ""),
        **columns,
        "target": "tickets",
        "form": "d/m/Y",
        "zone": "Europe/Lisbon",
        "others": "refused",
        "nulls": "?",
    }


def test_a_file_is_checked_matched_on_the_page_and_its_bad_rows_taken_away(
    session: Session, cast: Cast, client: Client
) -> None:
    client.sign_in(cast.cio)
    path = uploaded(client, table().replace("Legal", "Floor 3").replace("FIN", "Floor 2"))
    page = client.get(path).get_data(as_text=True)
    for told in (
        "fits every day",
        "impossible: the file says",
        "29 February 2016, ",
        "Two names have no unit here",
    ):
        assert told in page
    assert "Floor 3" in client.get(f"{path}/bad-rows.csv").get_data(as_text=True)
    said = chosen(session) | {"pairs": "Floor 2\tFinance\nFloor 3;nowhere"}
    assert "No unit here is called" in client.submit(path, said).get_data(as_text=True)
    assert client.submit(path, chosen(session) | {"pairs": "Floor 2\tFinance\nFloor 3;LEG"}).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "Names without a unit" not in page
    assert "Take 3 tickets" in page


def test_names_are_ticked_and_resolved_at_once(session: Session, cast: Cast, client: Client) -> None:
    client.sign_in(cast.cio)
    path = uploaded(client, "number,location\n1,A\n2,B\n3,C\n")
    rows = {"units-0-said": "A", "units-0-tick": "y", "units-1-said": "B", "units-1-tick": "y", "units-2-said": "C"}
    answer = client.submit(path, chosen(session) | rows | {"ticked_unit": "Legal"})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    kept = session.scalars(select(TicketImport)).one()
    session.refresh(kept)
    assert kept.choices["units"] == {"A": cast.legal.id, "B": cast.legal.id}


@pytest.mark.parametrize("state", [TicketImportState.RUNNING, TicketImportState.DONE, TicketImportState.FAILED])
def test_a_file_can_be_left_and_come_back_to(
    session: Session, cast: Cast, client: Client, state: TicketImportState
) -> None:
    client.sign_in(cast.administrator)
    path = uploaded(client, table())
    kept = session.scalars(select(TicketImport)).one()
    kept.state, kept.beat_at = state, datetime.now(UTC)
    session.commit()
    answer = client.get(path)
    assert answer.status_code == 200
    assert (answer.headers.get("Refresh") is not None) == (state is TicketImportState.RUNNING)
    assert "t.csv" in client.get("/tickets/imports").get_data(as_text=True)
    refused = client.submit(f"{path}/discard", follow_redirects=True).get_data(as_text=True)
    assert ("thrown away" in refused) == (state is TicketImportState.FAILED) or "cannot be" in refused


def test_a_broken_file_is_refused_with_its_name_kept(session: Session, cast: Cast, client: Client) -> None:
    client.sign_in(cast.cio)
    answer = client.submit("/tickets/imports", {"source": "The desk", "file": (io.BytesIO(b""), "t.csv")})
    assert answer.status_code == 422
    assert "The file is empty" in answer.get_data(as_text=True)
    assert 'value="The desk"' in answer.get_data(as_text=True)
    assert session.scalars(select(TicketImport)).all() == []
