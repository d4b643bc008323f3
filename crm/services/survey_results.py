"""What a round says question by question: how well, how much it matters, from how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.charts.matters import MattersChart, matters_chart
from crm.charts.zones import ZoneItem, ZonesChart, zones_chart
from crm.policy import Actor
from crm.services import clock, evaluations, words
from crm.services.confidentiality import may_show
from crm.services.question_sets import WEIGHTS
from crm.services.survey import named, worded
from crm.stats.gaps import Item
from crm.stats.promoters import promoters_of
from crm.stats.scores import Score, score_of
from crm.stats.suppression import SCORES_FROM
from crm.stats.told import Told, told, told_promoters, told_share
from crm.stats.wilson import SATISFIED_FROM, share_of
from crm.stats.zone import Zone, ZoneReading, zone_reading
from models.person import Person
from models.question import Per, Question, QuestionKind
from models.rating import Answer, Response, Round

#: Of answers: as they were asked, then by what they are about.
ORDER = (Question.position, Answer.about, Answer.value, Answer.id)


@dataclass(frozen=True)
class Part:
    """One question, of one service or person where it asks about each. ``score``: of those on the scale of 1 to 5;
    ``zone``: where the least that would do and the wish were asked too, and may be shown."""

    key: str
    about: str
    per: Per
    text: str
    name: str
    asked: int
    values: Sequence[int]
    weights: Sequence[int]
    score: Score | None
    zone: ZoneReading | None

    @property
    def is_of_chance(self) -> bool:
        return self.score is None

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def weight(self) -> float | None:
        """How much it matters, 1 to 3."""
        return fmean(self.weights) if self.weights else None

    @property
    def weight_words(self) -> str:
        """ "much"; "" when nobody said."""
        return WEIGHTS[round(self.weight)].lower() if self.weight else ""

    @property
    def heard(self) -> str:
        """ "from 4 of 6 people, 3.2–4.8"; "" of a chance."""
        return told(self.score).words if self.score else ""


@dataclass(frozen=True)
class Figure:
    """A figure of a whole survey with the sentence that says how it is meant."""

    name: str
    told: Told
    sentence: str


def of_round(session: Session, *, by: Actor, round_: Round) -> list[Part]:
    """Question by question, in their order; nothing of a pulse, or of a round whose scores are withheld.

    What was said of a person of IT is read by that person, whoever leads them and the CIO alone, from five answers on
    and once the round has closed. The round comes with its unit; the caller has checked the right to read it. At most
    three statements.
    """
    if round_.set_id is None or not round_.scores_shown:
        return []
    rows = session.execute(
        select(Question, Answer)
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_.id)
        .order_by(*ORDER)
    )
    return parts_of(session, by=by, round_=round_, answers=[(question, answer) for question, answer in rows])


def parts_of(session: Session, *, by: Actor, round_: Round, answers: Sequence[tuple[Question, Answer]]) -> list[Part]:
    """What may be read of these answers of the round, in their order. Two statements."""
    found: dict[tuple[Question, str], list[Answer]] = defaultdict(list)
    for question, answer in answers:
        found[question, answer.about].append(answer)
    people = _people(session, [about for question, about in found if question.per is Per.PERSON])
    enough = {key: said for key, said in found.items() if _is_read(round_, by, people, *key, len(said))}
    names = named(session, abouts=[about for question, about in enough if question.per is Per.SERVICE])
    names |= {about: person.name for about, person in people.items()}
    return [_part(question, about, names.get(about, ""), round_, said) for (question, about), said in enough.items()]


def _people(session: Session, abouts: Sequence[str]) -> dict[str, Person]:
    """Those asked about, by "person:7"."""
    ids = [int(about.partition(":")[2]) for about in abouts]
    found = session.scalars(select(Person).where(Person.id.in_(ids))) if ids else ()
    return {f"person:{person.id}": person for person in found}


def _is_read(
    round_: Round, by: Actor, people: Mapping[str, Person], question: Question, about: str, answers: int
) -> bool:
    """Each question stands for itself: whoever left it out does not count towards its threshold."""
    if question.per is not Per.PERSON:
        return may_show(round_, answers)
    # While more may come, two readings could be an answer apart.
    has_closed = clock.local_date(round_.closes_at, round_.unit.time_zone) < by.today
    person = people.get(about)
    reads = person is not None and evaluations.may_read(by, person)
    return reads and has_closed and may_show(round_, answers) and answers >= SCORES_FROM


def _part(question: Question, about: str, name: str, round_: Round, answers: Sequence[Answer]) -> Part:
    values = [answer.value for answer in answers]
    weights = [answer.weight for answer in answers if answer.weight is not None]
    asked = max(round_.asked, len(values))
    return Part(
        key=question.key,
        about=about,
        per=question.per,
        text=worded(question, round_.unit, name),
        name=name,
        asked=asked,
        values=values,
        weights=weights if may_show(round_, len(weights)) else [],
        score=None if question.kind is QuestionKind.CHANCE else score_of(values, asked),
        zone=_zone(round_, answers, asked) if question.has_zone else None,
    )


def _zone(round_: Round, answers: Sequence[Answer], asked: int) -> ZoneReading | None:
    """Without names: only where nobody, or enough, left it out; else the zone and the score beside it would give away
    whoever did."""
    given = [
        Zone(answer.minimum, answer.desired, answer.value)
        for answer in answers
        if answer.minimum is not None and answer.desired is not None
    ]
    reading = zone_reading(given, asked)
    if reading is None or not may_show(round_, reading.n):
        return None
    without = len(answers) - reading.n
    return reading if round_.bears_names or not without or may_show(round_, without) else None


def figures(*, round_: Round, scores: Sequence[int], parts: Sequence[Part]) -> list[Figure]:
    """Of a survey that may be read: how many are satisfied, and whether they would choose IT; of a pulse nothing.
    ``scores``: of all its answers."""
    if round_.set_id is None:
        return []
    n, hits = len(scores), sum(score >= SATISFIED_FROM for score in scores)
    if not n or not may_show(round_, n):
        return []
    share = told_share(share_of(hits, n), max(round_.asked, n))
    good = words.capital(words.number(hits)) if hits else "None"
    meant = f"{good} of {words.number(n)} answered “well” or “very well”."
    return [Figure("Satisfied", share, meant), *(_chance(part) for part in parts if part.is_of_chance)]


def _chance(part: Part) -> Figure:
    counted = promoters_of(part.values)
    yes, no = (words.number(many) if many else "nobody" for many in (counted.promoters, counted.detractors))
    meant = f"{words.capital(yes)} surely would (9 or 10), {no} would not (6 or less)."
    meaning = "Of a hundred, so many more would than would not."
    return Figure(part.text, told_promoters(counted, part.asked), f"{meant} {meaning}")


def zones(parts: Sequence[Part], whose: str) -> ZonesChart | None:
    """The chart of all that has a zone; None where nothing has."""
    items = [ZoneItem(part.name or part.text, part.zone) for part in parts if part.zone]
    return zones_chart(items, whose) if items else None


def matters(parts: Sequence[Part], whose: str) -> MattersChart | None:
    """Importance x satisfaction of all that was weighed; None where nothing was."""
    weighed = [Item(part.text, part.weight, part.mean, part.heard) for part in parts if part.weight and part.score]
    return matters_chart(weighed, whose) if weighed else None
