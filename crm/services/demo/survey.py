"""The quarterly survey and the questions about delivered projects: what is asked, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from crm.services.demo.era import Era
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.question_sets import FIRST
from models.question import Instrument, Per, Question, QuestionKind, QuestionSet, Service, ServiceUse
from models.rating import Answer

SERVICES = (
    "Service desk",
    "Workplace and devices",
    "E-mail and calendar",
    "Network and Wi-Fi",
    "Business applications",
    "Reports and data",
    "Phones and meetings",
    "File storage",
)
#: A unit of the cast uses so many of them; a generated one two.
USES, GROWN_USES = (4, 6), 2
#: So many people of IT are asked about.
PEOPLE = 3
LEFT_OUT, BETTER, WORSE = 0.06, 0.9, 0.14
#: Of ten, by the overall score.
CHANCES = {1: (0, 2), 2: (2, 5), 3: (5, 7), 4: (7, 9), 5: (9, 10)}


@dataclass(frozen=True)
class Item:
    """A question with the id its row has."""

    id: int
    key: str
    kind: QuestionKind
    per: Per
    is_weighed: bool


class Questionnaire:
    """Writes what is asked, and what a unit said to each question."""

    def __init__(self, rows: Rows, era: Era) -> None:
        self._rows, self._era = rows, era
        begun = datetime.combine(era.start, time(9), era.now.tzinfo)
        self.sets = {instrument: self._set(instrument, begun) for instrument in FIRST}
        self._items = {instrument: list(self._questions(instrument)) for instrument in FIRST}
        self._services = [rows.add(Service, name=name, name_key=name.casefold(), ended_on=None) for name in SERVICES]

    def _set(self, instrument: Instrument, begun: datetime) -> int:
        said = "What the house begins with."
        return self._rows.add(
            QuestionSet, instrument=instrument, version=1, made_at=begun, made_by_id=None, reason=said
        )

    def _questions(self, instrument: Instrument) -> Iterator[Item]:
        for position, one in enumerate(FIRST[instrument], start=1):
            number = self._rows.add(
                Question,
                set_id=self.sets[instrument],
                position=position,
                key=one.key,
                text=one.text,
                kind=one.kind,
                per=one.per,
                is_weighed=one.is_weighed,
                has_zone=False,
            )
            yield Item(number, one.key, one.kind, one.per, one.is_weighed)

    def voice(self, unit: Unit) -> Voice:
        """What this unit uses and thinks; the same each time."""
        rng = unit.chance("survey")
        many = GROWN_USES if "-" in unit.code else rng.randint(*USES)
        used = sorted(rng.sample(self._services, many))
        for service_id in used:
            self._rows.add(ServiceUse, unit_id=unit.id, service_id=service_id, since=self._era.start, until=None)
        return Voice(self._rows, unit, rng, self._items, used)


class Voice:
    """How the people of one unit answer."""

    def __init__(
        self,
        rows: Rows,
        unit: Unit,
        rng: Random,
        items: dict[Instrument, list[Item]],
        services: Sequence[int],
    ) -> None:
        self._rows, self._unit, self._rng, self._items = rows, unit, rng, items
        self._services = services
        self._levels = unit.chance("maturity")
        self._level = self._levels.choice((1, 2, 2, 3, 3, 4))
        self._leans: dict[str, int] = {}
        self._matters: dict[str, int] = {}

    def answer(self, instrument: Instrument, response_id: int, score: int, day: date) -> None:
        """Around the overall score, and around what is the unit's own."""
        for item in self._items[instrument]:
            if item.kind is QuestionKind.LEVEL:
                self._say_level(item, response_id, score)
                continue
            for about in self._abouts(item.per, day):
                if self._rng.random() >= LEFT_OUT:
                    self._say(item, about, response_id, score)

    def _say_level(self, item: Item, response_id: int, score: int) -> None:
        """How far the relationship has come changes slowly: around what the unit thinks of it."""
        level = min(5, max(1, self._level + self._levels.choice((-1, 0, 0, 0)) + (score == 5)))
        self._rows.add(
            Answer,
            response_id=response_id,
            question_id=item.id,
            about="",
            value=level,
            weight=None,
            minimum=None,
            desired=None,
        )

    def _say(self, item: Item, about: str, response_id: int, score: int) -> None:
        self._rows.add(
            Answer,
            response_id=response_id,
            question_id=item.id,
            about=about,
            value=self._chance(score) if item.kind is QuestionKind.CHANCE else self._step(item.key + about, score),
            weight=self._weight(item.key) if item.is_weighed else None,
            minimum=None,
            desired=None,
        )

    def _abouts(self, per: Per, day: date) -> Sequence[str]:
        if per is Per.ONCE:
            return ("",)
        if per is Per.SERVICE:
            return [f"service:{service_id}" for service_id in self._services]
        return [] if "-" in self._unit.code else [f"person:{who.id}" for who in self._met(day)]

    def _met(self, day: date) -> list[Known]:
        """The lead rep, and those of the unit's specialists who come most."""
        lead = self._unit.lead(day)
        specialists = list(dict.fromkeys(topic.skill for topic in self._unit.theme.topics))
        known = [self._unit.specialists[skill] for skill in specialists]
        return ([lead] if lead else []) + known[: PEOPLE - 1]

    def _step(self, about: str, score: int) -> int:
        lean = self._leans.setdefault(about, self._rng.choice((-1, 0, 0, 0, 1)))
        luck = self._rng.random()
        return min(5, max(1, score + lean + (luck > BETTER) - (luck < WORSE)))

    def _chance(self, score: int) -> int:
        return self._rng.randint(*CHANCES[score])

    def _weight(self, key: str) -> int:
        usual = self._matters.setdefault(key, self._rng.choice((1, 2, 2, 3)))
        return min(3, max(1, usual + self._rng.choice((-1, 0, 0, 0, 1))))


def is_of_new_quarter(day: date, before: date | None) -> bool:
    """The first round of a quarter is its survey."""
    return before is None or (day.year, (day.month - 1) // 3) != (before.year, (before.month - 1) // 3)


def is_kept(unit: Unit, day: date, era: Era) -> bool:
    """Generated units are many: their surveys begin a year ago."""
    return "-" not in unit.code or day >= era.today - timedelta(days=370)
