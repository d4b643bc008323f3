"""Each kind of evidence in words, and the page that opens it.

The words hold what happened (``head``) and what it is called (``title``), so that several of a kind are told together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.services import words
from crm.services.engagement import signs
from crm.stats.scale import RATING
from models.engagement import DangerRule
from models.health import EvidenceKind, HealthEvidence

FULL, HALF = 100, 50


@dataclass(frozen=True)
class Link:
    """``endpoint`` with ``values``: what the web makes an address of. ``text``: "" where the whole sentence links."""

    text: str
    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """ "Refused without an alternative" of "Spend dashboard"; ``title`` is "" where the head says all."""

    head: str
    title: str
    endpoint: str
    values: Mapping[str, Any]

    @property
    def text(self) -> str:
        return f"{self.head}: {self.title}" if self.title else self.head

    @property
    def link(self) -> Link:
        return Link(self.title, self.endpoint, self.values)


def said(evidence: HealthEvidence, today: date) -> Said:
    """One piece of evidence, and where it opens."""
    head = HEADS[evidence.kind](evidence, today)
    endpoint, values = _opens(evidence)
    title = TITLES[evidence.kind](evidence, today) if evidence.kind in TITLES else evidence.title
    return Said(head, title, endpoint, values)


def credit_in_words(evidence: HealthEvidence) -> str:
    """ "in full", "40 of 100", "nothing": how much of what it could count for."""
    if evidence.credit == FULL:
        return "in full"
    return f"{evidence.credit} of 100" if evidence.credit else "nothing"


def _round(evidence: HealthEvidence, today: date) -> str:
    facts, named = evidence.facts, f"The rating closed on {words.day(evidence.happened_on, today)}"
    if "mean" not in facts:
        return named
    n, asked = facts["n"], facts["asked"]
    who = f"{n} of {asked} people" if asked > n else words.people(n, asked)
    return f"{named}: {RATING.text(facts['mean'])} from {who}"


def _review(evidence: HealthEvidence, _: date) -> str:
    return f"Review of {evidence.title} {'held' if evidence.credit else 'missed'}"


def _recency(evidence: HealthEvidence, today: date) -> str:
    ago = {FULL: "within one rhythm", HALF: "longer ago than one rhythm"}
    far = ago.get(evidence.credit, "longer ago than one and a half rhythms")
    return f"The last review is of {words.day(evidence.happened_on, today)}, {far}"


def _by_credit(full: str, half: str, nothing: str) -> Callable[[HealthEvidence, date], str]:
    """Words for what was kept, kept late, and not kept."""

    def told(evidence: HealthEvidence, _: date) -> str:
        if evidence.credit == FULL:
            return full
        return half if evidence.credit else nothing

    return told


def _questions(evidence: HealthEvidence, _: date) -> str:
    fresh, of = evidence.facts.get("fresh", 0), evidence.facts.get("of", 4)
    return f"{words.capital(words.number(fresh))} of the {words.number(of)} questions answered lately"


HEADS: Mapping[EvidenceKind, Callable[[HealthEvidence, date], str]] = {
    EvidenceKind.ROUND: _round,
    EvidenceKind.REVIEW: _review,
    EvidenceKind.RECENCY: _recency,
    EvidenceKind.ACTION: _by_credit("Action done in time", "Action done late", "Action overdue"),
    EvidenceKind.REQUEST: _by_credit("Request in time", "Request kept late", "Request late with us"),
    EvidenceKind.REFUSAL: _by_credit("Refused with an alternative", "Refused", "Refused without an alternative"),
    EvidenceKind.REPLY: _by_credit(
        "Reply to a low rating in time", "Reply to a low rating late", "Reply to a low rating overdue"
    ),
    EvidenceKind.DANGER: _by_credit("No danger sign", "Danger sign, answered", "Danger sign"),
    EvidenceKind.QUESTIONS: _questions,
    EvidenceKind.OFFER: _by_credit("Offered by us", "Offered by us", "Nothing offered by us for half a year"),
}


def _reply_due(evidence: HealthEvidence, today: date) -> str:
    due = evidence.facts.get("due_on")
    return f"due {words.day(date.fromisoformat(due), today)}" if due else ""


def _sign(evidence: HealthEvidence, _: date) -> str:
    rule = evidence.facts.get("rule")
    return signs.NAMES[DangerRule(rule)] if rule else ""


#: What the evidence of a kind is called, where that is not its title.
TITLES: Mapping[EvidenceKind, Callable[[HealthEvidence, date], str]] = {
    EvidenceKind.ROUND: lambda *_: "",
    EvidenceKind.REVIEW: lambda *_: "",
    EvidenceKind.RECENCY: lambda *_: "",
    EvidenceKind.REPLY: _reply_due,
    EvidenceKind.DANGER: _sign,
}

#: Where a source opens: the endpoint, and the name of its id.
PAGES: Mapping[str, tuple[str, str]] = {
    "round": ("ratings.show", "round_id"),
    "action": ("actions.show", "action_id"),
    "request": ("requests.show", "request_id"),
    "offer": ("requests.show", "request_id"),
    "follow_up": ("follow_ups.show", "follow_up_id"),
}
#: Where the rest of a kind opens, for its unit, with what the address says more.
OF_UNIT: Mapping[EvidenceKind, tuple[str, str, Mapping[str, Any]]] = {
    EvidenceKind.REVIEW: ("reviews.index", "unit", {"show": "due", "period": "12-months"}),
    EvidenceKind.RECENCY: ("reviews.index", "unit", {"show": "due", "period": "12-months"}),
    EvidenceKind.DANGER: ("engagement.show", "unit_id", {"_anchor": "danger"}),
    EvidenceKind.QUESTIONS: ("assessments.show", "unit_id", {}),
    EvidenceKind.OFFER: ("requests.index", "unit", {"show": "all"}),
}


def _opens(evidence: HealthEvidence) -> tuple[str, Mapping[str, Any]]:
    what, _, key = evidence.source.partition(":")
    if what in PAGES:
        endpoint, name = PAGES[what]
        return endpoint, {name: int(key)}
    endpoint, name, more = OF_UNIT.get(evidence.kind, ("unit_page.show", "unit_id", {}))
    return endpoint, {name: evidence.unit_id, **more}
