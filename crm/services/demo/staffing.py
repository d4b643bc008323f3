"""Who is away, who went over to whom, who works in the other house for a time, and when all are closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.services.demo import cast
from crm.services.demo.era import DAY, Era
from crm.services.demo.people import Known, Term
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.working_days import Calendar, Span
from models.absence import Absence, ClosedDays
from models.handover import Handover
from models.unit import Membership, Part

#: A handover is begun so many days before, and acknowledged so many hours later.
BEGUN, ACKNOWLEDGED = timedelta(days=10), timedelta(hours=30)
BEGUN_AT, EARLY = time(11, 20), time(0, 5)


@dataclass(frozen=True)
class Away:
    """Days from today, negative before; the day of return is the first one back."""

    who: str
    since: int
    until: int
    note: str
    covered_by: str | None = None


AWAY = (
    Away(cast.INES, -83, -69, "Annual leave", cast.TOM),
    Away(cast.EWAN, -4, 10, "Annual leave", cast.INES),
    Away(cast.TOM, 21, 28, "Training abroad"),
)


@dataclass(frozen=True)
class Lent:
    """Somebody of the one house in the other: by unit, who, and days from today."""

    code: str
    who: str
    part: Part
    access: str
    since: int
    until: int


LENT = (
    Lent("MFG", "Olu Adeyemi", Part.EMBEDDED, "Line terminals and label printers, on site", -190, 170),
    Lent("FIN", "Priya Raman", Part.EMBEDDED, "Ledger test system, read only", -80, 10),
    Lent("HR", "Luis Pinheiro", Part.DEPUTISED, "Approves accounts for new people", -120, 60),
    Lent("CARE", "Joao Serra", Part.DEPUTISED, "Resets passwords for the first line", -300, -30),
)


@dataclass(frozen=True)
class Told:
    """What the one who leaves tells the one who comes."""

    tone: str
    went_wrong: str


#: Of the last change of lead, by unit code.
TOLD: Mapping[str, Told] = {
    "FIN": Told(
        "Short and exact. Amara reads everything; bring figures, not adjectives. Never in the last week of a month.",
        "We changed the order of the month-end jobs without telling them. It is not forgotten.",
    ),
    "SAL": Told(
        "By phone, between two visits. Jonas decides fast and forgets slides.",
        "Price lists went out twice with old discounts. Say what is checked, and by whom.",
    ),
    "LEG": Told(
        "Precise words. Helena answers the same day, and expects that of us.",
        "A draft was shared with the wrong firm once. Ask before anything leaves the house.",
    ),
    "QUA": Told(
        "Dorothea likes to be asked before the audit, not during it.",
        "The certificates were late in two quarters, and we said so too late.",
    ),
    "PUR": Told(
        "Friendly, and stubborn about terms. Adebayo wants the reason first. Lena knows how it really works.",
        "The catalogue was promised for spring and came in autumn. Name a date only with Priya in the room.",
    ),
}


def calendar(era: Era, where: cast.Country = (None, None), leads: tuple[Term, ...] = ()) -> Calendar:
    """The working days of a unit there: without holidays, closed days, and days on which its lead is away."""
    country, region = where
    away = tuple(span for term in leads for absence in AWAY for span in _away(term, absence, era))
    return Calendar(country or cast.COUNTRY, region, closed=(_closed(era),), away=away)


def _closed(era: Era) -> Span:
    """Fernhill closes between Christmas and the new year."""
    return Span(date(era.today.year, 12, 24), date(era.today.year + 1, 1, 1), "Office closed")


def _away(term: Term, absence: Away, era: Era) -> Iterator[Span]:
    since, until = max(term.since, era.ago(-absence.since)), era.ago(-absence.until)
    until = min(until, term.until or until)
    if absence.who == term.who.name and since < until:
        yield Span(since, until, f"{absence.who} is away")


def write_closed_days(rows: Rows, era: Era) -> None:
    closed = _closed(era)
    rows.add(ClosedDays, unit_id=None, name=closed.why, since=closed.since, until=closed.until)


def write_absences(rows: Rows, era: Era, reps: Mapping[str, Known]) -> None:
    for away in AWAY:
        rows.add(
            Absence,
            person_id=reps[away.who].id,
            covered_by_id=reps[away.covered_by].id if away.covered_by else None,
            note=away.note,
            since=era.ago(-away.since),
            until=era.ago(-away.until),
        )


def write_lent(rows: Rows, unit: Unit, era: Era) -> None:
    """People of IT embedded in the unit, and people of the unit deputised by IT."""
    people = {who.name: who for who in (*unit.specialists.values(), *unit.users)}
    for lent in LENT:
        if lent.code == unit.code:
            rows.add(
                Membership,
                unit_id=unit.id,
                person_id=people[lent.who].id,
                part=lent.part,
                access=lent.access,
                since=era.ago(-lent.since),
                until=era.ago(-lent.until),
            )


def write_handover(rows: Rows, unit: Unit, era: Era) -> None:
    """The last change of lead, where there was one; one that is to come waits to be acknowledged."""
    told = TOLD.get(unit.code)
    if told is None:
        return
    before, after = unit.leads[-2:]
    begun, is_done = _begun(after, era, unit.zone), after.since <= era.today
    rows.add(
        Handover,
        unit_id=unit.id,
        from_id=before.who.id,
        to_id=after.who.id,
        on=after.since,
        tone=told.tone,
        went_wrong=told.went_wrong,
        started_at=begun,
        started_by_id=before.who.id,
        acknowledged_at=begun + ACKNOWLEDGED if is_done else None,
        done_at=era.instant(after.since, EARLY, unit.zone) if is_done else None,
    )


def _begun(after: Term, era: Era, zone: ZoneInfo) -> datetime:
    """Before the first day of the new lead; yesterday at the latest."""
    return era.instant(min(after.since - BEGUN, era.today - DAY), BEGUN_AT, zone)
