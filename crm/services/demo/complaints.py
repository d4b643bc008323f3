"""Complaints of the demonstration: what was wrong, how bad, who saw to it, and why it came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.request import Cause, RequestState, Severity


@dataclass(frozen=True)
class Grievance:
    """Days before today; ``solved`` and ``confirmed``: None while it is not. ``up_to_cio``: so many days before today
    it went up, and why."""

    title: str
    need: str
    severity: Severity
    logged: int
    solved: int | None = None
    confirmed: int | None = None
    cause: Cause | None = None
    root_cause: str = ""
    did: str = ""
    up_to_cio: tuple[int, str] | None = None

    @property
    def state(self) -> RequestState:
        if self.confirmed is not None:
            return RequestState.CONFIRMED
        return RequestState.DELIVERED if self.solved is not None else RequestState.DELIVERING


#: By the code of the unit.
GRIEVANCES: dict[str, tuple[Grievance, ...]] = {
    "FIN": (
        Grievance(
            "Nobody told us that the month-end run failed",
            "I have to know before my own team does; the close hangs on it.",
            Severity.SERIOUS,
            logged=16,
            up_to_cio=(9, "It is the third time, and the answer was a ticket number."),
        ),
    ),
    "MFG": (
        Grievance(
            "Line four stood for two hours",
            "Every hour of standstill is a truck that leaves half empty.",
            Severity.CRITICAL,
            logged=300,
            solved=297,
            confirmed=290,
            cause=Cause.FAULT,
            root_cause="The switch in the hall had no spare part on site. There is one now.",
            did="A spare switch lies in the hall, and the shift can change it.",
        ),
    ),
    "LOG": (
        Grievance(
            "Scanners lose the last scan",
            "A pallet that was scanned and is not there costs an afternoon.",
            Severity.SERIOUS,
            logged=12,
            solved=3,
            cause=Cause.CHANGE,
            root_cause="The new version saved only when the screen was left.",
            did="Each scan is saved at once. Two shifts have tried it.",
        ),
    ),
    "CARE": (
        Grievance(
            "The new phones ring twice",
            "Callers hear a click and hang up.",
            Severity.MINOR,
            logged=120,
            solved=112,
            confirmed=108,
            cause=Cause.SUPPLIER,
            root_cause="The supplier's setting for a second line was on for everybody.",
            did="The setting is off. We check it after each update.",
        ),
    ),
}


def columns(grievance: Grievance | None) -> dict[str, Any]:
    """What a request of the bulk has besides the rest; of one that is no complaint: nothing."""
    return {
        "severity": grievance.severity if grievance else None,
        "cause": grievance.cause if grievance else None,
        "root_cause": grievance.root_cause if grievance else "",
    }
