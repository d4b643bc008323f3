"""The questions of a round as one person meets them: asked once, or about each service and each person of IT."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.services import attendees, catalogue
from crm.services.question_sets import SCALES, WEIGHTS
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.question import Per, Question, QuestionKind, Service
from models.rating import Answer, Round
from models.unit import BusinessUnit

#: Whom of IT the unit has met within so many days is asked about; so many people, and services, at most.
MET_WITHIN = timedelta(days=180)
MOST_PEOPLE, MOST_SERVICES = 4, 8


@dataclass(frozen=True)
class Asked:
    """One question to be answered. ``about``: "service:3", "person:7", or "" where it is asked once."""

    question: Question
    about: str
    text: str

    @property
    def name(self) -> str:
        """What the field of its answer is called in a form."""
        return f"q{self.question.id}" + (f"_{self.about.replace(':', '_')}" if self.about else "")

    @property
    def weight_name(self) -> str:
        return f"{self.name}_weight"

    @property
    def is_of_chance(self) -> bool:
        return self.question.kind is QuestionKind.CHANCE

    @property
    def scale(self) -> dict[int, str]:
        """Each step of its scale with its word, worst first."""
        return SCALES[self.question.kind]


@dataclass(frozen=True)
class Given:
    """What was answered to one question: a step of its scale, and 1 to 3 for how much it matters."""

    value: int
    weight: int | None = None


#: By question id and ``about``.
Answers = Mapping[tuple[int, str], Given]


def asked(session: Session, *, round_: Round, today: date) -> list[Asked]:
    """The questions of the round in their order, besides the overall one. At most four statements; a pulse has none."""
    if round_.set_id is None:
        return []
    questions = session.scalars(
        select(Question).where(Question.set_id == round_.set_id).order_by(Question.position, Question.id)
    ).all()
    unit = session.get_one(BusinessUnit, round_.unit_id)
    subjects = {
        Per.ONCE: [("", "")],
        Per.SERVICE: _services(session, unit, today) if _asks_per(questions, Per.SERVICE) else [],
        Per.PERSON: _people(session, unit, today) if _asks_per(questions, Per.PERSON) else [],
    }
    return [_asked(question, subject, unit) for question in questions for subject in subjects[question.per]]


def _asks_per(questions: Sequence[Question], per: Per) -> bool:
    return any(question.per is per for question in questions)


def _asked(question: Question, subject: tuple[str, str], unit: BusinessUnit) -> Asked:
    about, name = subject
    return Asked(question, about, worded(question, unit, name))


def worded(question: Question, unit: BusinessUnit, name: str) -> str:
    """The question with the names in it; ``name``: of the service or person it is about, or ""."""
    text = question.text
    for place, words in (("{unit}", unit.name), ("{service}", name), ("{person}", name)):
        text = text.replace(place, words)
    return text


def _services(session: Session, unit: BusinessUnit, today: date) -> list[tuple[str, str]]:
    """What the unit uses, by name."""
    used = catalogue.used_by(session, unit_id=unit.id, today=today)
    return [(f"service:{service.id}", service.name) for service in used[:MOST_SERVICES]]


def _people(session: Session, unit: BusinessUnit, today: date) -> list[tuple[str, str]]:
    """Whom of IT the unit has met of late, the most often met first."""
    met = session.execute(
        select(Person.id, Person.name)
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(
            Meeting.unit_id == unit.id,
            Meeting.held_on >= today - MET_WITHIN,
            Attendance.presence == Presence.PRESENT,
            Person.left_on.is_(None),
            attendees.is_from_it(),
        )
        .group_by(Person.id, Person.name)
        .order_by(func.count().desc(), Person.name, Person.id)
        .limit(MOST_PEOPLE)
    )
    return [(f"person:{row.id}", row.name) for row in met]


def checked(questions: Sequence[Asked], given: Answers) -> Answers:
    """What was answered of what was asked; anything else is left out. Raises Invalid(field) beyond a scale."""
    return dict(_each(questions, given))


def _each(questions: Sequence[Asked], given: Answers) -> Iterator[tuple[tuple[int, str], Given]]:
    for one in questions:
        said = given.get((one.question.id, one.about))
        if said is None:
            continue
        if said.value not in one.scale:
            raise Invalid(one.name, "Choose one of the answers.")
        if said.weight is not None and (said.weight not in WEIGHTS or not one.question.is_weighed):
            raise Invalid(one.weight_name, "Choose one of the three.")
        yield (one.question.id, one.about), said


def rows(answers: Answers) -> list[Answer]:
    """The answers as rows of a response."""
    return [
        Answer(question_id=question_id, about=about, value=said.value, weight=said.weight)
        for (question_id, about), said in answers.items()
    ]


def named(session: Session, *, abouts: Sequence[str]) -> dict[str, str]:
    """The names behind ``about``: of services and people. Two statements at most."""
    ids: dict[str, list[int]] = {"service": [], "person": []}
    for about in abouts:
        if about:
            kind, _, number = about.partition(":")
            ids[kind].append(int(number))
    found: dict[str, str] = {}
    for kind, table in (("service", Service), ("person", Person)):
        if ids[kind]:
            rows = session.execute(select(table.id, table.name).where(table.id.in_(ids[kind])))
            found |= {f"{kind}:{row.id}": row.name for row in rows}
    return found


def sample(session: Session, *, questions: Sequence[Question], today: date) -> tuple[BusinessUnit, list[Asked]]:
    """The questions as the head of some unit would meet them, one service and one person for each. Three statements."""
    units = select(BusinessUnit).where(BusinessUnit.closed_on.is_(None)).order_by(BusinessUnit.name, BusinessUnit.id)
    unit = session.scalar(units.limit(1)) or BusinessUnit(name="Finance")
    services = select(Service.name).where(catalogue.in_service(today)).order_by(Service.name, Service.id)
    reps = select(Person.name).where(Person.is_rep, Person.left_on.is_(None)).order_by(Person.name, Person.id)
    subjects = {
        Per.ONCE: ("", ""),
        Per.SERVICE: ("service:0", session.scalar(services.limit(1)) or "Mail"),
        Per.PERSON: ("person:0", session.scalar(reps.limit(1)) or "Your account rep"),
    }
    return unit, [_asked(question, subjects[question.per], unit) for question in questions]
