"""What kind of relationship each unit of the demonstration has with IT, what is known of it, and its maturity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.services.demo.era import Era, working_day
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from models.engagement import Assessment, Called, EngagementModel, EngagementWords, FourQuestion, Maturity, Model

WRITTEN_AT = time(15, 10)
#: The quarters in which the four questions were answered, counted back from this one.
CYCLES = (1, 2, 3, 4)
#: So many days into a quarter.
INTO = timedelta(days=24)


@dataclass(frozen=True)
class Relation:
    """``level``: how far IT says it has come; ``before``: the other model, until so many days ago."""

    model: Model
    called: Called
    why: str
    level: int
    seen_by: str
    before: tuple[str, int] | None = None


_CUSTOMER = "They tell us what they need, and want it to work. Planning together costs both sides more than it gives."
_PARTNER = "They plan their year with us, and {head} has a seat at our table."
RELATIONS: dict[str, Relation] = {
    "FIN": Relation(Model.PARTNER, Called.PARTNER, _PARTNER, 4, "We are in the planning of the close and the ledger."),
    "MFG": Relation(
        Model.PARTNER,
        Called.COLLEAGUE,
        "Since support sits beside the lines we decide together what comes first.",
        3,
        "Olu sits with them; what is agreed is kept.",
        before=(_CUSTOMER, 410),
    ),
    "LEG": Relation(Model.PARTNER, Called.COLLEAGUE, _PARTNER, 4, "Half of what we did for them was our idea."),
    "HR": Relation(Model.CUSTOMER, Called.CUSTOMER, _CUSTOMER, 3, "The services run. Talks have become rare."),
    "MKT": Relation(Model.CUSTOMER, Called.CUSTOMER, _CUSTOMER, 2, "We do what they ask, one thing at a time."),
    "RES": Relation(
        Model.PARTNER,
        Called.PARTNER,
        "They know their computing, and we know how to run it.",
        3,
        "Computing time is planned together, everything else is not.",
    ),
}
ORDINARY = Relation(Model.CUSTOMER, Called.CUSTOMER, _CUSTOMER, 3, "Services are agreed, and mostly kept.")
EXPECTS: dict[Model, tuple[str, str]] = {
    Model.CUSTOMER: (
        "One person who knows {unit}, an answer to each request within two weeks, and an alternative with every no.",
        "Needs in your own words, early, and somebody who tests what we deliver.",
    ),
    Model.PARTNER: (
        "A seat when we plan, our figures as we see them, and people who think along with {unit}.",
        "A seat when you plan, time for decisions together, and the truth when something does not work.",
    ),
}
STRATEGIES = (
    "{head} showed us the plan for next year in spring: fewer systems, figures every Monday.",
    "Told in the review: they wait for the group, and want nothing new before.",
    "Not written down. {head} says: whatever saves the night shift a call.",
    "They want to do more by themselves, and us for what must not fail.",
)
INSTALLATIONS = (
    "A plotter of their own, because the pool’s is on the other side of the yard.",
    "Nothing that was not standard, as far as we know.",
    "A cloud tool for two people; the contract ends in summer.",
)
REFUSALS = (
    "Nothing was refused in this quarter.",
    "Guest access for suppliers; they call about payment.",
)
GAINS = (
    "The new list on Monday mornings, their idea; two hours a week less, says {a}.",
    "Approval by phone, our idea; used daily.",
    "Nothing that anybody could name.",
)
ANSWERS: dict[FourQuestion, tuple[str, ...]] = {
    FourQuestion.STRATEGY: STRATEGIES,
    FourQuestion.INSTALLATION: INSTALLATIONS,
    FourQuestion.REFUSAL: REFUSALS,
    FourQuestion.GAIN: GAINS,
}


def write(rows: Rows, unit: Unit, era: Era) -> None:
    """Of a unit of the cast; of a generated one the model alone."""
    relation = RELATIONS.get(unit.code, ORDINARY)
    author = Author(rows, unit, era)
    author.model(relation)
    if "-" not in unit.code:
        author.words(relation)
        author.level(relation)
        author.four()


class Author:
    """Whoever leads the unit writes it down."""

    def __init__(self, rows: Rows, unit: Unit, era: Era) -> None:
        self._rows, self._unit, self._era = rows, unit, era
        self._rng = unit.chance("relation")

    def model(self, relation: Relation) -> None:
        begun = self._era.start
        if relation.before:
            why, until = relation.before
            changed = self._era.ago(until)
            self._model(Model.CUSTOMER, why, begun, changed)
            begun = changed
        self._model(relation.model, relation.why, begun, None)

    def _model(self, model: Model, why: str, since: date, until: date | None) -> None:
        told = why.format(head=self._unit.head(since).given)
        self._rows.add(
            EngagementModel,
            unit_id=self._unit.id,
            model=model,
            why=told,
            by_id=self._by(since),
            at=self._at(since),
            since=since,
            until=until,
        )

    def words(self, relation: Relation) -> None:
        theirs, ours = EXPECTS[relation.model]
        begun = self._era.start
        self._rows.add(
            EngagementWords,
            unit_id=self._unit.id,
            called=relation.called,
            unit_may_expect=theirs.format(unit=self._unit.name),
            it_may_expect=ours,
            by_id=self._by(begun),
            at=self._at(begun),
        )

    def level(self, relation: Relation) -> None:
        day = working_day(self._era.ago(70))
        self._rows.add(
            Maturity,
            unit_id=self._unit.id,
            level=relation.level,
            why=relation.seen_by,
            by_id=self._by(day),
            at=self._at(day),
        )

    def four(self) -> None:
        """Once a quarter, the newest last; where nobody met of late, nobody asked either."""
        for ago in reversed(CYCLES):
            begun = self._era.quarter_start(ago)
            day = working_day(begun + INTO)
            if ago > self._unit.story.silent and self._unit.lead(day):
                self._answer(begun, day)

    def _answer(self, begun: date, day: date) -> None:
        names = {"head": self._unit.head(day).given, "a": self._unit.users[0].given}
        for question, answers in ANSWERS.items():
            self._rows.add(
                Assessment,
                unit_id=self._unit.id,
                question=question,
                period_on=begun,
                answer=self._rng.choice(answers).format_map(names),
                by_id=self._by(day),
                at=self._at(day),
            )

    def _by(self, day: date) -> int | None:
        lead = self._unit.lead(day)
        return lead.id if lead else None

    def _at(self, day: date) -> datetime:
        return self._era.instant(day, WRITTEN_AT, self._unit.zone)
