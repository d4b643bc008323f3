"""The pages about refusals: the register, themes, unmet demand, and the link three months on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.secrets import hashed
from models import Request, RequestState
from models.request_part import RequestTheme, Solved
from tests.cast import Cast
from tests.client import Client
from tests.factories.refusals import asked_about, refuse

NOW = datetime.now(UTC)


@pytest.fixture
def refused(session: Session, cast: Cast) -> Request:
    request = refuse(session, unit=cast.finance, rep=cast.rep, requester=cast.head, now=NOW - timedelta(days=100))
    row = asked_about(session, request)
    row.person_id, row.token_hash, row.asked_at = cast.head.id, hashed("the token"), NOW
    session.commit()
    return request


def test_the_link_shows_what_was_asked_said_and_offered_and_chooses_nothing(client: Client, refused: Request) -> None:
    page = client.get("/n/the token")
    for told in (refused.title, refused.business_need, refused.reason, refused.alternative):
        assert told in page.text
    assert page.text.count('type="radio"') == len(Solved)
    assert " checked" not in page.text


def test_one_choice_is_enough_and_can_be_said_otherwise(client: Client, session: Session, refused: Request) -> None:
    assert client.submit("/n/the token", data={}).status_code == 422
    assert client.submit("/n/the token", data={"solved": "elsewhere"}).status_code == 303
    assert "Bought it, or had it done, outside" in client.get("/n/the token").text
    client.submit("/n/the token", data={"solved": "still", "words": "The shop closed"})
    row = asked_about(session, refused)
    assert (row.solved, row.words) == (Solved.STILL, "The shop closed")


def test_what_is_still_needed_is_looked_at_again_from_the_link(
    client: Client, session: Session, refused: Request
) -> None:
    client.submit("/n/the token", data={"solved": "still"})
    assert client.submit("/n/the token/again", data={"why": ""}).status_code == 422
    assert client.submit("/n/the token/again", data={"why": "The auditor asks"}).status_code == 303
    session.refresh(refused)
    assert refused.state is RequestState.LOOKING
    assert "IT looks at it again." in client.get("/n/the token").text


def test_it_speaks_the_language_of_whoever_has_the_link(
    client: Client, session: Session, cast: Cast, refused: Request
) -> None:
    cast.head.language = "de"
    session.commit()
    assert "Wie haben Sie es gelöst" in client.get("/n/the token").text
    assert "Wählen Sie" in client.submit("/n/the token", data={}).text
    assert refused.title in client.get("/n/the token").text


def test_the_link_of_somebody_who_left_tells_nothing(
    client: Client, session: Session, cast: Cast, refused: Request
) -> None:
    cast.head.left_on = NOW.date()
    session.commit()
    page = client.get("/n/the token")
    assert page.status_code == 404
    assert refused.title not in page.text


def test_it_keeps_what_it_was_told_and_the_page_says_who_and_when(client: Client, cast: Cast, refused: Request) -> None:
    client.sign_in(cast.rep)
    assert "They told me" in client.get(f"/requests/{refused.id}").text
    told = {"solved": "ourselves", "words": "In a table"}
    assert client.submit(f"/requests/{refused.id}/solved", data=told).status_code == 303
    page = client.get(f"/requests/{refused.id}").text
    assert "Ines Carvalho kept what they said" in page
    assert "In a table" in page


def test_the_unit_answers_on_the_page_of_the_request(client: Client, cast: Cast, refused: Request) -> None:
    client.sign_in(cast.head)
    assert "Say how you solved it" in client.get(f"/requests/{refused.id}").text
    assert client.submit(f"/requests/{refused.id}/solved", data={}).status_code == 422
    client.submit(f"/requests/{refused.id}/solved", data={"solved": "without"})
    assert "It turned out not to matter" in client.get(f"/requests/{refused.id}").text


def test_the_register_leaves_as_a_file_with_what_the_reader_sees(client: Client, cast: Cast, refused: Request) -> None:
    client.sign_in(cast.cio)
    told = client.get("/no-register?as=csv").text
    assert refused.title in told
    assert "A report on Fridays" in told
    assert client.get("/no-register?as=xlsx").status_code == 200
    client.sign_in(cast.outsider)
    assert refused.title not in client.get("/no-register?as=csv").text
    assert refused.title not in client.get("/no-register").text


def test_many_are_sorted_at_once_after_it_was_said_what_happens(
    client: Client, session: Session, cast: Cast, refused: Request
) -> None:
    theme = RequestTheme(name="Reporting")
    other = refuse(session, unit=cast.legal, rep=cast.colleague, now=NOW, title="A seal")
    session.add(theme)
    session.commit()
    client.sign_in(cast.rep)
    at = f"/no-register/sort?what=sort&id={refused.id}&id={other.id}"
    assert "A seal" in client.get(at).text
    shown = client.submit(at, data={"theme_id": str(theme.id)})
    assert "You do not look after this unit." in shown.text
    agreed = {"theme_id": str(theme.id), "shown": str(theme.id), "known": str(other.id)}
    assert client.submit(at, data=agreed).status_code == 303
    session.expire_all()
    assert (refused.theme_id, other.theme_id) == (theme.id, None)
    client.sign_in(cast.cio)
    assert "Reporting" in client.get("/unmet-demand").text
    assert "Not sorted yet" in client.get("/unmet-demand").text


def test_themes_are_added_renamed_retired_and_merged_on_their_page(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    for name in ("Reports", "Figures"):
        assert client.submit("/request-themes", data={"name": name}).status_code == 303
    assert client.submit("/request-themes", data={"name": "reports"}).status_code == 422
    first, second = session.scalars(select(RequestTheme).order_by(RequestTheme.id)).all()
    assert client.submit(f"/request-themes/{first.id}", data={"name": "Reporting"}).status_code == 303
    client.submit(f"/request-themes/{first.id}/retire")
    assert "Reporting" in client.get("/request-themes?retired=1").text
    client.submit(f"/request-themes/{first.id}/take-up")
    assert client.submit(f"/request-themes/{second.id}/merge", data={"into_id": ""}).status_code == 422
    assert client.submit(f"/request-themes/{second.id}/merge", data={"into_id": str(first.id)}).status_code == 303
    assert "Figures” is gone" in client.get("/request-themes").text
    assert session.scalars(select(RequestTheme.name)).all() == ["Reporting"]
