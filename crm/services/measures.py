"""What ratings are read by, one after the other: how each is called, who is asked about it, and on which scale."""

from __future__ import annotations

from crm.stats.scale import NET, RATING, Scale
from models.question import Instrument
from models.total import OVERALL as OVERALL

#: "If you were free to go elsewhere, would you choose IT?": promoters less detractors.
CHOOSE = "choose"
#: The keys of questions of the survey.
MEASURES = {
    OVERALL: "Overall satisfaction",
    "understands": "We understand what they need",
    "executes": "We deliver what we agreed",
    "communicates": "We keep them informed",
    "value": "Worth what it costs",
    CHOOSE: "They would choose IT",
}
#: What end users say overall. They do not speak for the unit, and are read by themselves.
END_USERS = "end_users"
#: What is read of one unit.
OF_UNIT = {**MEASURES, END_USERS: "End users, overall"}
#: The same where there is little room.
SHORT = {
    OVERALL: "Overall",
    "understands": "Understands",
    "executes": "Delivers",
    "communicates": "Informs",
    "value": "Value",
    CHOOSE: "Would choose IT",
    END_USERS: "End users",
}


def is_of_chance(measure: str) -> bool:
    """0 to 10, and told as promoters less detractors; otherwise 1 to 5, told as a mean."""
    return measure == CHOOSE


def scale_of(measure: str) -> Scale:
    """On which a figure of it is written."""
    return NET if is_of_chance(measure) else RATING


def asked_in(measure: str) -> tuple[Instrument, ...]:
    """What a project is rated by is not the unit's."""
    return (Instrument.PULSE, Instrument.SURVEY) if question_of(measure) == OVERALL else (Instrument.SURVEY,)


def question_of(measure: str) -> str:
    """Which question it reads: end users answer the overall one."""
    return OVERALL if measure == END_USERS else measure
