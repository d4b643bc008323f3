"""The page on which a person is forgotten, and the command that does the same."""

from __future__ import annotations

from datetime import UTC, datetime

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.maker import Maker
from crm.people_commands import people_group
from crm.services import forgetting, people
from models import Meeting, MeetingKind, Person
from tests.cast import Cast
from tests.client import Client

NOW = datetime.now(UTC)


def left(session: Session, person: Person) -> str:
    people.close_account(session, person=person, on=NOW.date(), now=NOW)
    session.commit()
    return f"/people/{person.id}/forget"


def test_the_page_says_what_goes_what_stays_and_where_the_name_stands(
    client: Client, session: Session, cast: Cast
) -> None:
    held = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=NOW.date(),
        minutes="Jo Lindt agreed",
        logged_at=NOW,
    )
    session.add(held)
    page = client.sign_in(cast.administrator).get(left(session, cast.key_user)).text
    assert "This cannot be undone." in page
    assert page.index("What goes") < page.index("What stays")
    assert f"Meeting {held.id}, Finance" in page
    assert f"/people/{cast.key_user.id}/forget" in client.get(f"/people/{cast.key_user.id}").text


def test_somebody_is_forgotten_by_name_and_the_list_says_so(client: Client, session: Session, cast: Cast) -> None:
    path = left(session, cast.key_user)
    wrong = client.sign_in(cast.administrator).submit(path, {"typed": "Jo", "answers_too": "y"})
    assert wrong.status_code == 422
    assert "so that it is the right one" in wrong.text
    assert "checked" in wrong.text
    assert client.submit(path, {"typed": " jo  lindt "}).status_code == 303
    page = client.get("/people?left=1").text
    assert "Jo Lindt" not in page
    assert forgetting.NOBODY in page
    assert "for good" in client.get(f"/people/{cast.key_user.id}").text
    assert client.submit(f"/people/{cast.key_user.id}/come-back").status_code == 409
    assert client.get("/audit").status_code == 200


def test_whoever_is_still_here_is_not_forgotten(client: Client, cast: Cast) -> None:
    path = f"/people/{cast.key_user.id}/forget"
    page = client.sign_in(cast.administrator).get(path).text
    assert "First say that Jo leaves." in page
    assert "Forget Jo Lindt</button>" not in page
    assert client.submit(path, {"typed": "Jo Lindt"}).status_code == 422


def test_the_command_tells_where_the_name_stands_and_asks_for_it(app: Flask, session: Session, cast: Cast) -> None:
    told = ["forget", "JO.lindt@fernhill.example"]
    run = CliRunner().invoke(people_group, told, obj=Maker(lambda _: app), input="Jo Lindt\n")
    assert "First say that Jo leaves." in run.output
    left(session, cast.key_user)
    run = CliRunner().invoke(people_group, told, obj=Maker(lambda _: app), input="Jo Lindt\n")
    assert "Backups made until today" in run.output, run.output
    session.expire_all()
    assert session.scalars(select(Person.name).where(Person.id == cast.key_user.id)).one() == forgetting.NOBODY
