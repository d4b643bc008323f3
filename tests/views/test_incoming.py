"""Mail that came in, as the administrator sorts it and the rep finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.cli import group
from crm.config import MailboxServer, MailServer
from crm.maker import Maker
from crm.services import drafts
from crm.services.incoming import sorting
from models import BusinessUnit
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.draft import Draft
from models.mail import IncomingMail, IncomingState
from tests.cast import Cast
from tests.client import Client
from tests.factories.meeting_forms import is_ticked, log_path, today
from tests.november import review_of_this_month

NOW = datetime.now(UTC)


def came(session: Session, subject: str, state: IncomingState = IncomingState.ASIDE, **facts: object) -> IncomingMail:
    told = {"from_address": "nobody@elsewhere.example", "body": f"Words of {subject}.", "received_at": NOW} | facts
    mail = IncomingMail(key=subject, subject=subject, state=state, outcome=f"What came of {subject}.", **told)
    session.add(mail)
    session.commit()
    return mail


def test_the_list_says_what_waits_and_why_and_can_be_narrowed(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    empty = client.get("/incoming").text
    assert "No mailbox is connected" in empty
    assert "CRM_MAILBOX_URL" in empty
    for subject, state in (("Lost", IncomingState.ASIDE), ("Found", IncomingState.TAKEN)):
        came(session, subject, state)
    page = client.get("/incoming").text
    assert "One mail waits to be sorted." in page
    assert page.index("What came of Found.") < page.index("What came of Lost.")
    assert "Found" not in client.get("/incoming?show=aside").text
    assert "Lost" not in client.get("/incoming?text=came+of+found").text
    assert "No mail fits" in client.get("/incoming?text=nowhere").text


def test_what_was_kept_aside_becomes_a_note_of_the_unit_once(client: Client, session: Session, cast: Cast) -> None:
    mail = came(session, "Month end", unit_id=cast.finance.id)
    client.sign_in(cast.administrator)
    assert "Words of Month end." in client.get(f"/incoming/{mail.id}").text
    assert client.submit(f"/incoming/{mail.id}/take", {"unit_id": ""}).status_code == 422
    taken = client.submit(f"/incoming/{mail.id}/take", {"unit_id": cast.finance.id}, follow_redirects=True)
    assert "A draft about Finance waits for Ines Carvalho." in taken.text
    again = client.submit(f"/incoming/{mail.id}/take", {"unit_id": cast.legal.id})
    assert "sorted already" in again.text
    assert [draft.fields["minutes"] for draft in session.scalars(select(Draft))] == [
        ["## Month end\n\nWords of Month end."]
    ]
    # Taken, its words are with whom they were for.
    assert "Words of Month end." not in client.get(f"/incoming/{mail.id}").text


def test_a_unit_without_a_lead_is_said_beside_the_unit(client: Client, session: Session, cast: Cast) -> None:
    mail = came(session, "Month end")
    client.sign_in(cast.administrator)
    refused = client.submit(f"/incoming/{mail.id}/take", {"unit_id": cast.corporate.id})
    assert refused.status_code == 422
    assert "Corporate services has no lead rep" in refused.text


def test_what_is_dismissed_waits_no_longer(client: Client, session: Session, cast: Cast) -> None:
    mail = came(session, "An offer")
    client.sign_in(cast.administrator)
    assert "is dismissed" in client.submit(f"/incoming/{mail.id}/dismiss", follow_redirects=True).text
    assert sorting.waiting(session) == 0
    assert client.submit(f"/incoming/{mail.id}/dismiss").status_code == 409


def test_the_rep_sees_from_whom_a_draft_came(client: Client, session: Session, cast: Cast) -> None:
    origin = "Amara Diallo, 24 November"
    drafts.add_mail(
        session, person=cast.rep, unit=cast.finance, text="## Month end\n\n! An extract", origin=origin, now=NOW
    )
    session.commit()
    page = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/meetings/new").text
    assert f"From a mail of {origin}." in page
    assert "## Month end" in page
    assert f"from a mail of {origin}" in client.get("/unfinished").text


def test_the_words_of_a_mail_go_after_ninety_days_and_what_came_of_it_stays(session: Session, cast: Cast) -> None:
    old = came(session, "Old", received_at=NOW - timedelta(days=91))
    came(session, "New", received_at=NOW - timedelta(days=89))
    assert sorting.forget_words(session, NOW) == 1
    session.refresh(old)
    assert (old.body, old.outcome) == ("", "What came of Old.")


@pytest.mark.parametrize("name", ["finance", "FINANCE-2"])
def test_a_unit_gets_a_name_for_its_mail_and_a_word_for_its_review(
    client: Client, session: Session, cast: Cast, name: str
) -> None:
    client.sign_in(cast.administrator)
    form = {"code": "FIN", "name": "Finance", "parent_id": "", "time_zone": "Europe/Lisbon"}
    form |= {"mail_name": name, "calls_review": "IT round table"}
    assert client.submit(f"/units/{cast.finance.id}/edit", form).status_code == 303
    unit = session.get_one(BusinessUnit, cast.finance.id, populate_existing=True)
    assert (unit.mail_name, unit.calls_review) == (name.lower(), "IT round table")
    taken = client.submit(f"/units/{cast.legal.id}/edit", form | {"code": "LEG", "name": "Legal"})
    assert taken.status_code == 422
    assert "Mail to that name goes to Finance." in taken.text
    for wrong in ("a b", "-a", "a@b", "ä", "a" * 41):
        assert client.submit(f"/units/{cast.finance.id}/edit", form | {"mail_name": wrong}).status_code == 422
    client.submit(f"/units/{cast.finance.id}/edit", form | {"mail_name": ""})
    assert session.get_one(BusinessUnit, cast.finance.id, populate_existing=True).mail_name is None


def test_what_calendars_answered_stands_in_the_form_of_the_meeting(
    client: Client, session: Session, cast: Cast
) -> None:
    review = review_of_this_month(session, cast.finance, today())
    session.add(
        ReviewInvitation(
            review_id=review.id,
            unit_id=cast.finance.id,
            uid="u",
            organiser_id=cast.rep.id,
            fingerprint="",
            sent_at=NOW,
        )
    )
    session.flush()
    answers = ((cast.head, CalendarAnswer.DECLINED), (cast.key_user, CalendarAnswer.ACCEPTED))
    for person, answer in answers:
        session.add(
            ReviewInvitee(review_id=review.id, person_id=person.id, answer=answer, answered_at=NOW, answered_sequence=0)
        )
    session.commit()
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    there = [is_ticked(page, "attendees", person.id) for person in (cast.head, cast.key_user, cast.rep)]
    excused = [is_ticked(page, "excused", person.id) for person in (cast.head, cast.key_user, cast.rep)]
    assert (there, excused) == ([False, True, True], [True, False, False])


def test_the_unit_says_where_mail_to_it_arrives(
    client: Client, session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.finance.mail_name = "finance"
    session.commit()
    path = f"/units/{cast.finance.id}"
    client.sign_in(cast.head)
    assert "+finance@" not in client.get(path).text
    connected = replace(
        app.extensions["settings"],
        mail_server=MailServer("mail.example", 25, "plain", "", "", "IT <rapport@fernhill.example>"),
        mailbox=MailboxServer("mail.example", 993, "tls", "it", "word"),
    )
    monkeypatch.setitem(app.extensions, "settings", connected)
    assert "rapport+finance@fernhill.example" in client.get(path).text


def test_the_administrator_is_told_at_home_what_waits(client: Client, session: Session, cast: Cast) -> None:
    assert "mail to units" in client.sign_in(cast.administrator).get("/").text
    came(session, "Lost")
    assert "mail waits to be sorted" in client.get("/").text


def test_the_command_reads_mail_now_or_says_what_is_missing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch() -> Result:
        return CliRunner().invoke(group, ["mail", "fetch"], obj=Maker(lambda _: app))

    for name in ("CRM_MAILBOX_URL", "CRM_DEMONSTRATION"):
        monkeypatch.delenv(name, raising=False)
    assert "Set CRM_MAILBOX_URL" in fetch().output
