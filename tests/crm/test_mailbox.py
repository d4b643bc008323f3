"""The mailbox over IMAP: a real server, with and without TLS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.jobs import read_mail
from crm.jobs.work import Work
from crm.mailbox import ImapMailbox
from crm.services.incoming.parcels import Unreachable
from models import Draft, IncomingMail
from tests import dovecot
from tests.cast import Cast
from tests.crm.services.incoming import mails
from tests.dovecot import PASSWORD, PROGRAM, Dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    if not os.path.exists(PROGRAM) and not os.environ.get("CI"):
        pytest.skip(f"no IMAP server here: {dovecot.HOW_TO_INSTALL}")
    with dovecot.running() as found:
        yield found


def mail(number: int, size: int = 0) -> bytes:
    return f"From: Amara <amara@fernhill.example>\r\nSubject: {number}\r\n\r\n{'x' * size}\r\n".encode()


@pytest.mark.parametrize("security", ["plain", "starttls", "tls"])
def test_mail_is_read_once_oldest_first_and_stays_where_it_is(
    server: Dovecot, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    account = server.account(security)
    server.deliver(account, mail(1), mail(2), mail(3))
    with ImapMailbox(account) as mailbox:
        uids = mailbox.waiting(2)
        assert len(uids) == 2
        parcels = [parcel for uid in uids if (parcel := mailbox.open(uid, 1000))]
        assert [parcel.content for parcel in parcels] == [mail(1), mail(2)]
        assert all(parcel.is_whole and parcel.received_at.tzinfo for parcel in parcels)
        assert mailbox.waiting(10)[:2] == uids  # looking takes nothing
        mailbox.taken(uids[0])
    with ImapMailbox(account) as mailbox:
        assert mailbox.waiting(10) == [uids[1], uids[1] + 1]
    with server.looking_into(account) as person:
        assert len(person.search("ALL")) == 3
        assert person.search("SEEN") == [uids[0]]


def test_a_mail_that_a_person_looked_at_is_read_all_the_same(server: Dovecot) -> None:
    account = server.account()
    server.deliver(account, mail(1))
    with server.looking_into(account) as person:
        person.add_flags(person.search("ALL"), [rb"\Seen"])
    with ImapMailbox(account) as mailbox:
        assert len(mailbox.waiting(10)) == 1


def test_of_a_large_mail_only_the_head_travels(server: Dovecot) -> None:
    account = server.account()
    server.deliver(account, mail(1, size=20_000))
    with ImapMailbox(account) as mailbox:
        (uid,) = mailbox.waiting(10)
        parcel = mailbox.open(uid, 10_000)
        assert parcel is not None
        assert not parcel.is_whole
        assert parcel.size > 20_000
        assert parcel.content.rstrip().endswith(b"Subject: 1")


def test_what_somebody_removed_meanwhile_is_not_there(server: Dovecot) -> None:
    account = server.account()
    with ImapMailbox(account) as mailbox:
        assert mailbox.waiting(10) == []
        assert mailbox.open(7, 1000) is None


def test_a_stranger_to_the_certificate_a_wrong_password_and_no_server_are_told_without_the_password(
    server: Dovecot,
) -> None:
    right = server.account("tls")
    wrong = (
        (right, "CERTIFICATE_VERIFY_FAILED"),
        (server.account("starttls"), "CERTIFICATE_VERIFY_FAILED"),
        (replace(server.account(), password=PASSWORD + "?"), "AUTHENTICATIONFAILED"),
        (server.account(folder="Nowhere"), "Nowhere"),
        (replace(right, port=1), "refused"),
    )
    for account, why in wrong:
        with ImapMailbox(account) as mailbox, pytest.raises(Unreachable, match=why) as told:
            mailbox.waiting(1)
        assert PASSWORD not in str(told.value)


class Dying(ImapMailbox):
    """Its process is killed after the second mail was taken, and before it was marked."""

    marks = 1

    def taken(self, uid: int) -> None:
        if not self.marks:
            raise KeyboardInterrupt
        self.marks -= 1
        super().taken(uid)


def test_a_job_that_is_killed_before_it_marks_a_mail_reads_it_once(
    server: Dovecot, session: Session, cast: Cast
) -> None:
    @contextmanager
    def begin() -> Iterator[Session]:
        yield session
        session.commit()

    cast.finance.mail_name = "finance"
    account = server.account()
    sent = (mails.mail(text, to="rapport+finance@fernhill.example") for text in ("One", "Two", "Three"))
    server.deliver(account, *(mail.as_bytes() for mail in sent))
    with Dying(account) as dying, pytest.raises(KeyboardInterrupt):
        read_mail.run(Work(begin, mails.NOW, mailbox=dying))
    with ImapMailbox(account) as mailbox:
        assert len(mailbox.waiting(10)) == 2
        assert read_mail.run(Work(begin, mails.NOW, mailbox=mailbox)) == 1
        assert mailbox.waiting(10) == []
        assert read_mail.run(Work(begin, mails.NOW, mailbox=mailbox)) == 0
    assert session.scalar(select(func.count(IncomingMail.id))) == 3
    (draft,) = session.scalars(select(Draft))
    assert [draft.fields["minutes"][0].count(text) for text in ("One", "Two", "Three")] == [1, 1, 1]


def test_without_a_mailbox_nothing_is_read() -> None:
    assert read_mail.run(Work(nullcontext, mails.NOW)) == 0  # type: ignore[arg-type]
