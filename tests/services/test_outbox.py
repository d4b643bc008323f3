from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import NotFound
from crm.services import outbox
from models.outbox import OutboxMessage
from models.person import Person
from tests.factories.ratings import NOW, Cast, actor, cast


@pytest.fixture
def people(session: Session) -> Cast:
    return cast(session)


def queue(session: Session, to: Person, **given: str) -> OutboxMessage | None:
    told = {"key": f"test:{to.id}", "subject": "Hello", "body": "A line.", "path": "/me"} | given
    return outbox.queue(session, to=to, now=NOW, **told)


def subjects(session: Session, by: Person, **given: object) -> list[str]:
    return [row.subject for row in outbox.visible(session, by=actor(session, by), **given).rows]  # type: ignore[arg-type]


def test_a_message_keeps_the_address_as_it_is_written(session: Session, people: Cast) -> None:
    people.head.email = "Amara.Diallo@Example.org"
    message = queue(session, people.head)
    assert message is not None
    assert (message.to_address, message.path) == ("Amara.Diallo@Example.org", "/me")


def test_nobody_is_written_to_without_an_address(session: Session, people: Cast) -> None:
    assert queue(session, people.without_address) is None
    people.head.email = "amara@example.org\r\nBcc: everyone@example.org"
    assert queue(session, people.head) is None


def test_the_same_key_twice_is_one_message(session: Session, people: Cast) -> None:
    first = queue(session, people.head)
    again = queue(session, people.head, subject="Hello again")
    assert first is again
    assert session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_a_line_end_in_a_subject_begins_no_header(session: Session, people: Cast) -> None:
    message = queue(session, people.head, subject="For\r\nBcc: all@example.org\x0b\x85 x", body="One\r\ntwo\rthree\0")
    assert message is not None
    assert message.subject == "For Bcc: all@example.org x"
    assert message.body == "One\ntwo\nthree"


@pytest.mark.parametrize("path", ["//example.org", "https://example.org", "javascript:alert(1)"])
def test_a_message_never_leads_elsewhere(session: Session, people: Cast, path: str) -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        queue(session, people.head, path=path)


def test_everyone_reads_the_own_mail_and_the_administrator_all(session: Session, people: Cast) -> None:
    queue(session, people.head, subject="To Amara")
    queue(session, people.rep, subject="To Ines")
    assert subjects(session, people.head) == ["To Amara"]
    assert subjects(session, people.cio) == []
    assert subjects(session, people.administrator) == ["To Ines", "To Amara"]
    assert subjects(session, people.cio, everything=True) == ["To Ines", "To Amara"]


def test_somebody_elses_message_is_not_there(session: Session, people: Cast) -> None:
    message = queue(session, people.head)
    assert message is not None
    with pytest.raises(NotFound):
        outbox.find(session, by=actor(session, people.rep), message_id=message.id)
    for reader, everything in ((people.head, False), (people.administrator, False), (people.rep, True)):
        found = outbox.find(session, by=actor(session, reader), message_id=message.id, everything=everything)
        assert found.to_person.name == "Amara Diallo"


def test_mail_is_found_by_name_address_and_subject(session: Session, people: Cast) -> None:
    queue(session, people.head, subject="How is IT doing for Finance?")
    queue(session, people.rep, subject="100 % done")
    everyone = people.administrator
    assert subjects(session, everyone, text="diallo") == ["How is IT doing for Finance?"]
    assert subjects(session, everyone, text="ines@") == ["100 % done"]
    assert subjects(session, everyone, text="FINANCE") == ["How is IT doing for Finance?"]
    assert subjects(session, everyone, text="%") == ["100 % done"]


def test_the_newest_mail_comes_first_a_page_at_a_time(session: Session, people: Cast) -> None:
    for number in range(27):
        outbox.queue(
            session,
            key=f"n{number}",
            to=people.head,
            subject=f"No. {number}",
            body="",
            path="",
            now=NOW + timedelta(minutes=number),
        )
    assert subjects(session, people.head)[:2] == ["No. 26", "No. 25"]
    assert subjects(session, people.head, page=2) == ["No. 1", "No. 0"]
