"""Each kind of evidence in words, and the page that opens it.

The words hold what happened (``head``) and what it is called (``title``), so that several of a kind are told together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.services import words
from crm.stats.scale import RATING
from models.health import EvidenceKind, HealthEvidence

ALL, NOTHING = 100, 0


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
    return Said(head, evidence.title if evidence.kind in TITLED else "", endpoint, values)


def credit_in_words(evidence: HealthEvidence) -> str:
    """ "counts in full", "counts 40 of 100", "counts nothing"."""
    if evidence.credit == ALL:
        return "in full"
    return "nothing" if evidence.credit == NOTHING else f"{evidence.credit} of 100"


def _round(evidence: HealthEvidence, today: date) -> str:
    facts, name = evidence.facts, evidence.title or f"rating of {words.day(evidence.happened_on, today)}"
    if "mean" not in facts:
        return f"The {name}"
    return f"The {name}: {RATING.text(facts['mean'])} from {_people(facts)}"


def _people(facts: Mapping[str, Any]) -> str:
    n, asked = facts.get("n", 0), facts.get("asked", 0)
    return f"{n} of {asked} people" if asked > n else words.people(n, asked)


def _review(evidence: HealthEvidence, today: date) -> str:
    name = f"of {evidence.title}" if evidence.title else f"of {words.day(evidence.happened_on, today)}"
    if evidence.credit == NOTHING:
        return f"Review {name} missed"
    return f"Review {name} held" if evidence.credit == ALL else f"Review {name} held late"


def _recency(evidence: HealthEvidence, today: date) -> str:
    if evidence.credit == ALL:
        return f"Last review on {words.day(evidence.happened_on, today)}, within the rhythm"
    return f"Last review on {words.day(evidence.happened_on, today)}, longer ago than the rhythm asks"


def _action(evidence: HealthEvidence, _: date) -> str:
    if evidence.credit == ALL:
        return "Action done in time"
    return "Action done late" if evidence.credit else "Action overdue"


def _request(evidence: HealthEvidence, _: date) -> str:
    if evidence.credit == ALL:
        return "Request answered in time"
    return "Request answered late" if evidence.credit else "Request waiting for too long"


def _refusal(evidence: HealthEvidence, _: date) -> str:
    return "Refused with an alternative" if evidence.credit >= ALL // 2 else "Refused without an alternative"


def _reply(evidence: HealthEvidence, _: date) -> str:
    if evidence.credit == ALL:
        return "Low rating answered in time"
    return "Low rating answered late" if evidence.credit else "Low rating without an answer"


def _danger(evidence: HealthEvidence, _: date) -> str:
    return "Danger sign" if evidence.credit < ALL else "No danger sign"


def _questions(evidence: HealthEvidence, _: date) -> str:
    fresh = evidence.facts.get("fresh")
    return "The four questions" if fresh is None else f"{words.number(fresh).capitalize()} of the four questions fresh"


def _offer(evidence: HealthEvidence, _: date) -> str:
    return "Offered by us" if evidence.credit else "Nothing offered by us"


HEADS: Mapping[EvidenceKind, Callable[[HealthEvidence, date], str]] = {
    EvidenceKind.ROUND: _round,
    EvidenceKind.REVIEW: _review,
    EvidenceKind.RECENCY: _recency,
    EvidenceKind.ACTION: _action,
    EvidenceKind.REQUEST: _request,
    EvidenceKind.REFUSAL: _refusal,
    EvidenceKind.REPLY: _reply,
    EvidenceKind.DANGER: _danger,
    EvidenceKind.QUESTIONS: _questions,
    EvidenceKind.OFFER: _offer,
}
#: Those whose head does not hold what they are called.
TITLED = frozenset({*EvidenceKind} - {EvidenceKind.ROUND, EvidenceKind.REVIEW, EvidenceKind.RECENCY})

#: Where a source opens: the endpoint, and the name of its id.
PAGES: Mapping[str, tuple[str, str]] = {
    "round": ("ratings.show", "round_id"),
    "action": ("actions.show", "action_id"),
    "request": ("requests.show", "request_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "follow_up": ("follow_ups.show", "follow_up_id"),
}
#: Where the rest of a kind opens, for its unit.
OF_UNIT: Mapping[EvidenceKind, tuple[str, str]] = {
    EvidenceKind.REVIEW: ("reviews.index", "unit"),
    EvidenceKind.RECENCY: ("reviews.index", "unit"),
    EvidenceKind.DANGER: ("engagement.show", "unit_id"),
    EvidenceKind.QUESTIONS: ("assessments.show", "unit_id"),
}


def _opens(evidence: HealthEvidence) -> tuple[str, Mapping[str, Any]]:
    what, _, key = evidence.source.partition(":")
    if what in PAGES and key.isdigit():
        endpoint, name = PAGES[what]
        return endpoint, {name: int(key)}
    endpoint, name = OF_UNIT.get(evidence.kind, ("unit_page.show", "unit_id"))
    return endpoint, {name: evidence.unit_id}
