"""The weekly mail for the CIO: what was held, what slips, what is overdue, who is without cover; in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import covering, mail_preferences, organisation, outbox, portfolio, request_limits, words
from crm.services.languages import Language
from crm.services.portfolio import Filters
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
    opening = _opening(session, by, monday, now, say)
    found = (_slips(session, by, monday, now, say), _late(session, by, say), _late_requests(session, by, say))
    lines = [line for line in found if line]
    lines += _uncovered(session, by, say)
    told = "\n".join(f"- {line}" for line in lines) or say("Nothing slips, nothing is overdue, everyone is covered.")
    message = outbox.queue(
        session,
        key=_key(to, day),
        kind=MailKind.WEEKLY,
        to=to.person,
        subject=say("Your week from {day}: {opening}", day=say.day(monday, day), opening=opening),
        body="\n\n".join([say.greeting(to.person), words.capital(f"{opening}."), told]),
        path="/portfolio",
        button=say("Open the portfolio"),
        say=say,
        time_zone=to.time_zone,
        now=now,
    )
    return message is not None


def _opening(session: Session, by: Actor, monday: date, now: datetime, say: Language) -> str:
    """ "seven of nine reviews of last week were held, four of twelve relationships need you"."""
    count = func.count(Review.id)
    held, planned = session.execute(
        _seen(select(count.filter(Review.state == ReviewState.HELD), count), by, Review).where(
            Review.planned_on >= monday - WEEK, Review.planned_on < monday, Review.state != ReviewState.SKIPPED
        )
    ).one()
    book = portfolio.read(session, by=by, filters=Filters(), page=1, now=now)
    needing = say(
        "{needing} of {total} relationships need you", needing=say.number(book.needing), total=say.number(book.total)
    )
    if not planned:
        return say("no review was planned last week; {needing}", needing=needing)
    reviews = say.many(
        "{held} of {n} review of last week held",
        "{held} of {n} reviews of last week held",
        planned,
        held=say.number(held),
    )
    return say("{reviews}; {needing}", reviews=reviews, needing=needing)


def _seen(statement: Any, by: Actor, table: Any) -> Any:
    """Of open units that the reader may see."""
    joined = statement.select_from(table).join(BusinessUnit, BusinessUnit.id == table.unit_id)
    return joined.where(BusinessUnit.closed_on.is_(None), policy.visible_units(by))


def _slips(session: Session, by: Actor, monday: date, now: datetime, say: Language) -> str:
    """Who was rated low, and who did not answer: by unit, never by person."""
    since = now - WEEK - (now.date() - monday)
    low = session.scalars(
        _seen(select(BusinessUnit.name).distinct(), by, Response)
        .join(Round, Round.id == Response.round_id)
        .where(Response.score <= LOW, Round.bears_names, Response.answered_at >= since)
        .order_by(BusinessUnit.name)
    ).all()
    answered = select(Response.round_id)
    silent = session.scalars(
        _seen(select(BusinessUnit.name).distinct(), by, Round)
        .where(Round.closes_at >= since, Round.closes_at <= now, Round.id.not_in(answered))
        .order_by(BusinessUnit.name)
    ).all()
    parts = [
        say("rated 1 or 2 of 5: {units}", units=_named(low, say)) if low else "",
        say("asked and silent: {units}", units=_named(silent, say)) if silent else "",
    ]
    return words.capital("; ".join(part for part in parts if part))


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
    return words.capital(
        say(
            "{promises} in {units}",
            promises=say.many("{n} overdue promise", "{n} overdue promises", count),
            units=say.many("{n} unit", "{n} units", units),
        )
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
    return words.capital(
        say(
            "{requests} in {units}",
            requests=say.many("{n} request past its limit", "{n} requests past their limit", count),
            units=say.many("{n} unit", "{n} units", units),
        )
    )


def _uncovered(session: Session, by: Actor, say: Language) -> list[str]:
    """Units that somebody's absence, or end, leaves alone."""
    names = [name for gap in covering.gaps(session, by=by) for _, name in gap.units]
    found = list(dict.fromkeys(names))
    return [say("Without cover, now or soon: {units}", units=_named(found, say))] if found else []
