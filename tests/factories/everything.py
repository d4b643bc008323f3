"""One of everything for Finance and for Legal, so that every route has something to be about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.documents import content
from crm.services import totals
from crm.services.organisation_import import keeping
from crm.services.packs import keeping as keeping_packs
from crm.services.past_surveys import keeping as past_keeping
from crm.services.secrets import hashed
from crm.services.tickets import keeping as ticket_keeping
from models import (
    Absence,
    Action,
    Assignment,
    Attachment,
    BusinessUnit,
    Cadence,
    Called,
    ClosedDays,
    DangerFlag,
    DangerRule,
    DayRule,
    Decision,
    EngagementModel,
    EngagementWords,
    FeedLink,
    FollowUp,
    FollowUpCause,
    Frequency,
    Handover,
    IncomingMail,
    IncomingState,
    Invitation,
    Meeting,
    MeetingKind,
    Membership,
    Model,
    OutboxMessage,
    Pack,
    PackFile,
    PackForm,
    PackKind,
    PackState,
    Part,
    PastItem,
    Person,
    Project,
    Request,
    Response,
    Review,
    Round,
    SavedFilter,
    SeriesBreak,
    Service,
    SharedNeed,
    SignIn,
    Stage,
    Ticket,
    TicketEvent,
    TicketSource,
    Webhook,
    WebhookKind,
)
from models.request_part import RequestTheme
from tests.cast import LONG_AGO, Cast


@dataclass(frozen=True)
class Belongings:
    """Names of route arguments and the ids that stand for them."""

    of_finance: dict[str, int]
    of_legal: dict[str, int]


def furnish(session: Session, cast: Cast, *, now: datetime) -> Belongings:
    """Give both units a review, a meeting, an action, a request and a round, and the house one of each of the rest."""
    house = _of_the_house(session, cast, now)
    belongings = Belongings(
        {**house, **_of_unit(session, cast.finance, cast.head, now)},
        {**house, **_of_unit(session, cast.legal, cast.outsider, now)},
    )
    _share(session, cast, belongings, now)
    session.commit()
    return belongings


def _share(session: Session, cast: Cast, belongings: Belongings, now: datetime) -> None:
    """Both units need the same."""
    need = SharedNeed(title="One way to close the books", facilitator_id=cast.rep.id, made_at=now)
    session.add(need)
    session.flush()
    for things in (belongings.of_finance, belongings.of_legal):
        session.get_one(Request, things["request_id"]).shared_need_id = need.id
        things["need_id"] = need.id


def _of_unit(session: Session, unit: BusinessUnit, head: Person, now: datetime) -> dict[str, int]:
    today = now.date()
    cadence = Cadence(
        unit_id=unit.id, frequency=Frequency.MONTHLY, day_rule=DayRule.MONTH_DAY, at=time(10), since=LONG_AGO
    )
    meeting = Meeting(
        unit_id=unit.id, kind=MeetingKind.TOUCHPOINT, held_on=today, minutes=f"{unit.name} talks", logged_at=now
    )
    request = Request(
        unit_id=unit.id, title=f"A ledger for {unit.name}", business_need="To close on time", logged_on=today
    )
    opened = Round(unit_id=unit.id, opened_at=now, closes_at=now + timedelta(days=14), asked=1)
    session.add_all([cadence, meeting, request, opened])
    session.flush()
    review = _review(cadence, today)
    action = Action(unit_id=unit.id, meeting_id=meeting.id, text=f"Call {unit.name}", due_on=today)
    invitation = Invitation(round_id=opened.id, person_id=head.id, token_hash=hashed(f"link of {unit.name}"))
    project = Project(unit_id=unit.id, name=f"Ledger of {unit.name}", stage=Stage.UNDER_WAY, moved_on=today)
    decision = Decision(unit_id=unit.id, meeting_id=meeting.id, text="One ledger", decided_on=today)
    file = Attachment(
        request_id=request.id,
        name="ledger.pdf",
        media_type="application/pdf",
        size=9,
        key=hashed(unit.name)[:32],
        added_at=now,
    )
    session.add_all([review, action, invitation, project, decision, file])
    session.flush()
    return {
        "unit_id": unit.id,
        "review_id": review.id,
        "meeting_id": meeting.id,
        "action_id": action.id,
        "request_id": request.id,
        "round_id": opened.id,
        "invitation_id": invitation.id,
        "project_id": project.id,
        "decision_id": decision.id,
        "file_id": file.id,
        **_answered(session, unit, head, now),
        "flag_id": _engaged(session, unit, meeting, request, now),
        **_around(session, unit, now),
        "ticket_id": _ticket(session, unit, now).id,
        "pack_id": _packed(session, unit, now),
        "assignment_id": session.scalars(select(Assignment.id).where(Assignment.unit_id == unit.id)).one(),
        "membership_id": session.scalars(select(Membership.id).where(Membership.unit_id == unit.id)).first() or 0,
    }


def _packed(session: Session, unit: BusinessUnit, now: datetime) -> int:
    """A review pack that is made, as a PDF."""
    told = content.Pack(f"Review of {unit.name}", "", "", "Ready.", "", "", ())
    pack = Pack(kind=PackKind.REVIEW, unit_id=unit.id, since=LONG_AGO, until=now.date(), state=PackState.DONE)
    pack.started_at = pack.made_at = now
    pack.title, pack.content = told.title, keeping_packs.to_json(told)
    session.add(pack)
    session.flush()
    session.add(PackFile(pack_id=pack.id, form=PackForm.PDF, content=b"%PDF"))
    return pack.id


def _engaged(session: Session, unit: BusinessUnit, meeting: Meeting, request: Request, now: datetime) -> int:
    """A partner in its own words, with a sign that says otherwise."""
    model = EngagementModel(
        unit_id=unit.id, model=Model.PARTNER, since=LONG_AGO, why=f"{unit.name} plans with us", at=now
    )
    words = EngagementWords(unit_id=unit.id, called=Called.COLLEAGUE, unit_may_expect=f"A seat for {unit.name}", at=now)
    fact = {"key": "request:1", "on": now.date().isoformat(), "says": f"No ledger for {unit.name}."}
    links = {"request_id": request.id, "meeting_id": meeting.id}
    flag = DangerFlag(
        unit_id=unit.id,
        rule=DangerRule.NEITHER,
        raised_at=now,
        evidence={"facts": [{**fact, **links}], "clears": f"An offer to {unit.name}."},
    )
    session.add_all([model, words, flag])
    session.flush()
    return flag.id


def _answered(session: Session, unit: BusinessUnit, head: Person, now: datetime) -> dict[str, int]:
    """A low rating of a year ago, and the reply owed."""
    then = now - timedelta(days=365)
    closed = Round(unit_id=unit.id, opened_at=then, closes_at=then + timedelta(days=14), asked=1)
    session.add(closed)
    session.flush()
    link = Invitation(round_id=closed.id, person_id=head.id, token_hash=hashed(f"old link of {unit.name}"))
    session.add(link)
    session.flush()
    low = Response(
        invitation_id=link.id, round_id=closed.id, unit_id=unit.id, score=2, comment="Slow.", answered_at=then
    )
    session.add(low)
    totals.changed(session, round_ids=[closed.id])
    owed = FollowUp(
        unit_id=unit.id,
        response_id=low.id,
        person_id=head.id,
        cause=FollowUpCause.LOW,
        score=2,
        opened_at=then,
        due_on=then.date(),
    )
    session.add(owed)
    session.flush()
    return {"response_id": low.id, "follow_up_id": owed.id}


def _around(session: Session, unit: BusinessUnit, now: datetime) -> dict[str, int]:
    """An absence of the lead, and a handover ahead."""
    lead_id = session.scalars(select(Assignment.rep_id).where(Assignment.unit_id == unit.id)).one()
    later = now.date() + timedelta(days=30)
    absence = Absence(person_id=lead_id, since=later, until=later + timedelta(days=7))
    handover = Handover(unit_id=unit.id, from_id=lead_id, to_id=lead_id, on=later, started_at=now)
    expert = Person(name=f"Expert of {unit.name}")
    session.add_all([absence, handover, expert])
    session.flush()
    lent = Membership(
        unit_id=unit.id,
        person_id=expert.id,
        part=Part.EMBEDDED,
        since=now.date(),
        until=later,
        access="Reads the ledger",
    )
    session.add(lent)
    session.flush()
    return {"absence_id": absence.id, "handover_id": handover.id, "lent_id": lent.id}


def _ticket(session: Session, unit: BusinessUnit, now: datetime) -> Ticket:
    desk = TicketSource(name=f"Desk of {unit.name}")
    session.add(desk)
    session.flush()
    ticket = Ticket(source_id=desk.id, number="INC1", unit_id=unit.id, title="No mail", is_open=True, opened_at=now)
    session.add(ticket)
    session.flush()
    session.add(TicketEvent(ticket_id=ticket.id, number=1, at=now, words="They always say so", is_private=True))
    session.flush()
    return ticket


def _review(cadence: Cadence, today: date) -> Review:
    begins = today.replace(day=1)
    return Review(
        unit_id=cadence.unit_id,
        cadence_id=cadence.id,
        period=f"{today:%Y-%m}",
        period_since=begins,
        period_until=(begins + timedelta(days=32)).replace(day=1),
        planned_on=today,
        planned_at=datetime.combine(today, time(10), UTC),
    )


def _of_the_house(session: Session, cast: Cast, now: datetime) -> dict[str, int]:
    sign_in = SignIn(
        token_hash="of nobody", person_id=cast.specialist.id, began_at=now, seen_at=now, address="", browser=""
    )
    message = OutboxMessage(
        key="a:1",
        to_person_id=cast.specialist.id,
        to_address=str(cast.specialist.email),
        subject="A word",
        body="Of two lines.",
        queued_at=now,
    )
    saved = SavedFilter(person_id=cast.specialist.id, list_name="actions", name="Mine", query="whose=mine")
    feed = FeedLink(person_id=cast.specialist.id, token_hash=hashed("a feed"), name="Phone", made_at=now)
    session.add_all([sign_in, message, saved, feed, _mail_aside(now)])
    by = cast.actor(session, cast.administrator)
    kept = keeping.upload(session, by=by, content=b"code,name\nA,Alpha\n", file_name="units.csv", now=now)
    past = past_keeping.upload(
        session, by=by, content=b"unit,year,Tools\nFinance,2016,4\n", file_name="past.csv", now=now
    )
    tickets = ticket_keeping.upload(
        session, by=by, content=b"number,state\nINC9,New\n", file_name="t.csv", source="The desk", now=now
    )
    item = PastItem(key="tools", text="Tools")
    session.add(item)
    session.flush()
    broken = SeriesBreak(item_id=item.id, since=now.date(), reason="Asked on paper until then", made_at=now)
    session.add(broken)
    closed = ClosedDays(name="Summer closing", since=now.date(), until=now.date() + timedelta(days=1))
    hook = Webhook(name="Partners", kind=WebhookKind.JSON, url="https://192.0.2.1/x", wants={"events": []}, made_at=now)
    service = Service(name="Mail", name_key="mail")
    theme = RequestTheme(name="Reporting")
    session.add_all([closed, hook, service, theme])
    session.flush()
    return {
        "closed_days_id": closed.id,
        "person_id": cast.specialist.id,
        "sign_in_id": sign_in.id,
        "message_id": message.id,
        "filter_id": saved.id,
        "feed_id": feed.id,
        "incoming_id": session.scalars(select(IncomingMail.id)).one(),
        "import_id": kept.id,
        "survey_id": past.id,
        "ticket_import_id": tickets.id,
        "item_id": item.id,
        "break_id": broken.id,
        "webhook_id": hook.id,
        "service_id": service.id,
        "theme_id": theme.id,
        "set_version": 1,
    }


def _mail_aside(now: datetime) -> IncomingMail:
    return IncomingMail(
        key="<a@b> 1",
        received_at=now,
        from_address="nobody@elsewhere.example",
        subject="A word",
        body="Of two lines.",
        state=IncomingState.ASIDE,
        outcome="Nobody here has the address nobody@elsewhere.example.",
    )
