"""What reps expected of a round, and what came of what was said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.services.demo.era import Era
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from models.rating import CommentOutcome, Prediction

#: Reps say what they expect in so many rounds of ten, and are off by one in so many.
EXPECTS, ABOVE, BELOW = 0.7, 0.25, 0.1
#: What came of it is written so many days later, at the earliest.
AFTER = timedelta(days=24)


@dataclass(frozen=True)
class Outcome:
    """``said``: as the unit may read it; "" when only the writer does."""

    done: str
    said: str = ""


#: By the words of the comment.
OUTCOMES = {
    "Good on the ledger. Reports still late.": Outcome(
        "Owners have five figures on Monday morning now, before the report.", "Reports come too late to act on."
    ),
    "Closing works, but we find out about changes from each other.": Outcome(
        "Operations writes to Mara before any change to the jobs.", "We hear of changes from each other."
    ),
    "Eleven hours of standstill in a quarter.": Outcome(
        "Olu sits beside the lines since then, three days a week.", "The lines stand still too long."
    ),
    "Days are fine, nights are not.": Outcome(
        "The night shift has a number that somebody answers.", "At night nobody picks up."
    ),
    "Well looked after. Tickets could say more.": Outcome("Each answer names who works on it, and until when."),
    "Things get done; dates sometimes slip by a week.": Outcome(
        "We say so on the day we know, not on the day it is due.", "Dates slip without a word."
    ),
    "I hear of changes afterwards.": Outcome(
        "Changes that you will notice are announced a week before.", "We learn of changes afterwards."
    ),
    "Answers come, but I have to ask twice.": Outcome("Open questions stand in the notes of each review now."),
    "Signing is quick now. Guests could be easier.": Outcome(
        "A guest room takes two clicks, and no ticket.", "Guests should be easier to let in."
    ),
    "Friendly and reliable. The portal is still slow in the morning.": Outcome(
        "The portal starts at six, before anybody needs it.", "The portal is slow in the morning."
    ),
    "The slots work. Now the last carriers.": Outcome("Four of the six are connected; the last two by spring."),
    "Good help, when we know whom to ask.": Outcome("One page names who answers what.", "We do not know whom to ask."),
}


class Ear:
    """The account rep of one unit, before and after a round."""

    def __init__(self, rows: Rows, unit: Unit, era: Era) -> None:
        self._rows, self._unit, self._era = rows, unit, era
        self._rng = unit.chance("expected")

    def expects(self, round_id: int, day: date, opened_at: datetime, scores: Sequence[int | None]) -> None:
        """What the lead thought before anybody answered, in most rounds of the cast."""
        luck, off = self._rng.random(), self._rng.random()
        lead, given = self._unit.lead(day), [score for score in scores if score is not None]
        if "-" in self._unit.code or lead is None or luck >= EXPECTS or not given:
            return
        usual = round(sum(given) / len(given)) + (off < ABOVE) - (off > 1 - BELOW)
        self._rows.add(
            Prediction,
            round_id=round_id,
            person_id=lead.id,
            expected=min(5, max(1, usual)),
            entered_at=opened_at,
        )

    def hears(self, response_id: int, comment: str, answered_at: datetime) -> None:
        """What came of the comment, where something did and there was time for it."""
        outcome, made_at = OUTCOMES.get(comment), answered_at + AFTER
        if outcome is None or made_at > self._era.now:
            return
        lead = self._unit.lead(made_at.date())
        self._rows.add(
            CommentOutcome,
            unit_id=self._unit.id,
            response_id=response_id,
            said=outcome.said,
            done=outcome.done,
            is_for_unit=bool(outcome.said),
            made_at=made_at,
            made_by_id=lead.id if lead else None,
            told_at=made_at,
        )
