"""Questions about a line, each choice with the line that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from crm.services import words
from crm.services.capture.characters import tidy
from crm.services.capture.days import NO_DATE
from crm.services.capture.found import Choice, Named, Question
from crm.services.capture.names import MOST_CHOICES, NOBODY, Mention, Names
from crm.services.capture.said import Said
from crm.services.capture.tails import SaidAt


def who(raw: str, mention: Mention, names: Names) -> Question:
    """Several may be meant by this name, or nobody is called so."""
    choices = [
        Choice(label, raw[: mention.start] + f"@{name}" + raw[mention.end :])
        for label, name in [*_offered(mention.people or names.nearest(mention.word), names), ("Nobody yet", NOBODY)]
    ]
    return Question("owner", _who(f"@{mention.word}", mention.people), tuple(choices))


def who_is(raw: str, start: int, end: int, people: tuple[Named, ...], names: Names) -> Question:
    """The same of praise: "+ mar: thanks". ``start`` and ``end`` hold the name in the line."""
    said = tidy(raw[start:end]).lstrip("@＠")
    choices = [
        Choice(label, f"{raw[:start]}{name}{raw[end:]}")
        for label, name in [*_offered(people or names.nearest(said), names), ("Everybody", "everybody")]
    ]
    plus = max(raw.rfind("+", 0, start), raw.rfind("＋", 0, start))
    choices.append(Choice("It is no praise", f"{raw[:plus]}-{raw[plus + 1 :]}"))
    return Question("person", _who(said, people), tuple(choices))


def _who(word: str, people: tuple[Named, ...]) -> str:
    if not people:
        return f"Who is {word}? Nobody here is called that."
    return f"Who is {word}?" if len(people) <= MOST_CHOICES else f"Who is {word}? So begin {len(people)} names."


def _offered(people: tuple[Named, ...], names: Names) -> Iterable[tuple[str, str]]:
    for person in people[:MOST_CHOICES]:
        yield ", ".join(part for part in (person.name, person.note) if part), names.written(person)


def which_does_it(raw: str, edges: Sequence[Mention], others: Sequence[Mention], names: Names) -> Question:
    """Names stand in the line, but not one alone where the owner stands: at its end or its beginning (``edges``)."""
    plain = list(raw)
    for mention in edges:
        plain[mention.start] = ""
    told = "".join(plain).rstrip()
    meant = {one.id: one for mention in (*edges, *others) for one in mention.people or names.nearest(mention.word)}
    offered = [*_offered(tuple(meant.values()), names), ("Nobody yet", NOBODY)]
    return Question("owner", "Who does it?", tuple(Choice(label, f"{told} @{name}") for label, name in offered))


def which_day(raw: str, day: SaidAt, on: date) -> Question:
    """The day stands at the end of the line. What was typed stays in it when no day is meant."""
    before, behind = raw[: day.start], raw[day.end :]
    days = [Choice(_label(one, on), f"{before}by {written(one)}{behind}") for one in day.said.days]
    none = Choice("No date yet", f"{raw[: day.end]} by {NO_DATE}{behind}")
    return Question("due", day.said.ask, (*days, none))


def is_it_due(raw: str, said: Said, on: date) -> Question:
    """A day stands within the line, where it may only belong to the text."""
    told = raw.rstrip()
    days = [Choice(_label(day, on), f"{told} by {written(day)}") for day in said.days]
    return Question("due", "By when?", (*days, Choice("No date yet", f"{told} by {NO_DATE}")))


def written(day: date) -> str:
    """ "13 November 2026": read in one way only."""
    return f"{day.day} {day:%B} {day.year:04}"


def _label(day: date, on: date) -> str:
    return f"{day:%a} {words.day(day, on)}"
