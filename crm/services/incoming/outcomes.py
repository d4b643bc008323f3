"""What comes of a mail."""

from __future__ import annotations

from dataclasses import dataclass

from models.mail import IncomingState


@dataclass(frozen=True)
class Outcome:
    """``said``: what came of it, or why it was kept aside, as a sentence."""

    state: IncomingState
    said: str
    #: Who wrote or answered, and the unit it is about.
    person_id: int | None = None
    unit_id: int | None = None


def taken(said: str, *, person_id: int | None = None, unit_id: int | None = None) -> Outcome:
    return Outcome(IncomingState.TAKEN, said, person_id, unit_id)


def aside(said: str, *, person_id: int | None = None, unit_id: int | None = None) -> Outcome:
    return Outcome(IncomingState.ASIDE, said, person_id, unit_id)


def dismissed(said: str) -> Outcome:
    return Outcome(IncomingState.DISMISSED, said)
