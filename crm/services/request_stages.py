"""What a request, and a complaint, is called where it stands: the one place for these words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.request import Cause, Request, RequestKind, RequestState, Severity


class Stage(NamedTuple):
    """Of a pill: icon, words, tone."""

    icon: str
    words: str
    tone: str


STAGES: Mapping[RequestState, Stage] = {
    RequestState.LOGGED: Stage("hourglass-split", "To decide", "line"),
    RequestState.LOOKING: Stage("search", "Being looked at", "line"),
    RequestState.WAITING: Stage("chat-left-text", "Waiting for the unit", "line"),
    RequestState.ACCEPTED: Stage("check2", "We said yes", "ours"),
    RequestState.DECLINED: Stage("x-lg", "We said no", "line"),
    RequestState.DELIVERING: Stage("tools", "In delivery", "ours"),
    RequestState.DELIVERED: Stage("check2-circle", "Delivered", "ours"),
    RequestState.CONFIRMED: Stage("check2-circle", "Confirmed", "ours"),
}
#: Nobody asks for a complaint, so nobody grants it: we see to it, or we do not.
OF_COMPLAINTS: Mapping[RequestState, Stage] = {
    **STAGES,
    RequestState.LOGGED: Stage("hourglass-split", "New", "line"),
    RequestState.ACCEPTED: Stage("check2", "We see to it", "ours"),
    RequestState.DECLINED: Stage("x-lg", "We do not see to it", "line"),
    RequestState.DELIVERING: Stage("tools", "In work", "ours"),
    RequestState.DELIVERED: Stage("check2-circle", "Solved, says IT", "ours"),
    RequestState.CONFIRMED: Stage("check2-circle", "Solved, says the unit", "ours"),
}

SEVERITIES: Mapping[Severity, str] = {
    Severity.MINOR: "Minor",
    Severity.SERIOUS: "Serious",
    Severity.CRITICAL: "Critical",
}
#: Each as whoever complains says it.
IN_THEIR_WORDS: Mapping[Severity, str] = {
    Severity.MINOR: "It bothers us",
    Severity.SERIOUS: "It holds us up",
    Severity.CRITICAL: "Work stands still",
}
LEVELS: Mapping[int, str] = {
    0: "With its owner",
    1: "With the lead rep",
    2: "With who leads the rep",
    3: "With the CIO",
}
CAUSES: Mapping[Cause, str] = {
    Cause.FAULT: "Something broke",
    Cause.CHANGE: "A change of ours",
    Cause.CAPACITY: "Too few hands",
    Cause.KNOWLEDGE: "Somebody did not know how",
    Cause.TELLING: "We did not say, or not in time",
    Cause.WAY: "The way we work",
    Cause.SUPPLIER: "A supplier",
    Cause.EXPECTATION: "Expected otherwise than agreed",
    Cause.OTHER: "Something else",
}


def stages_of(request: Request) -> Mapping[str, Stage]:
    """Every stage by the value of its state, in the words of its kind."""
    known = OF_COMPLAINTS if request.kind is RequestKind.COMPLAINT else STAGES
    return {state.value: stage for state, stage in known.items()}


def stage_of(request: Request) -> Stage:
    """Where it stands."""
    return stages_of(request)[request.state.value]
