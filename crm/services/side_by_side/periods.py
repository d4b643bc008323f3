"""Period beside period: each figure now and then, with what stands behind it, and whether the change is real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from crm.services import compliance
from crm.services.comparing import Line, Show, lines, responses
from crm.services.comparing import Wanted as Asked
from crm.services.comparing.wanted import Group, Months, groups, sums
from crm.services.compliance import COUNTED, Figure
from crm.services.outlook import Where
from crm.services.pages import Page
from crm.services.side_by_side.told import Beside, Health, Held, PeriodLine
from crm.services.side_by_side.wanted import Wanted
from crm.services.stretches import Stretch
from crm.stats import rates
from crm.stats.difference import Difference, difference
from crm.stats.moments import Moments
from crm.stats.wilson import Share, Z, interval, share_of
from models.health import HealthSnapshot, HealthWeek, Movement
from models.request import Request, RequestKind
from models.review import Review
from models.total import OVERALL, PeriodTotal
from models.unit import BusinessUnit

#: Of fewer complaints nobody can tell whether they became more.
LEAST_COUNTED = 10
TOO_FEW = "Too few to tell"


def of_periods(session: Session, *, where: Where, wanted: Wanted) -> Beside[PeriodLine]:
    """All figures at once: there is one page. Five statements, however much there is."""
    row = session.execute(_counted(where, wanted)).one()
    asked = Asked(where.months, branch_id=where.branch_id, against=wanted.against)
    found = [
        _health(row),
        _satisfaction(session, where, asked),
        _held(Figure(row.held_now, row.missed_now), Figure(row.held_then, row.missed_then)),
        _heard(*(_share(session, where, months) for months in (asked.months, asked.before))),
        _complaints(row),
    ]
    return Beside(
        page=Page(found, 1, False),
        many=len(found),
        above=[one.name for one in found if one.way > 0],
        below=[one.name for one in found if one.way < 0],
    )


def _counted(where: Where, wanted: Wanted) -> Select[Any]:
    """Everything that is counted, in one row."""
    parts = (_reviews, _complaints_came, _scores, _moved)
    first, *others = [part(where, wanted).subquery(part.__name__) for part in parts]
    joined: Select[Any] = select(*first.c, *(column for other in others for column in other.c)).select_from(first)
    for other in others:
        joined = joined.join(other, true())
    return joined


def _times(wanted: Wanted) -> Sequence[tuple[str, Stretch]]:
    return ("now", wanted.stretch), ("then", wanted.then)


def _reviews(where: Where, wanted: Wanted) -> Select[Any]:
    columns: list[Any] = [
        func.count().filter(compliance.counts_as(which, where.here, stretch)).label(f"{which.value}_{name}")
        for name, stretch in _times(wanted)
        for which in COUNTED
    ]
    joined: Select[Any] = select(*columns).select_from(Review)
    return joined.join(BusinessUnit, BusinessUnit.id == Review.unit_id).where(
        where.condition(), Review.planned_on >= wanted.then.since, Review.planned_on < wanted.stretch.until
    )


def _complaints_came(where: Where, wanted: Wanted) -> Select[Any]:
    since = func.coalesce(Request.complained_on, Request.logged_on)
    columns: list[Any] = [
        func.count().filter(since >= stretch.since, since < stretch.until).label(f"complaints_{name}")
        for name, stretch in _times(wanted)
    ]
    joined: Select[Any] = select(*columns).select_from(Request)
    return joined.join(BusinessUnit, BusinessUnit.id == Request.unit_id).where(
        where.condition(), Request.kind == RequestKind.COMPLAINT
    )


def _scores(where: Where, wanted: Wanted) -> Select[Any]:
    """Of the last day of each time: the sum of scores, how many are known, and how many units there were."""
    columns: list[Any] = []
    for name, day in (("now", wanted.on), ("then", wanted.then_on)):
        on_day = HealthSnapshot.in_force(day)
        columns += [
            func.coalesce(func.sum(HealthSnapshot.score).filter(on_day), 0).label(f"score_{name}"),
            func.count(HealthSnapshot.score).filter(on_day).label(f"known_{name}"),
            func.count(HealthSnapshot.id).filter(on_day).label(f"units_{name}"),
        ]
    joined: Select[Any] = select(*columns).select_from(HealthSnapshot)
    either = HealthSnapshot.in_force(wanted.on) | HealthSnapshot.in_force(wanted.then_on)
    return joined.join(BusinessUnit, BusinessUnit.id == HealthSnapshot.unit_id).where(where.condition(), either)


def _moved(where: Where, wanted: Wanted) -> Select[Any]:
    """How many units went one way for real at some time in it."""
    columns: list[Any] = [
        func.count(HealthWeek.unit_id.distinct()).filter(HealthWeek.movement == way).label(way.value)
        for way in (Movement.IMPROVING, Movement.SLIPPING)
    ]
    joined: Select[Any] = select(*columns).select_from(HealthWeek)
    return joined.join(BusinessUnit, BusinessUnit.id == HealthWeek.unit_id).where(
        where.condition(), HealthWeek.week_on >= wanted.stretch.since, HealthWeek.week_on < wanted.stretch.until
    )


def _health(row: Any) -> PeriodLine:
    now, then = (
        Health(int(row[f"score_{name}"]), row[f"known_{name}"], row[f"units_{name}"])
        for row in (row._mapping,)
        for name in ("now", "then")
    )
    texts = [(str(one.score), one.behind) if one.known else ("Not known", "") for one in (now, then)]
    way = (row.improving > 0 and not row.slipping) - (row.slipping > 0 and not row.improving)
    return PeriodLine("Health", *texts[0], *texts[1], _moves(row.improving, row.slipping), way, key="health")


def _moves(improving: int, slipping: int) -> str:
    """The mean says little: what counts is which units moved for real."""
    ways = ((slipping, "slipped"), (improving, "improved"))
    said = [f"{many} unit{'' if many == 1 else 's'} really {way}" for many, way in ways if many]
    return ", ".join(said) or "No unit moved for real"


def _satisfaction(session: Session, where: Where, asked: Asked) -> PeriodLine:
    now, then = (_spoken(session, where, asked, months) for months in (asked.months, asked.before))
    line = lines.beside({0: now}, {0: then}, Show.UNITS)[0] if now.tally.n else None
    told = [
        (one.tally.told().text, one.tally.told().words) if one.tally.n else ("Not rated", "") for one in (now, then)
    ]
    verdict, way = _verdict(line)
    return PeriodLine("Satisfaction", *told[0], *told[1], verdict, way, key="satisfaction")


def _told(group: Group) -> tuple[str, str]:
    told = group.tally.told()
    return (told.text, told.words) if told.is_known else ("Not rated", "")


def _verdict(line: Line | None) -> tuple[str, int]:
    return (line.changed, line.change.way) if line else (TOO_FEW, 0)


def _spoken(session: Session, where: Where, asked: Asked, months: Months) -> Group:
    keys = PeriodTotal.measure.label("key"), PeriodTotal.measure.label("name")  # the same in all of them
    summed = sums(asked, where.by, months, *keys, measure=OVERALL).where(where.condition())
    return groups(session, summed, OVERALL).get(OVERALL, Group())


def _held(now: Figure, then: Figure) -> PeriodLine:
    told = Held(now), Held(then)
    verdict, way = _changed(told[0].share, told[1].share)
    return PeriodLine(
        "Reviews held", told[0].text, told[0].behind, told[1].text, told[1].behind, verdict, way, key="reviews"
    )


def _share(session: Session, where: Where, months: Months) -> Share:
    counted = responses.counted(where.by, Asked(months, branch_id=where.branch_id), where.now)
    row = session.execute(counted).one()
    return share_of(int(row.answered), max(int(row.asked), int(row.answered)))


def _heard(now: Share, then: Share) -> PeriodLine:
    told = [
        (f"{one.hits} of {one.n}", rates.span(one).lstrip(",: ")) if one.n else ("–", "nobody asked")
        for one in (now, then)
    ]
    return PeriodLine("Answered when asked", *told[0], *told[1], *_changed(now, then), key="heard")


def _share_told(share: Share) -> tuple[str, str]:
    return (f"{share.hits} of {share.n}", rates.span(share).lstrip(",: ")) if share.n else ("–", "nobody asked")


def _changed(now: Share, then: Share) -> tuple[str, int]:
    """Of two shares, as of two groups of answers that are yes or no."""
    found = difference(*(Moments(one.n, one.hits, one.hits) for one in (then, now)))
    return _said(found), found.way


def _said(found: Difference) -> str:
    if not found.is_told:
        return TOO_FEW
    if not found.way:
        return "No real change"
    return f"A real change: {'up' if found.way > 0 else 'down'} {abs(round(100 * (found.by or 0)))} points"


def _complaints(row: Any) -> PeriodLine:
    now, then = row.complaints_now, row.complaints_then
    verdict, way = _more_or_fewer(now, then)
    return PeriodLine("Complaints that came", str(now), "", str(then), "", verdict, way, key="complaints")


def _more_or_fewer(now: int, then: int) -> tuple[str, int]:
    """Of two equal times: how many of all fell into the later one, when half of them would by chance."""
    if now + then < LEAST_COUNTED:
        return TOO_FEW, 0
    low, high = interval(now, now + then, Z)
    if low <= 0.5 <= high:
        return "No real change", 0
    return ("A real change: more", -1) if now > then else ("A real change: fewer", 1)
