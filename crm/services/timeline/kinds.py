"""The kinds of events in a timeline, and what it can be narrowed to."""

from __future__ import annotations

import enum

from models.meeting import MeetingKind


class Kind(enum.StrEnum):
    """In the order of one day, last things first: what came of a meeting stands above it."""

    SHARED = "shared"
    SETTLED = "settled"
    DELIVERED = "delivered"
    DECIDED = "decided"
    RATED = "rated"
    PROJECT = "project"
    PRAISE = "praise"
    DECISION = "decision"
    ASKED = "asked"
    PROMISED = "promised"
    MEETING = "meeting"
    NOT_HELD = "not_held"
    HANDOVER = "handover"
    UNCOVERED = "uncovered"
    LEAD = "lead"
    HEAD = "head"


RANKS = {kind: rank for rank, kind in enumerate(Kind)}


class Only(enum.StrEnum):
    """What a timeline can be narrowed to."""

    ALL = ""
    MEETINGS = "meetings"
    REVIEWS = "reviews"
    TOUCHPOINTS = "touchpoints"
    OWN = "own"
    OURS = "ours"
    ESCALATIONS = "escalations"
    NOT_HELD = "not_held"
    ACTIONS = "actions"
    REQUESTS = "requests"
    RATINGS = "ratings"
    DECISIONS = "decisions"
    PRAISE = "praise"
    PROJECTS = "projects"
    MINUTES = "minutes"
    PEOPLE = "people"


_MEETINGS = {Only.MEETINGS, Only.REVIEWS, Only.TOUCHPOINTS, Only.OWN, Only.OURS, Only.ESCALATIONS}
#: Which narrowings show a kind.
SHOWN_BY: dict[Kind, set[Only]] = {
    Kind.SHARED: {Only.MINUTES},
    Kind.SETTLED: {Only.ACTIONS},
    Kind.PROMISED: {Only.ACTIONS},
    Kind.ASKED: {Only.REQUESTS},
    Kind.DECIDED: {Only.REQUESTS},
    Kind.DELIVERED: {Only.REQUESTS},
    Kind.RATED: {Only.RATINGS},
    Kind.PROJECT: {Only.PROJECTS},
    Kind.PRAISE: {Only.PRAISE},
    Kind.DECISION: {Only.DECISIONS},
    Kind.MEETING: _MEETINGS,
    Kind.NOT_HELD: {Only.NOT_HELD},
    Kind.HANDOVER: {Only.PEOPLE},
    Kind.UNCOVERED: {Only.PEOPLE},
    Kind.LEAD: {Only.PEOPLE},
    Kind.HEAD: {Only.PEOPLE},
}
#: One kind of meeting.
OF_MEETINGS = {
    Only.REVIEWS: MeetingKind.REVIEW,
    Only.TOUCHPOINTS: MeetingKind.TOUCHPOINT,
    Only.OWN: MeetingKind.OWN,
    Only.OURS: MeetingKind.OURS,
    Only.ESCALATIONS: MeetingKind.ESCALATION,
}
