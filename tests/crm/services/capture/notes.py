"""People who may be meant, and the day of the meeting: a Tuesday."""

from __future__ import annotations

from datetime import date

from crm.services.capture.found import Captured, Find, Line, Named, Prose
from crm.services.capture.reading import read

ON = date(2026, 11, 10)
MARA = Named(1, "Mara Klein", "Controller")
MAREK = Named(2, "Marek Nowak")
OLU = Named(3, "Olu Adeyemi")
INES = Named(4, "Inés Carvalho")
AMARA = Named(5, "Amara Diallo")
JO = Named(6, "Jo Lindt")
OTHER_JO = Named(7, "Jo Lindt", "Buyer")
SEAN = Named(8, "Seán O’Brien-Łuk")
ZOE = Named(9, "Zoë")
PEOPLE = (MARA, MAREK, OLU, INES, AMARA, JO, OTHER_JO, SEAN, ZOE)


def captured(text: str, *, on: date = ON) -> Captured:
    return read(text, people=PEOPLE, on=on, me=INES.id)


def line(text: str, *, on: date = ON) -> Line:
    """The only line of a note."""
    (only,) = captured(text, on=on).lines
    return only


def find(text: str, *, on: date = ON) -> Find:
    """What the only line of a note says."""
    only = line(text, on=on)
    assert not isinstance(only, Prose), f"{text!r} was read as prose"
    return only


def asked(found: Line) -> dict[str, str]:
    """Field to question."""
    return {question.field: question.ask for question in found.questions}


def labels(found: Line, field: str) -> list[str]:
    """What there is to choose from."""
    return [choice.label for question in found.questions if question.field == field for choice in question.choices]


def answer(found: Line, field: str, label: str) -> Find:
    """The line read again after a choice was taken."""
    (replacement,) = [
        choice.replacement
        for question in found.questions
        if question.field == field
        for choice in question.choices
        if choice.label == label
    ]
    return find(replacement)
