"""What an address says about which requests are wanted: the same for the list, the board and many at once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from crm.services import stretches
from crm.services.request_kinds import Word
from crm.services.request_lists import Wanted
from models.request import OPEN_STATES, UNDECIDED, RequestState
from views import access
from views.arguments import chosen_id
from views.forms.base import tidy

#: The parts of the list: what each shows, and how it is called.
PARTS = (
    ("undecided", "To decide"),
    ("open", "Open"),
    ("owed", "Accepted"),
    (RequestState.DELIVERED.value, "Delivered"),
    (RequestState.CONFIRMED.value, "Confirmed"),
    (RequestState.DECLINED.value, "Declined"),
    ("all", "All"),
)
#: As links and saved filters call them that were kept when there were fewer states.
FORMERLY = {"logged": "undecided", "accepted": "owed"}
OWED = (RequestState.ACCEPTED, RequestState.DELIVERING)
STATES = {"all": (), "open": OPEN_STATES, "undecided": UNDECIDED, "owed": OWED} | {
    state.value: (state,) for state in RequestState
}
#: Each where-it-stands, as the board and the filter call it.
NAMES = {
    RequestState.LOGGED: "Logged",
    RequestState.LOOKING: "Being looked at",
    RequestState.WAITING: "Waiting for the unit",
    RequestState.ACCEPTED: "Accepted",
    RequestState.DECLINED: "Declined",
    RequestState.DELIVERING: "In delivery",
    RequestState.DELIVERED: "Delivered",
    RequestState.CONFIRMED: "Confirmed",
}
MINE, ME, NOBODY = "mine", "me", "none"
#: What narrows beside the part, as addresses call it.
NARROWING = ("text", "unit", "kind", "state", "owner", "rep", "theme", "period", "late")


@dataclass(frozen=True)
class Filter:
    """``wanted``: for the services; ``said``: what the address says of it, by name, "" where it says nothing."""

    part: str
    wanted: Wanted
    said: dict[str, str]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.narrowing)

    @property
    def narrowing(self) -> dict[str, str]:
        """Only what is said: arguments of another address."""
        return {name: value for name, value in self.said.items() if value}

    @property
    def has_more(self) -> bool:
        """Whether something is said that stands folded away."""
        return bool(set(self.narrowing) - {"text", "unit", "kind"})


def given() -> Filter:
    """Of this request's address. What makes no sense there narrows nothing."""
    part = request.args.get("show", "")
    part = FORMERLY.get(part, part)
    part = part if part in STATES else "undecided"
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    word = Word(kind) if kind in set(Word) else None
    wanted = Wanted(
        states=(RequestState(state),) if state in set(RequestState) else STATES[part],
        kinds=(word.kind,) if word and word is not Word.OFFER else (),
        origin=word.origin if word else None,
        unit_id=chosen_id("unit"),
        covered=request.args.get("unit") == MINE,
        rep_id=chosen_id("rep"),
        owner_id=access.actor().id if request.args.get("owner") == ME else chosen_id("owner"),
        has_no_owner=request.args.get("owner") == NOBODY,
        theme_id=chosen_id("theme"),
        is_late=request.args.get("late") == "1",
        text=tidy(request.args.get("text"))[:100],
        stretch=stretches.named(request.args.get("period", ""), access.today()),
    )
    return Filter(part, wanted, _said(wanted))


def _said(wanted: Wanted) -> dict[str, str]:
    meant = {
        "text": wanted.text,
        "unit": wanted.covered or wanted.unit_id,
        "kind": wanted.origin,
        "state": request.args.get("state") in set(RequestState),
        "owner": wanted.has_no_owner or wanted.owner_id,
        "rep": wanted.rep_id,
        "theme": wanted.theme_id,
        "period": wanted.stretch,
        "late": wanted.is_late,
    }
    return {name: tidy(request.args.get(name))[:100] if value else "" for name, value in meant.items()}
