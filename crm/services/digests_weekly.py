"""The weekly mail for the CIO: the sentence of the portfolio, and three lines: what moved for real, what needs you,
what was kept and who was not heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import (
    covering,
    mail_preferences,
    organisation,
    outbox,
    outlook,
    portfolio_lede,
    portfolio_movers,
    portfolio_sentence_said,
    request_limits,
    words,
)
from crm.services.heat_wanted import Wanted
from crm.services.languages import Language
from crm.services.outlook.told import Outlook
from crm.services.portfolio_movers import Mover, Movers
from crm.services.reminders import absences, mornings, recipients, telling
from crm.services.reminders.recipients import Recipient
from crm.services.working_days import DAY
from models.action import Action, ActionState
from models.mail import Errand, MailChoice, MailKind
from models.rating import Response, Round
from models.request import Request
from models.review import Review, ReviewState
from models.unit import BusinessUnit

WEEK = timedelta(days=7)
#: A score of this or less is worth a word.
LOW = 2
#: So many units are named.
NAMED = 3


def send_weekly(session: Session, *, now: datetime) -> int:
    """Where the morning has come: to each CIO, on the first working day of the week. Returns how many."""
    house = organisation.current(session)
    sent = 0
    for come in mornings.claim(session, errand=Errand.WEEKLY, house=house, now=now):
        to = recipients.working(session, people=absences.cios(session), come=come, house=house)
        choices = mail_preferences.choices(session, list(to))
        wanting = [one for one in to.values() if choices[one.person.id, MailKind.WEEKLY] is not MailChoice.NEVER]
        written = telling.written(session, [_key(one, come.day) for one in wanting])
        for one in wanting:
            if _key(one, come.day) not in written:
                sent += _send(session, one, come.day, now)
    return sent


def _key(to: Recipient, day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"weekly:{to.person.id}:{year}-W{week:02}"


def _send(session: Session, to: Recipient, day: date, now: datetime) -> bool:
    say, by = to.say, policy.actor_for(session, to.person, day)
    monday = day - DAY * day.weekday()
    wanted = Wanted(on=by.today, since=monday - WEEK)
    movers = portfolio_movers.read(session, by=by, wanted=wanted)
    known = portfolio_lede.known(session, by=by, wanted=wanted, movers=movers, now=now)
    lede = portfolio_sentence_said.of(known, say, by.today)
    lines = (_moved(movers, say), _needs(session, by, monday, now, say), _kept(session, by, monday, now, say))
    message = outbox.queue(
        session,
        key=_key(to, day),
        kind=MailKind.WEEKLY,
        to=to.person,
        subject=say("Your week from {day}: {opening}", day=say.day(monday, day), opening=_small(lede.finding)),
        body="\n\n".join([say.greeting(to.person), lede.text, "\n".join(f"- {line}" for line in lines)]),
        path="/portfolio?period=week",
        button=say("Open the portfolio"),
        say=say,
        time_zone=to.time_zone,
        now=now,
    )
    return message is not None


def _small(finding: str) -> str:
    """As it goes on after a colon."""
    text = finding.rstrip(".")
    return text[:1].lower() + text[1:]


def _moved(movers: Movers, say: Language) -> str:
    """ "Moved for real: Finance 72 → 64 and Manufacturing 76 → 85"."""
    real = [_move(one) for one in movers.real[:NAMED]]
    more = movers.really - len(real)
    if not real:
        return say("Nothing moved for real; what looks like movement is noise.")
    rest = [say.many("{n} more", "{n} more", more)] if more > 0 else []
    return say("Moved for real: {units}", units=say.listed([*real, *rest]))


def _move(one: Mover) -> str:
    return one.name if one.before is None or one.after is None else f"{one.name} {one.before} → {one.after}"


def _needs(session: Session, by: Actor, monday: date, now: datetime, say: Language) -> str:
    """What waits for the CIO, in one line."""
    found = outlook.read(session, by=by, branch_id=None, since=monday - WEEK, until=monday, now=now)
    low = _rated_low(session, by, monday, now)
    parts = [
        say("rated 1 or 2 of 5: {units}", units=_named(low, say)) if low else "",
        *_counts(found, say),
        _late(session, by, say),
        _late_requests(session, by, say),
        *_uncovered(session, by, say),
    ]
    told = [part for part in parts if part]
    return words.capital("; ".join(told)) if told else say("Nothing waits for you, and everyone is covered.")


def _counts(found: Outlook, say: Language) -> list[str]:
    """What is more than none, as the page counts it."""
    late, up, danger = found.replies.late, found.complaints.with_the_cio, found.danger.units
    said = (
        (late, say.many("{n} late reply to a low rating", "{n} late replies to low ratings", late)),
        (up, say.many("{n} complaint with you", "{n} complaints with you", up)),
        (danger, say.many("{n} unit in the danger zone", "{n} units in the danger zone", danger)),
    )
    return [told for many, told in said if many]


def _kept(session: Session, by: Actor, monday: date, now: datetime, say: Language) -> str:
    """ "Seven of nine reviews of last week held; asked and silent: Legal"."""
    silent = _silent(session, by, monday, now)
    parts = [_reviews(session, by, monday, say)]
    if silent:
        parts.append(say("asked and silent: {units}", units=_named(silent, say)))
    return words.capital("; ".join(parts))


def _reviews(session: Session, by: Actor, monday: date, say: Language) -> str:
    count = func.count(Review.id)
    held, planned = session.execute(
        _seen(select(count.filter(Review.state == ReviewState.HELD), count), by, Review).where(
            Review.planned_on >= monday - WEEK, Review.planned_on < monday, Review.state != ReviewState.SKIPPED
        )
    ).one()
    if not planned:
        return say("no review was planned last week")
    return say.many(
        "{held} of {n} review of last week held",
        "{held} of {n} reviews of last week held",
        planned,
        held=say.number(held),
    )


def _seen(statement: Any, by: Actor, table: Any) -> Any:
    """Of open units that the reader may see."""
    joined = statement.select_from(table).join(BusinessUnit, BusinessUnit.id == table.unit_id)
    return joined.where(BusinessUnit.closed_on.is_(None), policy.visible_units(by))


def _rated_low(session: Session, by: Actor, monday: date, now: datetime) -> Sequence[str]:
    """By unit, never by person."""
    low = _seen(select(BusinessUnit.name).distinct(), by, Response)
    low = low.join(Round, Round.id == Response.round_id)
    return session.scalars(
        low.where(Response.score <= LOW, Round.bears_names, Response.answered_at >= _last_monday(monday, now)).order_by(
            BusinessUnit.name
        )
    ).all()


def _silent(session: Session, by: Actor, monday: date, now: datetime) -> Sequence[str]:
    """The units whose rounds closed without an answer."""
    answered = select(Response.round_id)
    closed = Round.closes_at >= _last_monday(monday, now), Round.closes_at <= now
    names = _seen(select(BusinessUnit.name).distinct(), by, Round)
    return session.scalars(names.where(*closed, Round.id.not_in(answered)).order_by(BusinessUnit.name)).all()


def _last_monday(monday: date, now: datetime) -> datetime:
    return now - WEEK - (now.date() - monday)


def _named(names: Sequence[str], say: Language) -> str:
    more = len(names) - NAMED
    return say.listed([*names[:NAMED], *([say.many("{n} more", "{n} more", more)] if more > 0 else [])])


def _late(session: Session, by: Actor, say: Language) -> str:
    """Promises past their day."""
    count, units = session.execute(
        _seen(select(func.count(Action.id), func.count(Action.unit_id.distinct())), by, Action).where(
            Action.state == ActionState.OPEN, Action.due_on < by.today
        )
    ).one()
    if not count:
        return ""
    return say(
        "{promises} in {units}",
        promises=say.many("{n} overdue promise", "{n} overdue promises", count),
        units=say.many("{n} unit", "{n} units", units),
    )


def _late_requests(session: Session, by: Actor, say: Language) -> str:
    """Requests past their limit, with IT to act."""
    count, units = session.execute(
        _seen(select(func.count(Request.id), func.count(Request.unit_id.distinct())), by, Request).where(
            request_limits.late_with_us(by.today)
        )
    ).one()
    if not count:
        return ""
    return say(
        "{requests} in {units}",
        requests=say.many("{n} request past its limit", "{n} requests past their limit", count),
        units=say.many("{n} unit", "{n} units", units),
    )


def _uncovered(session: Session, by: Actor, say: Language) -> list[str]:
    """Units that somebody's absence, or end, leaves alone."""
    names = [name for gap in covering.gaps(session, by=by) for _, name in gap.units]
    found = list(dict.fromkeys(names))
    return [say("without cover, now or soon: {units}", units=_named(found, say))] if found else []
