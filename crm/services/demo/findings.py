"""What a meeting leaves behind besides promises: decisions, and thanks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crm.services.demo.deck import Deck
from crm.services.demo.era import working_day
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.demo.wording import Names, written
from models.remark import Decision, Praise

#: Shares of reviews; a decision may be one to look at again, so many days later.
DECIDED, PRAISED, LOOKED_AT_AGAIN, BY_NAME = 0.34, 0.34, 0.45, 0.8
LATER = (60, 270)

DECISIONS = (
    "Maintenance for {unit} moves from Friday noon to Tuesday evening.",
    "{a} speaks for {unit} in all questions of access.",
    "No changes in the last week of a month.",
    "Bad news goes to {head} by phone, on the day.",
    "We keep the old reports running until nobody has opened them for a month.",
    "The team mailbox stays with {unit}; the help desk only files.",
    "New people get the standard laptop; exceptions go over {head}.",
    "{b} tests every release the day before.",
    "Tickets of {unit} about the same thing are answered together.",
    "We try fewer, longer maintenance windows for two months.",
    "{it} sits with {unit} every second Wednesday.",
    "The paper form stays as it is this year.",
    "Orders under 200 go without a second signature.",
    "The shared drive of the old team is closed, read only first.",
    "Printers stay on every floor until the contract ends.",
    "{head} gets the figures on the fifth working day, complete or not.",
    "Guests use the guest network, without exception.",
    "The next review begins with what is left from this one.",
)
PRAISES = (
    "Stayed until it ran again.",
    "Explained the outage in four sentences we could pass on.",
    "Came over instead of sending a mail.",
    "The best hand-over of a laptop we ever had.",
    "Called before we noticed anything.",
    "Answers on the same day, and says when not.",
    "The training was short, and everyone can do it now.",
    "Found in an hour what we had looked for since spring.",
    "Patient with the whole team, twice.",
    "Kept the date, although two people were missing.",
    "Said no, and why, and what would work instead.",
    "The quick reference hangs beside every desk.",
)


@dataclass
class Findings:
    """Keeps one unit's, so that none comes twice before all came once."""

    rows: Rows
    unit: Unit
    rng: Random = field(init=False)
    _decisions: Deck = field(init=False)
    _praises: Deck = field(init=False)

    def __post_init__(self) -> None:
        self.rng = self.unit.chance("findings")
        self._decisions = Deck(self.rng, DECISIONS)
        self._praises = Deck(self.rng, PRAISES)

    def of(self, meeting_id: int, on: date, names: Names, present: list[Known]) -> None:
        """What one review leaves behind. ``present``: those of IT who were there."""
        decided, praised = self.rng.random() < DECIDED, self.rng.random() < PRAISED
        if decided:
            self._decide(meeting_id, on, names)
        if praised:
            self._praise(meeting_id, on, present)

    def _decide(self, meeting_id: int, on: date, names: Names) -> None:
        again, days = self.rng.random() < LOOKED_AT_AGAIN, self.rng.randint(*LATER)
        self.rows.add(
            Decision,
            unit_id=self.unit.id,
            meeting_id=meeting_id,
            text=written(self._decisions.draw(), names),
            decided_on=on,
            revisit_on=working_day(on + timedelta(days=days)) if again else None,
        )

    def _praise(self, meeting_id: int, on: date, present: list[Known]) -> None:
        named, who = self.rng.random() < BY_NAME, self.rng.choice(present)
        self.rows.add(
            Praise,
            unit_id=self.unit.id,
            meeting_id=meeting_id,
            person_id=who.id if named else None,
            text=self._praises.draw(),
            said_on=on,
        )
