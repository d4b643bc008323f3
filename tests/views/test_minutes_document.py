"""Minutes as Word: what was shared, for who may read it."""

from __future__ import annotations

import io

import pytest
from docx import Document
from sqlalchemy.orm import Session

from crm.services import minutes
from models import Meeting, MeetingKind
from tests.cast import Cast
from tests.client import Client
from tests.november import NOW, TODAY, acting


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    kept = Meeting(unit_id=cast.finance.id, kind=MeetingKind.REVIEW, held_on=TODAY, minutes="Month-end went well.")
    kept.internal_notes, kept.logged_at, kept.logged_by_id = "Patience wears thin.", NOW, cast.rep.id
    session.add(kept)
    session.commit()
    return kept


def test_the_unit_reads_what_was_shared_and_nothing_else(
    session: Session, cast: Cast, client: Client, meeting: Meeting
) -> None:
    path = f"/meetings/{meeting.id}/minutes.docx"
    client.sign_in(cast.head)
    assert client.get(path).status_code == 404
    minutes.share(session, by=acting(session, cast.rep), meeting=meeting, now=NOW)
    meeting.minutes = "Not shared yet."
    session.commit()
    answer = client.get(path)
    told = [one.text for one in Document(io.BytesIO(answer.data)).paragraphs]
    assert "Month-end went well." in told
    assert "thin" not in str(told)
    assert "Not shared yet." not in told
    client.sign_in(cast.outsider)
    assert client.get(path).status_code == 404
