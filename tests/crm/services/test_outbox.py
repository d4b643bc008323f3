from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, NotFound
from crm.services import outbox
from models.outbox import OutboxMessage, OutboxState
from models.person import Person
from tests.cast import Cast

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def queue(session: Session, to: Person, **given: str) -> OutboxMessage | None:
    told = {"key": f"test:{to.id}", "subject": "Hello", "body": "A line.", "path": "/me"} | given
    return outbox.queue(session, to=to, now=NOW, **told)  # type: ignore[arg-type]


def subjects(session: Session, by: Person, **given: object) -> list[str]:
    return [row.subject for row in outbox.visible(session, by=policy.actor_for(session, by, NOW.date()), **given).rows]  # type: ignore[arg-type]


def test_a_message_keeps_the_address_as_it_is_written(session: Session, cast: Cast) -> None:
    cast.head.email = "Amara.Diallo@Example.org"
    message = queue(session, cast.head)
    assert message is not None
    assert (message.to_address, message.path) == ("Amara.Diallo@Example.org", "/me")


def test_nobody_is_written_to_without_an_address(session: Session, cast: Cast) -> None:
    cast.specialist.email = None
    assert queue(session, cast.specialist) is None
    cast.head.email = "amara@fernhill.example\r\nBcc: everyone@example.org"
    assert queue(session, cast.head) is None


def test_the_same_key_twice_is_one_message(session: Session, cast: Cast) -> None:
    first = queue(session, cast.head)
    again = queue(session, cast.head, subject="Hello again")
    assert first is again
    assert session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_a_line_end_in_a_subject_begins_no_header(session: Session, cast: Cast) -> None:
    message = queue(session, cast.head, subject="For\r\nBcc: all@example.org\x0b\x85 x", body="One\r\ntwo\rthree\0")
    assert message is not None
    assert message.subject == "For Bcc: all@example.org x"
    assert message.body == "One\ntwo\nthree"


@pytest.mark.parametrize("path", ["//example.org", "https://example.org", "javascript:alert(1)"])
def test_a_message_never_leads_elsewhere(session: Session, cast: Cast, path: str) -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        queue(session, cast.head, path=path)


def test_everyone_reads_the_own_mail_and_the_administrator_all(session: Session, cast: Cast) -> None:
    queue(session, cast.head, subject="To Amara")
    queue(session, cast.rep, subject="To Ines")
    assert subjects(session, cast.head) == ["To Amara"]
    assert subjects(session, cast.cio) == []
    assert subjects(session, cast.administrator) == ["To Ines", "To Amara"]
    assert subjects(session, cast.cio, everything=True) == ["To Ines", "To Amara"]


def test_somebody_elses_message_is_not_there(session: Session, cast: Cast) -> None:
    message = queue(session, cast.head)
    assert message is not None
    with pytest.raises(NotFound):
        outbox.find(session, by=policy.actor_for(session, cast.rep, NOW.date()), message_id=message.id)
    for reader, everything in ((cast.head, False), (cast.administrator, False), (cast.rep, True)):
        found = outbox.find(
            session, by=policy.actor_for(session, reader, NOW.date()), message_id=message.id, everything=everything
        )
        assert found.to_name == "Amara Diallo"


def test_mail_is_found_by_name_address_and_subject(session: Session, cast: Cast) -> None:
    queue(session, cast.head, subject="How is IT doing for Finance?")
    queue(session, cast.rep, subject="100 % done")
    everyone = cast.administrator
    assert subjects(session, everyone, text="diallo") == ["How is IT doing for Finance?"]
    assert subjects(session, everyone, text="ines.c") == ["100 % done"]
    assert subjects(session, everyone, text="FINANCE") == ["How is IT doing for Finance?"]
    assert subjects(session, everyone, text="%") == ["100 % done"]


def test_the_newest_mail_comes_first_a_page_at_a_time(session: Session, cast: Cast) -> None:
    for number in range(27):
        outbox.queue(
            session,
            key=f"n{number}",
            to=cast.head,
            subject=f"No. {number}",
            body="",
            path="",
            now=NOW + timedelta(minutes=number),
        )
    assert subjects(session, cast.head)[:2] == ["No. 26", "No. 25"]
    assert subjects(session, cast.head, page=2) == ["No. 1", "No. 0"]


def test_the_administrator_sends_what_failed_again_and_keeps_what_waits(session: Session, cast: Cast) -> None:
    message = queue(session, cast.head)
    assert message is not None
    administrator = policy.actor_for(session, cast.administrator, NOW.date())
    outbox.cancel(session, by=administrator, message=message)
    assert message.state is OutboxState.CANCELLED
    outbox.send_again(session, by=administrator, message=message, now=NOW + timedelta(hours=1))
    assert (message.state, message.due_at, message.tries) == (OutboxState.QUEUED, NOW + timedelta(hours=1), 0)


def test_what_has_left_is_neither_sent_again_nor_kept(session: Session, cast: Cast) -> None:
    message = queue(session, cast.head)
    assert message is not None
    message.state = OutboxState.SENT
    session.flush()
    administrator = policy.actor_for(session, cast.administrator, NOW.date())
    with pytest.raises(Conflict):
        outbox.send_again(session, by=administrator, message=message, now=NOW)
    with pytest.raises(Conflict):
        outbox.cancel(session, by=administrator, message=message)


def test_the_outbox_is_narrowed_to_what_is_in_trouble(session: Session, cast: Cast) -> None:
    failed, sent = queue(session, cast.head), queue(session, cast.key_user, subject="Other")
    assert failed is not None
    assert sent is not None
    failed.state, sent.state = OutboxState.FAILED, OutboxState.SENT
    session.flush()
    assert subjects(session, cast.administrator, shown=outbox.Shown.TROUBLED) == ["Hello"]
    assert outbox.troubled(session) == 1
