"""The audit trail, as the administrator reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Meeting, MeetingKind, Person
from tests.cast import Cast
from tests.client import Client


def test_a_change_is_told_with_who_from_and_to(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    form = {"name": "Jo Lindt-Meyer", "email": cast.key_user.email, "roles": "business"}
    client.submit(f"/people/{cast.key_user.id}", form)
    page = client.get(f"/audit?entity=person&id={cast.key_user.id}").text
    for word in ("Pia Holm", "Jo Lindt", "Jo Lindt-Meyer"):
        assert word in page


def test_the_administrator_does_not_read_notes_in_the_trail(client: Client, session: Session, cast: Cast) -> None:
    meeting = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=datetime.now(UTC).date(),
        minutes="Said aloud",
        internal_notes="Kept inside",
        logged_at=datetime.now(UTC),
    )
    session.add(meeting)
    session.commit()
    client.sign_in(cast.administrator)
    page = client.get("/audit?entity=meeting").text
    assert "Said aloud" not in page
    assert "Kept inside" not in page
    kept = session.scalars(select(AuditEntry.after).where(AuditEntry.entity == "meeting")).one()
    assert kept["minutes"] == "Said aloud"


def test_only_the_administrator_reads_it(client: Client, cast: Cast) -> None:
    for person in (cast.rep, cast.head, cast.cio):
        client.sign_in(person)
        assert client.get("/audit").status_code == 403


def test_a_refused_change_of_a_person_leaves_no_trace(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    form = {"name": "Another", "email": cast.head.email, "roles": "business"}
    page = client.submit(f"/people/{cast.key_user.id}", form)
    assert page.status_code == 422
    assert "Somebody here has that address already." in page.text
    assert 'value="Another"' in page.text
    session.expire_all()
    assert session.get_one(Person, cast.key_user.id).name == "Jo Lindt"
    assert session.scalars(select(AuditEntry).where(AuditEntry.by_id == cast.administrator.id)).all() == []
