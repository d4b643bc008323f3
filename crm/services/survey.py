"""The questions of a round as one person meets them: asked once, or about each service and each person of IT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.services import attendees, catalogue
from crm.services.languages import AS_WRITTEN, Language, later
from crm.services.question_sets import SCALES, WEIGHTS
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.question import Per, Question, QuestionKind, Service
from models.rating import Answer, Round
from models.unit import BusinessUnit

#: Whom of IT the unit has met within so many days is asked about; so many people, and services, at most.
MET_WITHIN = timedelta(days=180)
MOST_PEOPLE, MOST_SERVICES = 4, 8
#: What is asked back, in the reader's language.
OFF_THE_SCALE = later("Choose one of the answers.")
NOT_A_WEIGHT = later("Choose one of the three.")
UPSIDE_DOWN = later("The least that would do is more here than what you wish for. Look at both once more.")


@dataclass(frozen=True)
class Asked:
    """One question to be answered. ``about``: "service:3", "person:7", or "" where it is asked once; ``scale``: each
    step with its word, worst first."""

    question: Question
    about: str
    text: str
    scale: Mapping[int, str]

    @property
    def name(self) -> str:
        """What the field of its answer is called in a form."""
        return f"q{self.question.id}" + (f"_{self.about.replace(':', '_')}" if self.about else "")

    @property
    def weight_name(self) -> str:
        return f"{self.name}_weight"

    @property
    def minimum_name(self) -> str:
        return f"{self.name}_minimum"

    @property
    def desired_name(self) -> str:
        return f"{self.name}_desired"

    @property
    def is_of_level(self) -> bool:
        return self.question.kind is QuestionKind.LEVEL

    @property
    def is_of_chance(self) -> bool:
        return self.question.kind is QuestionKind.CHANCE


@dataclass(frozen=True)
class Given:
    """What was answered to one question: a step of its scale; 1 to 3 for how much it matters; and, where its zone is
    asked, the least that would do and what is wished for, on the same scale."""

    value: int
    weight: int | None = None
    minimum: int | None = None
    desired: int | None = None


#: By question id and ``about``.
Answers = Mapping[tuple[int, str], Given]


def asked(session: Session, *, round_: Round, today: date, say: Language = AS_WRITTEN) -> list[Asked]:
    """The questions of the round in their order, besides the overall one, worded for the reader. At most four
    statements; a pulse has none."""
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
    return [_asked(question, subject, unit, say) for question in questions for subject in subjects[question.per]]


def _asks_per(questions: Sequence[Question], per: Per) -> bool:
    return any(question.per is per for question in questions)


def _asked(question: Question, subject: tuple[str, str], unit: BusinessUnit, say: Language) -> Asked:
    about, name = subject
    scale = {step: say.as_written(word) for step, word in SCALES[question.kind].items()}
    return Asked(question, about, worded(question, unit, name, say), scale)


def worded(question: Question, unit: BusinessUnit, name: str, say: Language = AS_WRITTEN) -> str:
    """The question with the names in it; ``name``: of the service or person it is about, or ""."""
    text = say.as_written(question.text)
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
    """What was answered of what was asked; anything else is left out. Raises Invalid(field) beyond a scale, and for a
    minimum above what is wished for."""
    found: dict[tuple[int, str], Given] = {}
    for one in questions:
        said = given.get((one.question.id, one.about))
        if said is not None:
            _check(one, said)
            found[one.question.id, one.about] = said
    return found


def _check(one: Asked, said: Given) -> None:
    if said.value not in one.scale:
        raise Invalid(one.name, OFF_THE_SCALE)
    if said.weight is not None and (said.weight not in WEIGHTS or not one.question.is_weighed):
        raise Invalid(one.weight_name, NOT_A_WEIGHT)
    for name, step in ((one.minimum_name, said.minimum), (one.desired_name, said.desired)):
        if step is not None and (step not in one.scale or not one.question.has_zone):
            raise Invalid(name, OFF_THE_SCALE)
    if said.minimum is not None and said.desired is not None and said.minimum > said.desired:
        raise Invalid(one.minimum_name, UPSIDE_DOWN)


def rows(answers: Answers) -> list[Answer]:
    """The answers as rows of a response."""
    return [Answer(**values) for values in columns(answers)]


def columns(answers: Answers) -> list[dict[str, Any]]:
    """The same, as what stands in each row."""
    return [
        {"question_id": question_id, "about": about, **asdict(said)} for (question_id, about), said in answers.items()
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
    return unit, [_asked(question, subjects[question.per], unit, AS_WRITTEN) for question in questions]
