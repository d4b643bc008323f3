"""The page behind the link in a reply, and the pages on which reps reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import answering, asking, follow_ups, throttle
from models import FollowUp, FollowUpState, OutboxMessage
from tests.cast import Cast
from tests.client import Client


def newest_link(session: Session, prefix: str) -> str:
    wanted = select(OutboxMessage.path).where(OutboxMessage.path.startswith(prefix))
    return session.scalars(wanted.order_by(OutboxMessage.id.desc())).first() or ""


def rated(session: Session, cast: Cast, score: int, comment: str = "") -> FollowUp:
    """The head of Finance rates, and is owed a reply."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    asking.ask(session, by=cast.actor(session, cast.rep), unit=cast.finance, now=now)
    token = newest_link(session, "/r/").removeprefix("/r/")
    answering.answer(session, token=token, score=score, comment=comment, now=now)
    session.commit()
    return session.scalars(select(FollowUp)).one()


@pytest.fixture
def link(session: Session, cast: Cast) -> str:
    """The link in a reply to a low rating."""
    owed = follow_ups.read(session, by=cast.actor(session, cast.rep), follow_up_id=rated(session, cast, 2).id)
    follow_ups.reply(
        session, by=cast.actor(session, cast.rep), follow_up=owed, text="A second\nline is in.", now=datetime.now(UTC)
    )
    session.commit()
    return newest_link(session, "/f/")


def state(session: Session) -> FollowUpState:
    session.expire_all()
    return session.scalars(select(FollowUp.state)).one()


def test_links_are_long_and_only_their_hash_is_kept(session: Session, link: str) -> None:
    token = link.removeprefix("/f/")
    kept = session.scalars(select(FollowUp.token_hash)).one() or ""
    assert len(token) >= 32
    assert token not in kept
    assert kept not in token


def test_opening_a_link_records_nothing(client: Client, session: Session, link: str) -> None:
    for headers in ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": "Mail scanner"}):
        assert client.get(link, headers=headers).status_code == 200
    assert client.head(link).status_code == 200
    assert client.get(f"{link}?word=settled").status_code == 200
    assert state(session) is FollowUpState.ANSWERED


def test_unknown_links_get_one_page_and_then_have_to_wait(client: Client, link: str) -> None:
    assert "We do not know this link" in client.get("/f/not-a-link").text
    for _ in range(throttle.LINK_BY_ADDRESS.times - 2):
        client.get("/f/another")
    assert client.submit("/f/another", {"word": "settled"}).status_code == 404
    assert client.get("/f/another").status_code == 429
    assert client.get(link).status_code == 200, "whoever has a link never waits for those who guess"


def test_a_form_from_elsewhere_and_an_unknown_word_record_nothing(client: Client, session: Session, link: str) -> None:
    assert client.post(link, data={"word": "settled"}).status_code == 400
    for word in ("", "dismissed", "open"):
        assert client.submit(link, {"word": word}).status_code == 422
    assert state(session) is FollowUpState.ANSWERED


def test_pressing_twice_says_it_once(client: Client, session: Session, link: str) -> None:
    for word in ("settled", "settled", "not_yet"):
        assert client.submit(link, {"word": word, "said": "No"}).status_code == 303
    assert state(session) is FollowUpState.CLOSED
    assert "It is settled, Amara" in client.get(link).text


def test_not_yet_needs_a_word_and_is_said_once(client: Client, session: Session, link: str) -> None:
    refused = client.submit(link, {"word": "not_yet"})
    assert refused.status_code == 422
    assert "Say in a few words what is missing." in refused.text
    for _ in range(2):
        assert client.submit(link, {"word": "not_yet", "said": "By when?"}).status_code == 303
    assert session.scalars(select(FollowUp.not_yet)).one() == 1
    assert "By when?" in client.get(link).text


def test_who_has_left_finds_nothing(client: Client, session: Session, cast: Cast, link: str) -> None:
    cast.head.left_on = datetime.now(UTC).date()
    session.commit()
    page = client.get(link)
    assert page.status_code in (404, 410)
    assert "second" not in page.text


def test_the_page_speaks_the_readers_language(client: Client, session: Session, cast: Cast, link: str) -> None:
    cast.head.language = "de"
    session.commit()
    page = client.get(link).text
    assert "Ist es damit erledigt, Amara Diallo?" in page
    assert "Damit ist es erledigt" in page
    assert "Sagen Sie in wenigen Worten, was fehlt." in client.submit(link, {"word": "not_yet"}).text


def test_a_rep_sets_aside_what_asks_for_nothing(client: Client, session: Session, cast: Cast) -> None:
    owed = rated(session, cast, 5, "Who could do without you?")
    client.sign_in(cast.rep)
    page = client.get(f"/follow-ups/{owed.id}").text
    assert "It asks for nothing" in page
    assert "asked for something" in page
    sent = client.submit(f"/follow-ups/{owed.id}/dismiss", follow_redirects=True)
    assert "asks for nothing" in sent.text
    assert state(session) is FollowUpState.DISMISSED
    assert "Set aside:" in client.get(f"/follow-ups/{owed.id}").text
    assert "Amara Diallo" in client.get("/follow-ups?only=dismissed").text


def test_a_low_rating_cannot_be_set_aside(client: Client, session: Session, cast: Cast) -> None:
    owed = rated(session, cast, 1)
    client.sign_in(cast.rep)
    assert "It asks for nothing" not in client.get(f"/follow-ups/{owed.id}").text
    refused = client.submit(f"/follow-ups/{owed.id}/dismiss")
    assert refused.status_code == 422
    assert "A reply to this is owed." in refused.text


def test_the_list_is_narrowed_and_taken_along(client: Client, session: Session, cast: Cast) -> None:
    rated(session, cast, 1, "Slow.")
    client.sign_in(cast.rep)
    assert "Amara Diallo" in client.get("/follow-ups?whose=mine").text
    assert "Amara Diallo" in client.get(f"/follow-ups?unit={cast.finance.id}").text
    assert "No reply fits" in client.get(f"/follow-ups?unit={cast.legal.id}").text
    file = client.get("/follow-ups?as=csv").text
    assert "Amara Diallo" in file
    assert "Slow." in file
    assert "No reply fits" in client.sign_in(cast.colleague).get("/follow-ups?whose=mine").text
    assert "Amara Diallo" in client.get("/follow-ups").text


def test_the_cios_link_to_what_is_late_works_after_signing_in(client: Client, cast: Cast) -> None:
    """Whoever got the mail signs in and lands there."""
    asked = client.get("/follow-ups?only=late")
    assert asked.status_code == 303
    assert "follow-ups" in asked.location
    assert "No reply is late" in client.sign_in(cast.cio).get("/follow-ups?only=late").text
