"""What whoever gets a complaint is told: what it is about, how bad it is, whose it was, and why it comes to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.services import languages, organisation, outbox
from crm.services.languages import Language, later
from crm.services.wording import paragraphs
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.person import Person
from models.request import Request, Severity
from models.unit import BusinessUnit

SEVERITIES = {
    Severity.MINOR: later("minor: it bothers them"),
    Severity.SERIOUS: later("serious: it holds them up"),
    Severity.CRITICAL: later("critical: work stands still"),
}


def tell(
    session: Session,
    *,
    by: Person | None,
    request: Request,
    unit: BusinessUnit,
    level: int,
    why: Callable[[Language], str],
    to: Person,
    now: datetime,
) -> OutboxMessage | None:
    """One mail to that person, in their language. Whoever cannot open the page here is told without a link."""
    house = organisation.current(session)
    say = languages.of(to, house.language)
    today = now.astimezone(languages.zone_of(to, house.time_zone)).date()
    owner = session.get(Person, request.owner_id) if request.owner_id else None
    opens = to.is_rep or to.is_cio
    return outbox.queue(
        session,
        key=f"complaint-up:{request.id}:{level}:{to.id}",
        to=to,
        subject=say("A complaint of {unit} comes to you: {title}", unit=unit.name, title=request.title),
        body=paragraphs(
            say.greeting(to),
            _first(say, by, request, unit, today),
            request.title,
            request.business_need,
            say("Why it comes to you: {why}", why=why(say)),
            say("It is owned by {owner}.", owner=owner.name) if owner else say("Nobody owns it yet."),
        ),
        path=f"/requests/{request.id}" if opens else "",
        button=say("See the complaint") if opens else "",
        kind=MailKind.OTHER,
        say=say,
        now=now,
    )


def _first(say: Language, by: Person | None, request: Request, unit: BusinessUnit, today: date) -> str:
    severity = say(SEVERITIES[request.severity or Severity.SERIOUS])
    since = say.day(request.complained_on or request.logged_on, today)
    if by is None:
        return say(
            "By our rule, this complaint of {unit} ({severity}) of {day} goes up to you:",
            unit=unit.name,
            severity=severity,
            day=since,
        )
    return say(
        "{who} passes this complaint of {unit} ({severity}) of {day} up to you:",
        who=by.name,
        unit=unit.name,
        severity=severity,
        day=since,
    )
