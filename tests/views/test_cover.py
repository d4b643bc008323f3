"""Pages about who looks after a unit: absences, handovers, the roster, and what strangers to them see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, handovers
from crm.services.handovers import Told
from models import Absence, Assignment, Handover, Membership, Part, Person
from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def today() -> date:
    return clock.local_date(datetime.now(UTC), "UTC")


def away(session: Session, cast: Cast, today: date, covered_by: Person | None = None) -> Absence:
    absence = Absence(
        person_id=cast.rep.id,
        covered_by_id=covered_by.id if covered_by else None,
        since=today - timedelta(1),
        until=today + timedelta(7),
        note="Parental leave",
    )
    session.add(absence)
    session.commit()
    return absence


def test_the_unit_says_who_covers_and_its_people_never_read_why(
    client: Client, session: Session, cast: Cast, today: date
) -> None:
    away(session, cast, today, cast.colleague)
    for person in (cast.head, cast.colleague, cast.cio):
        page = client.sign_in(person).get(f"/units/{cast.finance.id}").text
        assert "Ines is away until" in page
        assert "Tom Okafor covers." in page
        assert "Parental leave" not in page
    assert client.sign_in(cast.head).get("/absences").status_code == 403
    assert "Parental leave" in client.sign_in(cast.cio).get("/absences").text


def test_the_home_of_who_covers_says_for_whom(client: Client, session: Session, cast: Cast, today: date) -> None:
    assert "for Ines" not in client.sign_in(cast.colleague).get("/").text
    away(session, cast, today, cast.colleague)
    assert "for Ines, until" in client.sign_in(cast.colleague).get("/").text
    assert "for Ines" not in client.sign_in(cast.rep).get("/").text


def test_the_cio_sees_what_nobody_covers_and_chooses(client: Client, session: Session, cast: Cast, today: date) -> None:
    absence = away(session, cast, today)
    page = client.sign_in(cast.cio).get("/portfolio/list").text
    assert "Ines Carvalho is away, and nobody covers Finance" in page
    form = {
        "person_id": cast.rep.id,
        "since": absence.since,
        "until": absence.until,
        "covered_by_id": cast.colleague.id,
    }
    assert client.submit(f"/absences/{absence.id}", form).status_code == 303
    assert "nobody covers" not in client.get("/portfolio/list").text


def test_a_cover_who_is_away_too_is_taken_and_warned_of(
    client: Client, session: Session, cast: Cast, today: date
) -> None:
    away(session, cast, today)
    client.sign_in(cast.colleague)
    form = {"person_id": cast.colleague.id, "since": today, "until": today + timedelta(3), "covered_by_id": cast.rep.id}
    assert client.submit("/absences/new", form).status_code == 303
    page = client.get("/absences").text
    assert "Mind: Ines Carvalho is away too" in page
    assert "Nobody covers Legal." in page


def test_an_overlap_comes_back_as_typed(client: Client, session: Session, cast: Cast, today: date) -> None:
    away(session, cast, today)
    client.sign_in(cast.rep)
    answer = client.submit("/absences/new", {"person_id": cast.rep.id, "since": today, "note": "Moving house"})
    assert answer.status_code == 422
    assert "Change that one instead." in answer.text
    assert 'value="Moving house"' in answer.text


def start(session: Session, cast: Cast, today: date, on: date) -> Handover:
    by = cast.actor(session, cast.rep, today)
    told = Told(cast.colleague, on, tone="Amara wants it short")
    made = handovers.start(session, by=by, unit=cast.finance, told=told, now=datetime.now(UTC))
    session.commit()
    return made


def test_the_next_rep_reads_it_at_home_until_it_is_acknowledged(
    client: Client, session: Session, cast: Cast, today: date
) -> None:
    handover = start(session, cast, today, today + timedelta(20))
    assert "Finance comes to you on" in client.sign_in(cast.colleague).get("/").text
    assert client.submit(f"/handovers/{handover.id}/acknowledge").status_code == 303
    assert "Finance comes to you on" not in client.get("/").text


def test_what_the_rep_wrote_stays_within_it_and_an_administrator_does_not_overwrite_it(
    client: Client, session: Session, cast: Cast, today: date
) -> None:
    handover = start(session, cast, today, today + timedelta(20))
    path = f"/handovers/{handover.id}"
    assert client.sign_in(cast.head).get(path).status_code == 403
    assert "Amara wants it short" in client.sign_in(cast.cio).get(path).text
    assert "Amara wants it short" not in client.sign_in(cast.administrator).get(path).text
    assert "Amara wants it short" not in client.get(f"{path}/change").text
    form = {"to_id": cast.colleague.id, "on": today + timedelta(21)}
    assert client.submit(f"{path}/change", form).status_code == 303
    session.expire_all()
    assert session.scalars(select(Handover.tone)).one() == "Amara wants it short"


def test_a_second_handover_leads_to_the_first(client: Client, session: Session, cast: Cast, today: date) -> None:
    handover = start(session, cast, today, today + timedelta(20))
    answer = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/handover")
    assert answer.location == f"/handovers/{handover.id}"
    assert client.submit(f"/handovers/{handover.id}/withdraw").status_code == 303
    still = select(Assignment.until).where(Assignment.rep_id == cast.rep.id)
    assert session.scalars(still).one() is None


def test_who_is_embedded_finds_the_way_and_nothing_else(
    client: Client, session: Session, cast: Cast, today: date
) -> None:
    client.sign_in(cast.specialist)
    assert client.get(f"/units/{cast.finance.id}").status_code == 403
    session.add(
        Membership(
            unit_id=cast.finance.id,
            person_id=cast.specialist.id,
            part=Part.EMBEDDED,
            since=today,
            until=today + timedelta(30),
            access="Reads the ledger",
        )
    )
    session.commit()
    home = client.get("/").text
    assert "You are with this unit for a time." in home
    assert "Finance" in home
    assert client.get(f"/units/{cast.finance.id}").status_code == 200
    assert client.get(f"/units/{cast.finance.id}/requests/new").status_code == 403
    assert client.get(f"/units/{cast.legal.id}").status_code == 404
    assert "Reads the ledger" in client.sign_in(cast.rep).get("/roster").text
