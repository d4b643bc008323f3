"""What the business says of people of IT by name: read by that person, by whoever leads them, and by the CIO.

Nobody learns what one rater said. Answers count once their quarter is over and settled. They are added to batches of
whole quarters with five answers at least, and every figure is about whole batches; so no two figures, of one day or of
several, are fewer than five answers apart. Neither are they from what a round shows by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Row, func, literal_column, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import NotFound
from crm.policy import Action, Actor
from crm.services import attendees, pages
from crm.services.search import contains
from crm.stats.moments import Moments
from crm.stats.scores import Score, score_from
from crm.stats.suppression import SCORES_FROM
from models.person import Person
from models.question import Per, Question, QuestionKind
from models.rating import Answer, Response, Round

#: How many quarters make a year, and after how long nothing of a quarter changes any more.
YEAR, SETTLED_AFTER = 4, timedelta(days=7)


@dataclass(frozen=True, order=True)
class Quarter:
    """``number``: 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def place(self) -> int:
        """Counted on from the year 0."""
        return self.year * YEAR + self.number - 1

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)


@dataclass(frozen=True)
class Heard:
    """What one round says of one person: of one question, by how many of how many asked."""

    quarter: Quarter
    asked: int
    answers: Moments

    @property
    def is_shown_alone(self) -> bool:
        """On the page of its round."""
        return self.answers.n >= SCORES_FROM


@dataclass(frozen=True)
class Batch:
    """Whole quarters, from the first to the last, and what they say."""

    first: Quarter
    last: Quarter
    score: Score

    @property
    def name(self) -> str:
        """ "July to September 2026"."""
        last = date(self.last.year, 3 * self.last.number, 1)
        year = "" if self.first.year == self.last.year else f" {self.first.year}"
        return f"{self.first.first:%B}{year} to {last:%B %Y}"


@dataclass(frozen=True)
class Evaluation:
    """Of one question: the last four quarters together (None: too few answers), and batch by batch, newest first."""

    key: str
    text: str
    year: Batch | None
    batches: Sequence[Batch]


@dataclass(frozen=True)
class Line:
    """A person of IT and what is said of them; nothing before enough have answered."""

    person: Person
    evaluations: Sequence[Evaluation]


def may_read(by: Actor, person: Person) -> bool:
    """The person, whoever leads them, and the CIO."""
    return by.id is not None and (by.id in (person.id, person.lead_id) or (by.person is not None and by.person.is_cio))


def listed(session: Session, *, by: Actor, text: str = "", number: int = 1) -> pages.Page[Line]:
    """Those of IT whose evaluations the actor reads, besides the own: by name. Three statements."""
    policy.require(by, Action.SEE_EVALUATIONS)
    wanted = select(Person).where(Person.left_on.is_(None), Person.id != by.id, attendees.is_from_it())
    if by.person is None or not by.person.is_cio:
        wanted = wanted.where(Person.lead_id == by.id)
    if text:
        wanted = wanted.where(contains(text, Person.name, Person.job_title))
    found = pages.of_objects(session, wanted.order_by(func.lower(Person.name), Person.id), number)
    return pages.Page(_lines(session, found.rows, by.today), found.number, found.has_next)


def of_person(session: Session, *, by: Actor, person_id: int) -> Line:
    """Raises NotFound for anybody whose evaluations the actor does not read. Three statements."""
    policy.require(by, Action.SEE_EVALUATIONS)
    person = session.get(Person, person_id)
    if person is None or not may_read(by, person):
        raise NotFound("There is nothing here.")
    return _lines(session, [person], by.today)[0]


def _lines(session: Session, people: Sequence[Person], today: date) -> list[Line]:
    abouts = {f"person:{person.id}": person for person in people}
    texts: dict[tuple[str, str], str] = {}
    heard: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for row in _rounds(session, abouts):
        texts[row.about, row.key] = _worded(row.text, abouts[row.about])
        quarter = Quarter.of(row.closes_at.date())
        moments = Moments(row.n, row.total, row.squares)
        heard[row.about, row.key].append(Heard(quarter, max(row.asked, row.n), moments))
    return [
        Line(
            person,
            [_evaluation(key, texts[of, key], found, today) for (of, key), found in heard.items() if of == about],
        )
        for about, person in abouts.items()
    ]


def _worded(text: str, person: Person) -> str:
    return text.replace("{person}", person.name).replace("{unit}", "the unit")


def _rounds(session: Session, abouts: Collection[str]) -> Sequence[Row[*tuple[object, ...]]]:
    """Round by round, of rounds whose scores are shown; the newest words of a question last. One statement."""
    return session.execute(
        select(
            Answer.about,
            Question.key,
            func.max(Question.text).label("text"),
            Round.closes_at,
            Round.asked,
            func.count().label("n"),
            func.sum(Answer.value).label("total"),
            func.sum(Answer.value * Answer.value).label("squares"),
        )
        .join(Question, Question.id == Answer.question_id)
        .join(Response, Response.id == Answer.response_id)
        .join(Round, Round.id == Response.round_id)
        .where(
            Answer.about.in_(abouts),
            Answer.about != literal_column("''"),  # in words that the index of those asked about has, too
            Question.per == Per.PERSON,
            Question.kind != QuestionKind.CHANCE,
            Round.scores_shown,
        )
        .group_by(Answer.about, Question.key, Round.id, Round.closes_at, Round.asked)
        .order_by(Round.closes_at, Round.id, Question.key)
    ).all()


def _evaluation(key: str, text: str, heard: Iterable[Heard], today: date) -> Evaluation:
    last = Quarter.of(today - SETTLED_AFTER).place - 1
    groups = batches([one for one in heard if one.quarter.place <= last])
    this_year = [one for group in groups if group[0].quarter.place > last - YEAR for one in group]
    return Evaluation(
        key, text, _batch(this_year) if this_year else None, [_batch(group) for group in reversed(groups)]
    )


def batches(heard: Iterable[Heard]) -> list[list[Heard]]:
    """Whole quarters, the oldest first, added up until they hold five answers, and as many besides what rounds show
    alone. What has not found five within four quarters is never shown, so that a batch is not about long ago."""
    by_quarter: Mapping[Quarter, list[Heard]] = _by_quarter(heard)
    found: list[list[Heard]] = []
    waiting: list[Heard] = []
    for quarter in sorted(by_quarter):
        waiting = [one for one in waiting if one.quarter.place > quarter.place - YEAR] + by_quarter[quarter]
        if _is_enough(waiting):
            found.append(waiting)
            waiting = []
    return found


def _by_quarter(heard: Iterable[Heard]) -> Mapping[Quarter, list[Heard]]:
    found: dict[Quarter, list[Heard]] = defaultdict(list)
    for one in heard:
        found[one.quarter].append(one)
    return found


def _is_enough(group: Sequence[Heard]) -> bool:
    total = sum(one.answers.n for one in group)
    besides = sum(one.answers.n for one in group if not one.is_shown_alone)
    return total >= SCORES_FROM and (besides == 0 or besides >= SCORES_FROM)


def _batch(group: Sequence[Heard]) -> Batch:
    answers = sum((one.answers for one in group), Moments())
    asked = sum(one.asked for one in group)
    quarters = [one.quarter for one in group]
    return Batch(min(quarters), max(quarters), score_from(answers, asked))
