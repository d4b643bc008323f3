"""People as the administrator looks after them, and the own account."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, passwords
from models import OutboxMessage, Person, SignIn
from tests.cast import Cast
from tests.client import Client


def test_a_person_is_added_and_gets_a_link(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    form = {"name": "  Yuki   Tanabe ", "email": "yuki@fernhill.example", "roles": ["rep", "cio"], "invite": "y"}
    assert client.submit("/people/new", form).status_code == 303
    yuki = session.scalars(select(Person).where(Person.name == "Yuki Tanabe")).one()
    assert (yuki.is_rep, yuki.is_cio, yuki.is_administrator) == (True, True, False)
    assert session.scalars(select(OutboxMessage.to_person_id)).all() == [yuki.id]


def test_an_address_somebody_has_is_refused_whatever_its_case(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    answer = client.submit("/people/new", {"name": "Another Ines", "email": "INES.carvalho@fernhill.example"})
    assert answer.status_code == 422
    assert "Somebody here has that address already." in answer.text
    assert 'value="Another Ines"' in answer.text


def test_an_address_that_is_none_is_refused(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    answer = client.submit("/people/new", {"name": "Nobody", "email": "not an address"})
    assert answer.status_code == 422
    assert "That address cannot be written to" in answer.text


def test_a_person_may_have_no_address_and_the_page_says_so(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.submit("/people/new", {"name": "Dmitri Volkov", "email": ""}).status_code == 303
    dmitri = session.scalars(select(Person).where(Person.name == "Dmitri Volkov")).one()
    assert "cannot be written to" in client.get(f"/people/{dmitri.id}").text
    assert "cannot be written to" in client.get("/people?text=dmitri").text
    assert client.submit(f"/people/{dmitri.id}/invite").status_code == 422


def test_who_leaves_is_out_at_once_and_may_come_back(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    client.sign_in(cast.administrator)
    leaves = {"on": clock.local_date(datetime.now(UTC), "UTC").isoformat(), "units-0-unit_id": cast.finance.id}
    refused = client.submit(f"/people/{cast.rep.id}/leave", leaves)
    assert refused.status_code == 422
    assert "Say who takes over" in refused.text
    given = {**leaves, "units-0-to_id": cast.colleague.id}
    assert client.submit(f"/people/{cast.rep.id}/leave", given).status_code == 303
    assert session.scalars(select(SignIn.person_id)).all() == [cast.administrator.id]
    client.get("/people")  # which tells that she has left, once
    assert "Ines Carvalho" not in client.get("/people").text
    assert "Ines Carvalho" in client.get("/people?left=1").text
    assert client.submit(f"/people/{cast.rep.id}/come-back").status_code == 303
    assert "Ines Carvalho" in client.get("/people").text


def test_nobody_leaves_by_the_own_hand(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    leaves = {"on": clock.local_date(datetime.now(UTC), "UTC").isoformat()}
    answer = client.submit(f"/people/{cast.administrator.id}/leave", leaves)
    assert answer.status_code == 422
    assert "Somebody else has to do this for you." in answer.text


def test_the_last_administrator_keeps_the_role(client: Client, session: Session, cast: Cast) -> None:
    passwords.set_for(cast.administrator, "four unrelated kettle words")
    session.commit()
    client.sign_in(cast.administrator)
    form = {"name": "Pia Holm", "email": cast.administrator.email, "roles": "rep"}
    answer = client.submit(f"/people/{cast.administrator.id}", form)
    assert answer.status_code == 422
    assert "This is the only administrator who can sign in." in answer.text


def test_the_own_password_wants_the_current_one_and_signs_other_places_out(
    client: Client, session: Session, cast: Cast
) -> None:
    passwords.set_for(cast.rep, "four unrelated kettle words")
    session.commit()
    client.sign_in(cast.rep)
    client.sign_in(cast.rep)
    wrong = client.submit("/me/password", {"current": "not it at all", "password": "seven other teapot nouns"})
    assert wrong.status_code == 422
    assert "That is not your current password." in wrong.text
    right = {"current": "four unrelated kettle words", "password": "seven other teapot nouns"}
    assert client.submit("/me/password", right).status_code == 303
    assert len(session.scalars(select(SignIn)).all()) == 1


def test_a_chosen_appearance_is_on_every_page(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    assert client.submit("/me/theme", {"theme": "dark"}).status_code == 303
    assert '<html lang="en" data-bs-theme="dark">' in client.get("/units").text


def test_settings_change_with_a_reason(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    form = {"name": "Fernhill Digital", "time_zone": "Europe/Oslo", "reason": "We were renamed"}
    assert client.submit("/settings", {**form, "reason": ""}).status_code == 422
    assert client.submit("/settings", form).status_code == 303
    assert "Fernhill Digital" in client.get("/people").text
