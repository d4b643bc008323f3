"""The pages on which reps say what came of a comment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CommentOutcome, Invitation, Response, Round
from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def said(session: Session, cast: Cast) -> Response:
    """What the head of Finance wrote an hour ago."""
    now = datetime.now(UTC)
    asked = Round(unit_id=cast.finance.id, opened_at=now - timedelta(days=1), closes_at=now + timedelta(9), asked=1)
    session.add(asked)
    session.flush()
    link = Invitation(round_id=asked.id, person_id=cast.head.id, token_hash="hash")
    session.add(link)
    session.flush()
    comment = Response(
        invitation_id=link.id,
        round_id=asked.id,
        unit_id=cast.finance.id,
        score=3,
        comment="The VPN <b>drops</b>.",
        answered_at=now - timedelta(hours=1),
    )
    session.add(comment)
    session.commit()
    return comment


def test_from_the_round_to_the_comment_and_back_with_what_came_of_it(
    client: Client, session: Session, cast: Cast, said: Response
) -> None:
    client.sign_in(cast.rep)
    place, its_round = f"/comments/{said.id}", f"/ratings/{said.round_id}"
    assert f'href="{place}">Say what came of it' in client.get(its_round).text
    page = client.get(place).text
    assert "The VPN &lt;b&gt;drops&lt;/b&gt;." in page
    assert "Amara reads it" in page
    sent = client.submit(place, {"done": "A second line is in."}, follow_redirects=True)
    assert "Kept. Amara will read it." in sent.text
    assert "What came of it:</strong> A second line is in." in sent.text
    assert "A second line is in.</textarea>" in client.get(place).text


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    client: Client, session: Session, cast: Cast, said: Response
) -> None:
    client.sign_in(cast.rep)
    refused = client.submit(f"/comments/{said.id}", {"done": "A second line is in.", "is_for_unit": "y"})
    assert refused.status_code == 422
    assert "Say in your own words what was asked for" in refused.text
    assert "A second line is in.</textarea>" in refused.text
    assert session.scalars(select(CommentOutcome)).all() == []


def test_another_rep_reads_and_does_not_write(client: Client, cast: Cast, said: Response) -> None:
    client.sign_in(cast.colleague)
    assert "Nothing said yet" in client.get(f"/comments/{said.id}").text
    assert client.submit(f"/comments/{said.id}", {"done": "Mine"}).status_code == 403


def test_the_list_has_a_filter_a_file_and_an_empty_state(
    client: Client, session: Session, cast: Cast, said: Response
) -> None:
    client.sign_in(cast.rep)
    assert "Amara Diallo" in client.get("/comments").text
    assert "Nothing told yet" in client.get("/comments?only=told").text
    assert "No comment fits" in client.get(f"/comments?unit={cast.legal.id}").text
    client.submit(f"/comments/{said.id}", {"done": "A second line is in."})
    assert "No comment waits" in client.get("/comments").text
    assert "A second line is in." in client.get(f"/comments?only=told&unit={cast.finance.id}").text
    file = client.get("/comments?only=told&as=csv").text
    assert "Amara Diallo" in file
    assert "A second line is in." in file
    assert client.get("/comments?only=nonsense&unit=x").status_code == 200


def test_the_business_reads_no_list_of_comments(client: Client, cast: Cast, said: Response) -> None:
    client.sign_in(cast.head)
    assert client.get("/comments").status_code == 403
    assert client.get(f"/comments/{said.id}").status_code == 403


def test_the_head_reads_what_came_of_it_and_the_unit_what_it_is_told(
    client: Client, session: Session, cast: Cast, said: Response
) -> None:
    unit_page = f"/units/{cast.finance.id}"
    client.sign_in(cast.rep).submit(f"/comments/{said.id}", {"done": "A second line is in."})
    for page in ("/", unit_page):
        assert "A second line is in." in client.sign_in(cast.head).get(page).text
        assert "A second line is in." not in client.sign_in(cast.key_user).get(page).text
    told = {"done": "A second line is in.", "is_for_unit": "y", "said": "Working from home <i>fails</i>."}
    client.sign_in(cast.rep).submit(f"/comments/{said.id}", told)
    for page in ("/", unit_page):
        text = client.sign_in(cast.key_user).get(page).text
        assert "Working from home &lt;i&gt;fails&lt;/i&gt;." in text
        assert "VPN" not in text
    assert "second line" not in client.sign_in(cast.outsider).get("/").text
