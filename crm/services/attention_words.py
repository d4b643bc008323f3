"""Why a relationship needs attention, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crm.services import words
from crm.services.attention import Facts, Level


@dataclass(frozen=True)
class Status:
    """A state in words: "No rep" for the pill, "since 1 October" beside it, and both as what one says of the unit."""

    level: Level
    reason: str
    #: After the unit's name: "has had no rep since 1 October".
    said: str

    @property
    def word(self) -> str:
        return self.level.word

    @property
    def tone(self) -> str:
        """ "worse" (orange), "better" (blue) or "plain" (grey text)."""
        if self.level.needs_you:
            return "worse"
        return "better" if self.level is Level.RATED_HIGHER else "plain"


def status_of(facts: Facts, today: date) -> Status:
    """The state of the unit on that day, with its reason."""
    level = facts.level
    reason, said = _SAYINGS[level](facts, today)
    return Status(level, reason, said)


Saying = Callable[[Facts, date], tuple[str, str]]


def _no_rep(facts: Facts, today: date) -> tuple[str, str]:
    if facts.uncovered_since is None:
        return "never had one", "has no rep yet"
    since = words.day(facts.uncovered_since, today)
    return f"since {since}", f"has had no rep since {since}"


def _moved(word: str) -> Saying:
    def say(facts: Facts, _: date) -> tuple[str, str]:
        reason = f"{_rated(facts)}, was {words.score(facts.before_sum, facts.before_answers)}"
        return reason, f"rates us {word}: {reason}"

    return say


def _low(facts: Facts, _: date) -> tuple[str, str]:
    return _rated(facts), f"rates us low: {_rated(facts)}"


def _rated(facts: Facts) -> str:
    return facts.satisfaction.said if facts.satisfaction else ""


def _missed(facts: Facts, today: date) -> tuple[str, str]:
    held = f"none held since {words.day(facts.last_held_on, today)}" if facts.last_held_on else "none held yet"
    in_a_row = f"{words.number(facts.missed)} in a row, " if facts.missed > 1 else ""
    return f"{in_a_row}{held}", f"has missed {words.counted(facts.missed, 'review')}, {held}"


def _late(facts: Facts, today: date) -> tuple[str, str]:
    days = words.counted((today - facts.late_since).days, "day") if facts.late_since else "some days"
    return f"by {days}", f"is {days} late with its review"


def _actions(facts: Facts, _: date) -> tuple[str, str]:
    past = "one past its day" if facts.late_actions == 1 else f"{words.number(facts.late_actions)} past their day"
    return past, f"has {words.counted(facts.late_actions, 'overdue action')}"


def _requests(facts: Facts, _: date) -> tuple[str, str]:
    past = "one past its limit" if facts.late_requests == 1 else f"{words.number(facts.late_requests)} past their limit"
    return past, f"has {words.counted(facts.late_requests, 'late request')}"


def _silent(facts: Facts, _: date) -> tuple[str, str]:
    times = words.number(facts.silent_rounds)
    return f"no answer the last {times} times we asked", f"has not answered the last {times} times we asked"


def _not_rated(facts: Facts, _: date) -> tuple[str, str]:
    return ("asked, no answer so far" if facts.rounds else "nobody has been asked"), "is not rated yet"


_SAYINGS: dict[Level, Saying] = {
    Level.NO_REP: _no_rep,
    Level.RATED_LOWER: _moved("lower"),
    Level.LOW: _low,
    Level.MISSED: _missed,
    Level.LATE: _late,
    Level.ACTIONS: _actions,
    Level.REQUESTS: _requests,
    Level.NOT_PLANNED: lambda *_: ("", "has no review planned"),
    Level.SILENT: _silent,
    Level.NOT_RATED: _not_rated,
    Level.STEADY: lambda *_: ("", "is steady"),
    Level.RATED_HIGHER: _moved("higher"),
}
