"""A person who reads ten minutes of the demonstration believes them."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.demo import cast
from crm.services.demo.themes import anywhere, workplace
from crm.services.demo.wording import Skill, Theme
from models import (
    Absence,
    Action,
    AgendaItem,
    BusinessUnit,
    ClosedDays,
    CommentOutcome,
    Decision,
    Handover,
    Meeting,
    MeetingKind,
    Membership,
    MinutesReply,
    MinutesVersion,
    Praise,
    Project,
    ProjectStep,
    Request,
    Response,
    Review,
    Round,
)

#: What DESIGN.md leaves out, what is left when a name is not put in, and filler.
UNWANTED = re.compile(r"lorem|ipsum|[{}!]|\bplease\b|successfully|\boops\b|\btodo\b|(?-i:\bNone\b)|  ", re.IGNORECASE)
THEMES = [unit.theme for unit in cast.UNITS]


LATER = (
    CommentOutcome.said,
    CommentOutcome.done,
    MinutesVersion.text,
    MinutesVersion.reason,
    MinutesReply.said,
    Decision.text,
    Praise.text,
    Project.name,
    ProjectStep.state,
    ProjectStep.milestone,
    AgendaItem.text,
    Absence.note,
    Handover.tone,
    Handover.went_wrong,
    Membership.access,
    ClosedDays.name,
)


def _texts(session: Session) -> list[str]:
    meetings = session.scalars(select(Meeting)).all()
    requests = session.scalars(select(Request)).all()
    return [
        *(meeting.minutes for meeting in meetings),
        *(meeting.internal_notes for meeting in meetings),
        *session.scalars(select(Action.text)),
        *(text for request in requests for text in (request.title, request.business_need)),
        *(text for request in requests for text in (request.reason, request.alternative)),
        *session.scalars(select(Response.comment)),
        *session.scalars(select(Review.skip_reason)),
        *session.scalars(select(BusinessUnit.name)),
        *(text for column in LATER for text in session.scalars(select(column))),
    ]


def test_no_text_is_filler_or_half_filled(fernhill: Session) -> None:
    found = [text for text in _texts(fernhill) if UNWANTED.search(text)]
    assert found == []


def test_every_sentence_begins_with_a_capital(fernhill: Session) -> None:
    small = re.compile(r"(?:^|[.?] |\*\* )[a-z]", re.MULTILINE)
    found = [text for text in fernhill.scalars(select(Meeting.minutes)) if small.search(text)]
    assert found == []


def test_minutes_are_there_and_nine_in_ten_are_unlike_all_others(fernhill: Session) -> None:
    minutes = fernhill.scalars(select(Meeting.minutes)).all()
    assert min(len(text) for text in minutes) > 60
    assert len(set(minutes)) >= 0.9 * len(minutes)


def test_no_sentence_of_a_units_reviews_comes_back_within_them(fernhill: Session) -> None:
    """The seams would show: what a topic had to say is said to a unit once."""
    for unit_id in fernhill.scalars(select(BusinessUnit.id)):
        mine = (Meeting.unit_id == unit_id, Meeting.kind == MeetingKind.REVIEW)
        sentences = Counter(
            sentence
            for text in fernhill.scalars(select(Meeting.minutes).where(*mine))
            for sentence in re.split(r"(?<=[.?])\s+", text)
            if len(sentence) > 80 and not sentence.startswith(("Done since", "Carried over"))
        )
        assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_reps_write_in_different_hands(fernhill: Session) -> None:
    minutes = fernhill.scalars(select(Meeting.minutes)).all()
    for mark in ("### ", "- **", "1. *", "**"):
        assert any(text.startswith(mark) or f"\n{mark}" in text for text in minutes)


def test_comments_come_with_some_answers_only(fernhill: Session) -> None:
    comments = fernhill.scalars(select(Response.comment).join(Response.round).where(Round.speaks_for_unit)).all()
    said = [comment for comment in comments if comment]
    assert 0.25 * len(comments) < len(said) < 0.75 * len(comments)
    assert len(set(said)) > 0.4 * len(said)


@pytest.mark.parametrize("theme", THEMES, ids=[unit.code for unit in cast.UNITS])
def test_every_theme_has_enough_to_say(theme: Theme) -> None:
    assert len(theme.topics) >= 5
    assert sum(len(topic.steps) for topic in theme.topics) >= 12
    assert set(theme.comments) == {1, 2, 3, 4, 5}
    assert any(wish.offered for wish in theme.wishes)
    for wish in theme.wishes:
        assert bool(wish.yes) != bool(wish.no)
        assert bool(wish.instead) == bool(wish.no)


def test_every_skill_is_asked_for() -> None:
    topics = [topic for theme in THEMES for topic in theme.topics] + [*anywhere.TOPICS, *workplace.TOPICS]
    assert {topic.skill for topic in topics} == set(Skill)
