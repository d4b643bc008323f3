"""How a round came about, and how those asked were chosen, in plain sentences."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, words
from crm.services.rounds import days
from crm.services.rounds.rules import Rules
from crm.stats.suppression import SCORES_FROM
from models.base import Json
from models.project import Project
from models.question import Instrument
from models.rating import Audience, Round
from models.review import Review
from models.unit import BusinessUnit

KINDS = {Instrument.PULSE: "pulses", Instrument.SURVEY: "surveys", Instrument.PROJECT: "project rounds"}
WHO = {
    Audience.PEOPLE: "its head and key users",
    Audience.HEAD: "its head",
    Audience.KEY_USERS: "its key users",
    Audience.END_USERS: "its end users",
    Audience.ATTENDEES: "who of it was there",
}


def of_round(session: Session, *, round_: Round, unit: BusinessUnit) -> str:
    """What made it open, and how people were chosen; "" when somebody asked by hand whom they wanted. One statement at
    most."""
    sentences = (_opened(session, round_, unit), _chosen(round_.draw or {}))
    return " ".join(sentence for sentence in sentences if sentence)


def of_rules(rules: Rules) -> str:
    """What holds for everyone, for those who cannot change it."""
    kinds = [KINDS[one] for one in Instrument if one in rules.opens]
    opens = f"{words.capital(words.listed(kinds))} open by themselves" if kinds else "Nothing opens by itself"
    return f"{opens}; nobody is asked more than once in {words.number(rules.rest_days)} days."


def _opened(session: Session, round_: Round, unit: BusinessUnit) -> str:
    if round_.occasion is None:
        return ""
    opened_on = clock.local_date(round_.opened_at, unit.time_zone)
    if round_.review_id:
        held_on = session.scalar(select(Review.held_on).where(Review.id == round_.review_id))
        return f"It opened by itself after the review of {words.day(held_on or opened_on, opened_on)}."
    if round_.project_id:
        name = session.scalar(select(Project.name).where(Project.id == round_.project_id))
        return f"It opened by itself {months_words(round_.occasion)} “{name}” was delivered."
    kind = "survey" if round_.instrument is Instrument.SURVEY else "pulse"
    return f"It opened by itself: the {kind} of the quarter, for {WHO[round_.audience]}."


def months_words(occasion: str) -> str:
    """ "three months after", of "project:7:3m"."""
    months = days.months_of(occasion)
    return f"{words.counted(months, 'month')} after" if months else "after"


def _chosen(draw: Json) -> str:
    sentences = []
    if strata := draw.get("strata"):
        units = len({stratum["unit_id"] for stratum in strata})
        shares = "in proportion to units and roles" if units > 1 else "in proportion to roles"
        sentences.append(f"{draw['size']} of {draw['able']} people who could be asked were drawn by lot, {shares}.")
    if resting := draw.get("resting"):
        were = "was" if resting == 1 else "were"
        sentences.append(
            f"{words.capital(words.counted(resting, 'person', 'people'))} {were} left in peace, asked lately already."
        )
    if (few := draw.get("too_few")) is not None:
        users = "The one key user answers" if few == 1 else f"The {words.number(few)} key users answer"
        sentences.append(f"{users} by name: without names at least {words.number(SCORES_FROM)} are needed.")
    return " ".join(sentences)
