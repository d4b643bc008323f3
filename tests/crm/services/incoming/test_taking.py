"""What comes of a mail: an answer, a bounce, a note; or it is kept aside, and says why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict
from crm.services import drafts, outbox
from crm.services.incoming import taking
from crm.services.incoming.parcels import Parcel
from models import BusinessUnit, Person
from models.absence import Absence
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.draft import Draft
from models.mail import IncomingMail, IncomingState
from models.outbox import OutboxMessage, OutboxState
from tests.cast import Cast
from tests.crm.services.incoming.mails import INES, NOW, bounce, mail, parcel, reply, with_calendar
from tests.november import november_review

UID = "review-of-november@rapport"
#: The shared data lie beside the project.
BESIDE = (Path(__file__).parents[5] / "shared", Path("/work/shared"))
CALENDARS = sorted(file for place in BESIDE for file in (place / "data" / "calendars").rglob("*.ics"))


def keep(session: Session, message: EmailMessage | bytes, **facts: int) -> IncomingMail:
    assert taking.keep(session, parcel(message, **facts), now=NOW)
    return session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1)).one()


def aside(session: Session, message: EmailMessage | bytes, **facts: int) -> str:
    kept = keep(session, message, **facts)
    assert kept.state is IncomingState.ASIDE
    return kept.outcome


# ---- Answers


@pytest.fixture
def invited(session: Session, cast: Cast) -> ReviewInvitee:
    """Amara is invited to the review of Finance, and Jo."""
    review = november_review(session, cast.finance)
    session.add(
        ReviewInvitation(
            review_id=review.id,
            unit_id=cast.finance.id,
            uid=UID,
            sequence=1,
            told_sequence=1,
            organiser_id=cast.rep.id,
            fingerprint="",
            sent_at=NOW,
        )
    )
    session.flush()
    invitee = ReviewInvitee(review_id=review.id, person_id=cast.head.id)
    session.add_all([invitee, ReviewInvitee(review_id=review.id, person_id=cast.key_user.id)])
    session.flush()
    return invitee


def test_answers_update_who_comes_and_the_newest_holds(session: Session, cast: Cast, invited: ReviewInvitee) -> None:
    for minute, partstat, words in (
        (1, "ACCEPTED", "comes to"),
        (3, "TENTATIVE", "may come to"),
        (5, "DECLINED", "does not come to"),
    ):
        stamp = f"20261124T08{minute:02}00Z"
        kept = keep(session, with_calendar(reply(uid=UID, partstat=partstat, sequence=1, stamp=stamp)))
        assert kept.outcome == f"Amara Diallo {words} the review with Finance on 12 November."
        assert (kept.state, kept.person_id, kept.unit_id) == (IncomingState.TAKEN, cast.head.id, cast.finance.id)
    late = reply(uid=UID, partstat="ACCEPTED", sequence=1, stamp="20261124T080200Z")
    assert "does not come" in keep(session, with_calendar(late)).outcome
    earlier = keep(session, with_calendar(reply(uid=UID, sequence=0, address="jo.lindt@fernhill.example")))
    assert earlier.outcome == "Jo Lindt answered for an earlier time of the review with Finance on 12 November."
    session.refresh(invited)
    assert (invited.answer, invited.said) == (CalendarAnswer.DECLINED, "Five minutes late, sorry")


def test_an_answer_is_taken_only_for_somebody_invited(session: Session, invited: ReviewInvitee) -> None:
    stranger = reply(uid=UID, address="tom.okafor@fernhill.example", sequence=1)
    assert "Nobody with that address is invited" in aside(session, with_calendar(stranger))
    assert "to such a review" in aside(session, with_calendar(reply(uid="another", sequence=1)))
    assert "never sent" in aside(session, with_calendar(reply(uid=UID, sequence=7)))
    session.refresh(invited)
    assert invited.answer is CalendarAnswer.NONE


def test_a_clock_that_is_ahead_keeps_no_later_answer_out(session: Session, invited: ReviewInvitee) -> None:
    keep(session, with_calendar(reply(uid=UID, sequence=1, stamp="20991231T000000Z")))
    keep(session, with_calendar(reply(uid=UID, partstat="DECLINED", sequence=1, stamp="20991230T000000Z")))
    session.refresh(invited)
    assert invited.answer is CalendarAnswer.DECLINED


# ---- Mail of ours that came back


def test_a_mail_that_came_back_failed_and_says_why(session: Session, cast: Cast) -> None:
    message = outbox.queue(session, key="a", to=cast.key_user, subject="How?", body="x", path="", now=NOW)
    assert message is not None
    message.state = OutboxState.SENT
    session.flush()
    assert "not leave from here" in aside(session, bounce("<guessed@rapport>"))
    late = keep(session, bounce(message.message_id, action="delayed"))
    assert (late.state, message.state) == (IncomingState.DISMISSED, OutboxState.SENT)
    kept = keep(session, bounce(message.message_id))
    assert kept.outcome == "The mail “How?” to jo.lindt@fernhill.example did not arrive."
    found = session.get_one(OutboxMessage, message.id, populate_existing=True)
    assert (found.state, found.error) == (OutboxState.FAILED, "It came back: 550 5.1.1 No such person here")


def test_what_waits_to_be_sent_again_is_not_failed_by_an_old_bounce(session: Session, cast: Cast) -> None:
    message = outbox.queue(session, key="a", to=cast.key_user, subject="How?", body="x", path="", now=NOW)
    assert message is not None
    session.flush()
    assert keep(session, bounce(message.message_id)).state is IncomingState.DISMISSED
    assert message.state is OutboxState.QUEUED


# ---- Notes


@pytest.fixture
def finance(session: Session, cast: Cast) -> BusinessUnit:
    """It has an address: finance@, or rapport+finance@."""
    cast.finance.mail_name = "finance"
    session.flush()
    return cast.finance


def drafted(session: Session, person: Person, unit: BusinessUnit) -> Draft | None:
    mine = (Draft.person_id == person.id, Draft.key == drafts.log_key(unit.id))
    return session.scalar(select(Draft).where(*mine).execution_options(populate_existing=True))


@pytest.mark.parametrize("to", ["Finance@fernhill.example", "x@y.example, rapport+finance@fernhill.example"])
def test_a_mail_to_the_unit_becomes_a_draft_of_its_lead(
    session: Session, cast: Cast, finance: BusinessUnit, to: str
) -> None:
    kept = keep(session, mail("Two extracts were late.\n- [ ] @ines look why", to=to, subject="Month end"))
    assert kept.outcome == "A draft about Finance waits for Ines Carvalho."
    draft = drafted(session, cast.rep, finance)
    assert draft is not None
    assert draft.fields["minutes"] == ["## Month end\n\nTwo extracts were late.\n- [ ] @ines look why"]
    assert drafts.mails_in(draft) == ["Amara Diallo, 24 November"]


def test_who_looks_after_the_unit_gets_the_own_mail(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    cast.legal.mail_name = "legal"
    away = Absence(person_id=cast.rep.id, since=date(2026, 11, 1), until=None, covered_by_id=cast.colleague.id)
    session.add(away)
    session.flush()
    keep(session, mail(sender="TOM.okafor@fernhill.example", to="finance@x.example"))
    keep(session, mail(to="finance@x.example", Delivered_To="rapport@fernhill.example"))
    draft = drafted(session, cast.colleague, finance)  # covers for Ines
    assert draft is not None
    assert len(drafts.mails_in(draft)) == 2
    keep(session, mail(sender=INES, to="legal@x.example"))  # from IT, and not of Legal
    assert drafted(session, cast.colleague, cast.legal) is not None
    assert drafted(session, cast.rep, cast.legal) is None


def test_a_mail_never_replaces_what_somebody_is_typing(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    typed = {"minutes": ["Mine"], "page_key": ["tab"], "held_on": ["2026-11-20"], "form_key": ["f"]}
    known = drafts.Known("tab")
    by = cast.actor(session, cast.rep, NOW.date())
    facts = {"by": by, "unit": finance, "key": drafts.log_key(finance.id), "known": known}
    drafts.keep(session, fields=typed, now=NOW - timedelta(hours=1), **facts)  # type: ignore[arg-type]
    keep(session, mail("Theirs", to="finance@x.example"))
    draft = drafted(session, cast.rep, finance)
    assert draft is not None
    assert draft.fields["minutes"] == ["Mine\n\n--- mail of Amara Diallo, 24 November\n\n## A word\n\nTheirs"]
    assert draft.fields["held_on"] == ["2026-11-20"]
    with pytest.raises(Conflict, match="newer notes"):  # the page that is open is told first
        drafts.keep(session, fields=typed, now=NOW + timedelta(hours=1), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (mail(sender="nobody@elsewhere.example", to="finance@x.example"), "Nobody here has the address nobody@"),
        (mail(sender="", to="finance@x.example"), "does not say who sent it"),
        (mail(to="rapport@fernhill.example"), "not to the address of a unit"),
        (mail(sender="helena.brandt@fernhill.example", to="finance@x.example"), "Helena Brandt is not of Finance"),
        (mail(" \n", to="finance@x.example"), "no words"),
        (with_calendar(reply(uid=UID, method="COUNTER")), "another time"),
    ],
)
def test_what_cannot_be_taken_waits_aside_with_its_reason(
    session: Session, cast: Cast, finance: BusinessUnit, message: EmailMessage, why: str
) -> None:
    assert why in aside(session, message)
    assert session.scalars(select(Draft)).all() == []


def test_without_a_lead_or_without_room_a_mail_waits_aside(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    cast.corporate.mail_name = "corporate"
    session.flush()
    both = mail(sender=INES, to="finance@x.example, corporate@x.example")
    assert "Corporate services has no lead rep" in aside(session, both)
    assert drafted(session, cast.rep, finance) is None  # about both, or about none
    for number in range(2):
        keep(session, mail(f"{number} " + "long " * 5000, to="finance@x.example"))
    draft = drafted(session, cast.rep, finance)
    assert draft is not None
    assert draft.fields["minutes"][0].endswith("(The rest of the mail was left out.)")
    assert "leave no room" in aside(session, mail("long " * 4000, to="finance@x.example"))


def test_no_loops_automatic_mail_and_our_own_are_dismissed(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    holiday = mail(to="finance@x.example", Auto_Submitted="auto-replied")
    assert keep(session, holiday).state is IncomingState.DISMISSED
    ours = outbox.queue(session, key="a", to=cast.head, subject="How?", body="x", path="", now=NOW)
    assert ours is not None
    kept = keep(session, mail(to="finance@x.example", message_id=ours.message_id))
    assert (kept.state, kept.outcome) == (IncomingState.DISMISSED, "It is a mail of ours that came back.")
    assert session.scalars(select(OutboxMessage)).all() == [ours]  # nothing is ever answered
    assert drafted(session, cast.rep, finance) is None


def test_too_large_and_unreadable_mail_waits_aside(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    head = mail(to="finance@x.example").as_bytes().partition(b"\n\n")[0]
    assert "larger than 5 MB" in aside(session, head, size=9_000_000)
    assert "cannot be read" in aside(session, b"X: y\r\n" * 100_000)
    kept = keep(session, b"\0\xff\xfe")
    assert (kept.state, kept.from_address) == (IncomingState.ASIDE, "")


# ---- Each once


class Box:
    """A mailbox whose reader may die before it marks what it took."""

    def __init__(self, *parcels: Parcel) -> None:
        self.parcels = {one.uid: one for one in parcels}
        self.dies = False

    def waiting(self, most: int) -> Sequence[int]:
        return list(self.parcels)[:most]

    def open(self, uid: int, most_bytes: int) -> Parcel | None:
        return self.parcels[uid]

    def taken(self, uid: int) -> None:
        if self.dies:
            raise KeyboardInterrupt
        del self.parcels[uid]


def test_who_dies_before_marking_takes_no_mail_twice(session: Session, cast: Cast, finance: BusinessUnit) -> None:
    @contextmanager
    def begin() -> Iterator[Session]:
        yield session
        session.flush()

    def clock() -> datetime:
        return NOW

    box = Box(parcel(mail("One", to="finance@x.example")), parcel(mail("Two", to="finance@x.example")))
    box.dies = True
    with pytest.raises(KeyboardInterrupt):
        taking.read_new(begin, mailbox=box, clock=clock)
    box.dies = False
    assert taking.read_new(begin, mailbox=box, clock=clock) == 1
    assert box.parcels == {}
    draft = drafted(session, cast.rep, finance)
    assert draft is not None
    assert draft.fields["minutes"][0].count("One") == 1
    assert len(session.scalars(select(IncomingMail)).all()) == 2


# ---- The calendars of the world


def test_no_calendar_of_the_world_is_more_than_kept_aside(session: Session, cast: Cast) -> None:
    if not CALENDARS and not os.environ.get("CI"):
        pytest.skip("the shared data are not here")
    assert len(CALENDARS) >= 150
    for file in CALENDARS:
        text = file.read_bytes()
        as_calendar = b"Subject: x\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n" + text
        for content in (as_calendar, text):
            if taking.keep(session, parcel(content), now=NOW):
                session.expunge_all()
    for kept in session.scalars(select(IncomingMail)):
        assert kept.state in (IncomingState.ASIDE, IncomingState.DISMISSED), kept.outcome
        assert kept.outcome.endswith(".")
        assert "could not be sorted" not in kept.outcome
