"""What a review pack says. It is shown to the unit in its review: nothing in it is for IT alone, no health, no notes,
no danger signs, no names beside ratings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.documents.content import Pack, Section, Text
from crm.policy import Action, Actor
from crm.services import clock, words
from crm.services import organisation as organisations
from crm.services.packs import ahead, asked, promised, rated, said
from crm.services.packs.ahead import Ahead
from crm.services.packs.asked import Asked
from crm.services.packs.promised import Promised
from crm.services.packs.rated import Rated
from crm.services.packs.stretch import Stretch
from models.unit import BusinessUnit

METHOD = (
    Text(
        "A rating is told with how many answered of how many were asked, and the range in which the value of all of "
        "them lies, 19 times in 20. Answers that were promised to stay without names show from five on.",
        "Ratings.",
    ),
    Text(
        "A change counts as real when it leaves the range in which the scores normally stay, or keeps to one side of "
        "the usual for seven rounds. Anything else is what scores usually do.",
        "Real or noise.",
    ),
    Text("A promise is kept in time when it is done on its day or before.", "Promises."),
)


def content(session: Session, *, by: Actor, unit: BusinessUnit, since: date, until: date, now: datetime) -> Pack:
    """The pack of one unit and period, both days included. Some twenty statements. Raises Forbidden."""
    policy.require(by, Action.MAKE_REVIEW_PACK, unit)
    stretch = Stretch(unit, since, until, clock.local_date(now, unit.time_zone))
    kept, wishes = promised.read(session, stretch), asked.read(session, stretch)
    ratings, coming = rated.read(session, stretch), ahead.read(session, stretch, by=by, now=now)
    house = organisations.current(session).name
    gaps = _gaps(kept, wishes, ratings)
    return Pack(
        title=f"Review of {unit.name}",
        subtitle=said.period(since, until, stretch.today),
        between=f"{house} with {unit.name}",
        lead=f"Ready, with {words.counted(len(gaps), 'gap')}:" if gaps else "Ready.",
        summary=_summary(gaps, kept, ratings),
        made=said.made(by, unit.name, unit.time_zone, now),
        sections=tuple(_sections(stretch, kept, wishes, ratings, coming)),
        method=METHOD,
    )


def _gaps(kept: Promised, wishes: Asked, ratings: Rated) -> list[str]:
    """What is still missing before we meet."""
    gaps = []
    if wishes.empty_handed:
        gaps.append(f"nothing offered for {words.counted(wishes.empty_handed, 'refusal')}")
    if kept.overdue:
        gaps.append(f"{words.counted(kept.overdue, 'promise')} overdue")
    if ratings.newest is None:
        gaps.append("not rated yet")
    return gaps


def _summary(gaps: Sequence[str], kept: Promised, ratings: Rated) -> str:
    """The gaps, what was kept, and what ratings say, in this order."""
    first = f"{words.listed(gaps)}. " if gaps else ""
    newest, verdict = ratings.newest, ratings.chart.verdict if ratings.chart else None
    stands = ""
    if newest and verdict:
        stands = f" Satisfaction is {newest.tally.told('people').text} of 5: {_lowered(verdict.finding)}."
    return f"{first}{words.capital(kept.finding)}.{stands}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _sections(stretch: Stretch, kept: Promised, wishes: Asked, ratings: Rated, coming: Ahead) -> Iterator[Section]:
    yield asked.you_said(wishes)
    yield promised.section(kept, stretch)
    yield rated.section(ratings, stretch)
    yield ahead.work(coming, stretch)
    if refusals := asked.refusals(wishes):
        yield refusals
    yield asked.requests(wishes, stretch)
    if talk := ahead.talk(coming, stretch):
        yield talk
    yield Section("Next steps", (ahead.meeting(coming, stretch), promised.next_steps(kept, stretch)))
