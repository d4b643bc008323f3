"""Mail leaves once: a real SMTP server that takes, refuses, puts off, dawdles and vanishes; a sender that is killed."""

from __future__ import annotations

import random
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Caller
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import mail
from crm.db import Database
from crm.mail import SmtpPost
from crm.services import calendar_objects, outbox, sending
from crm.services.calendar_objects import Entry, Guest, Method, Part
from crm.services.sending import Letter
from models import OutboxMessage, OutboxState, Person
from tests import processes
from tests.processes import BASE_URL, SECRET_KEY, server_at, transaction

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass
class Mailbox:
    """A mail server. ``answers`` says, by recipient, what it answers to the next tries; then it takes what comes."""

    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _caller: Caller, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answers = self.answers.get(address, [])
        if answers and answers[0].startswith("5"):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _caller: Caller, envelope: Envelope) -> str:  # noqa: N802
        answer = next((self.answers[to].pop(0) for to in envelope.rcpt_tos if self.answers.get(to)), "250 OK")
        if answer.startswith("4"):
            return answer
        content = cast(bytes, envelope.content)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        if answer == "vanish":
            cast(Any, server.transport).abort()  # taken, and gone before it said so
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.taken]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Office:
    """The outbox of a database, the post, and a clock that tests turn."""

    database: Database
    mailbox: Mailbox
    now: datetime = NOW

    def begin(self) -> AbstractContextManager[Session]:
        return transaction(self.database)

    def write(self, *names: str) -> None:
        with self.begin() as session:
            for name in names:
                person = Person(name=name, email=f"{name}@fernhill.example")
                session.add(person)
                session.flush()
                outbox.queue(session, key=name, to=person, subject=name, body="A line.", path="/me", now=self.now)

    def send(self, port: int = 0) -> int:
        with SmtpPost(server_at(port or self.mailbox.port), base_url=BASE_URL, secret_key=SECRET_KEY) as post:
            return sending.send_due(self.begin, post=post, clock=lambda: self.now)

    def states(self) -> dict[str, OutboxState]:
        with self.begin() as session:
            return {row.subject: row.state for row in session.scalars(select(OutboxMessage))}

    def message(self, subject: str) -> OutboxMessage:
        with self.begin() as session:
            return session.scalars(select(OutboxMessage).where(OutboxMessage.subject == subject)).one()


@pytest.fixture
def office(own_database: Database, mailbox: Mailbox) -> Office:
    return Office(own_database, mailbox)


def test_what_is_due_leaves_once_in_text_and_html_with_one_thing_to_do(office: Office) -> None:
    office.write("amara")
    assert [office.send(), office.send()] == [1, 0]
    (message,) = office.mailbox.taken
    assert (message["To"], message["From"]) == (
        "amara <amara@fernhill.example>",
        "Fernhill IT <rapport@fernhill.example>",
    )
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().split() == ["A", "line.", "Open", "it:", f"{BASE_URL}/me"]
    assert html.get_content().count(f'href="{BASE_URL}/me"') == 1
    assert office.states() == {"amara": OutboxState.SENT}
    assert office.message("amara").sent_at == NOW


def test_the_refusal_of_one_address_holds_up_no_other(office: Office) -> None:
    office.write("amara", "gone", "jo")
    office.mailbox.answers["gone@fernhill.example"] = ["550 no such person"]
    assert office.send() == 2
    assert office.mailbox.subjects == ["amara", "jo"]
    assert office.states()["gone"] == OutboxState.FAILED
    assert "550 no such person" in office.message("gone").error


def test_what_is_put_off_goes_out_after_a_pause_under_the_same_message_id(office: Office) -> None:
    office.write("amara")
    office.mailbox.answers["amara@fernhill.example"] = ["451 greylisted", "451 greylisted"]
    first = office.message("amara").message_id
    assert [office.send(), office.send()] == [0, 0]
    office.now += timedelta(minutes=1)
    assert office.send() == 0
    office.now += timedelta(minutes=5)
    assert office.send() == 1
    assert [message["Message-ID"] for message in office.mailbox.taken] == [first]
    assert office.message("amara").tries == 3


def test_in_the_end_it_has_failed_and_says_why(office: Office) -> None:
    office.write("amara")
    office.mailbox.answers["amara@fernhill.example"] = ["452 full"] * 20
    for pause in (timedelta(0), *sending.PAUSES):
        office.now += pause
        office.send()
    assert office.message("amara").tries == len(sending.PAUSES) + 1
    assert (office.states()["amara"], office.message("amara").error) == (
        OutboxState.FAILED,
        "The mail server said: 452 full",
    )


def test_a_server_that_vanishes_after_taking_it_may_get_it_again_but_never_under_another_id(office: Office) -> None:
    office.write("amara", "jo")
    office.mailbox.answers["amara@fernhill.example"] = ["vanish"]
    assert office.send() == 1
    assert office.states() == {"amara": OutboxState.QUEUED, "jo": OutboxState.SENT}
    office.now += timedelta(minutes=1)
    assert office.send() == 1
    ids = [message["Message-ID"] for message in office.mailbox.taken if message["Subject"] == "amara"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_server_that_always_vanishes_leaves_it_uncertain(office: Office) -> None:
    office.write("amara")
    office.mailbox.answers["amara@fernhill.example"] = ["vanish"] * 20
    for pause in (timedelta(0), *sending.PAUSES):
        office.now += pause
        office.send()
    assert office.states()["amara"] == OutboxState.UNCERTAIN


def test_a_server_that_cannot_be_reached_is_tried_once_a_run_and_loses_nothing(office: Office) -> None:
    office.write("amara", "jo")
    assert office.send(port=1) == 0
    assert [office.message(name).tries for name in ("amara", "jo")] == [1, 0]
    office.now += timedelta(minutes=2)
    assert office.send() == 2


def test_a_lease_that_ran_out_is_sent_again_under_the_same_id(office: Office) -> None:
    office.write("amara")
    with office.begin() as session:
        letter = sending._claim_next(session, NOW)
    assert letter is not None
    assert office.send() == 0
    office.now += sending.LEASE + timedelta(seconds=1)
    assert office.send() == 1
    assert office.mailbox.taken[0]["Message-ID"] == letter.message_id


def test_what_waited_more_than_a_week_for_a_mail_server_is_not_sent(office: Office) -> None:
    office.write("amara")
    office.now += timedelta(days=8)
    assert office.send() == 0
    assert office.states()["amara"] == OutboxState.CANCELLED


def test_an_address_that_breaks_a_header_is_refused_and_not_sent() -> None:
    letter = Letter(1, "<1@rapport>", "Eve", "eve@example.org\r\nBcc: all@example.org", "Hi", "A line.", "", "")
    with pytest.raises(sending.Refused, match="not an address"):
        SmtpPost(server_at(1), base_url=BASE_URL, secret_key=SECRET_KEY).send(letter)


def test_with_a_mailbox_the_answers_to_an_invitation_go_there(mailbox: Mailbox) -> None:
    ines = Guest("Ines Carvalho", "ines@fernhill.example", Part.CHAIR)
    entry = Entry("u", NOW, NOW + timedelta(hours=1), "Review", "", NOW, organiser=ines)
    calendar = calendar_objects.invitation(entry, Method.REQUEST)
    letter = Letter(1, "<1@rapport>", "Amara", "amara@fernhill.example", "Review", "A line.", "", "")
    letter = replace(letter, calendar=calendar, calendar_method="REQUEST")
    for takes_answers, organiser in ((True, "rapport"), (False, "ines")):
        server = replace(server_at(mailbox.port), takes_answers=takes_answers)
        with SmtpPost(server, base_url=BASE_URL, secret_key=SECRET_KEY) as post:
            post.send(letter)
        (sent,) = (part for part in mailbox.taken[-1].walk() if part.get_content_type() == "text/calendar")
        assert f"ORGANIZER;CN=Ines Carvalho:mailto:{organiser}@" in sent.get_content().replace('"', "")


def test_a_name_in_any_script_and_with_signs_arrives_whole() -> None:
    for name in ("Müller, Jörg", '"Quote" <x>', "王小明", "مها"):
        letter = Letter(1, "<1@rapport>", name, "a@example.org", "Grüße & mehr", "One <b>\n\ntwo", "", "")
        made = mail.compose(letter, sender="IT <it@example.org>", base_url=BASE_URL, secret_key=SECRET_KEY)
        read = message_from_bytes(bytes(made), policy=policy.default)
        assert read["To"].addresses[0].display_name == name
        assert read["Subject"] == "Grüße & mehr"
        html = read.get_body(("html",))
        assert html is not None
        assert "One &lt;b&gt;" in html.get_content()


def test_a_sender_killed_thirty_times_loses_nothing_and_doubles_nothing_silently(
    office: Office, fresh_database_url: str
) -> None:
    office.now = datetime.now(UTC)
    names = [f"person-{number}" for number in range(300)]
    office.write(*names)
    chance = random.Random(30)
    for _ in range(30):
        process = processes.started(processes.send_for_ever, fresh_database_url, office.mailbox.port)
        time.sleep(chance.uniform(0.03, 0.15))
        process.kill()
        process.join()
    office.now += timedelta(days=1)
    office.send()
    ids = Counter(str(message["Message-ID"]) for message in office.mailbox.taken)
    arrived = {str(message["Subject"]) for message in office.mailbox.taken}
    assert arrived == set(names)
    assert set(office.states().values()) == {OutboxState.SENT}
    assert len(ids) == len(names), "one Message-ID for each message, however often it arrived"
