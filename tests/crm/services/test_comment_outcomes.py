"""You said, we did: what came of a comment is told to whoever wrote it, and to the unit in words that give nobody
away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import comment_outcomes
from crm.services.comment_outcomes import Only
from models import (
    AuditEntry,
    BusinessUnit,
    CommentOutcome,
    Confidentiality,
    Invitation,
    Person,
    Response,
    Round,
)
from tests.cast import Cast
from tests.conftest import StatementCounter

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, NOW.date())


def opened(
    session: Session,
    unit: BusinessUnit,
    *,
    confidentiality: Confidentiality = Confidentiality.NAMED,
    shown: bool = True,
) -> Round:
    asked = Round(
        unit_id=unit.id, opened_at=NOW - DAY, closes_at=NOW + 9 * DAY, asked=12, confidentiality=confidentiality
    )
    asked.comments_shown = asked.scores_shown = shown
    session.add(asked)
    session.flush()
    return asked


def invited(session: Session, asked: Round, person: Person) -> Invitation:
    link = Invitation(round_id=asked.id, person_id=person.id, token_hash=f"{asked.id}:{person.id}")
    session.add(link)
    session.flush()
    return link


def commented(session: Session, asked: Round, person: Person | None, comment: str = "The VPN drops.") -> Response:
    link = invited(session, asked, person) if person else None
    said = Response(
        invitation_id=link.id if link else None,
        round_id=asked.id,
        unit_id=asked.unit_id,
        score=3,
        comment=comment,
        answered_at=NOW,
    )
    session.add(said)
    session.flush()
    return said


def write(session: Session, cast: Cast, comment: Response, **given: Any) -> CommentOutcome:
    told = {"done": "A second line is in.", "by": acting(session, cast.rep), "now": NOW, **given}
    return comment_outcomes.write(session, response_id=comment.id, **told)


def told(session: Session, asked: Round, person: Person, since: datetime | None = None) -> Sequence[str]:
    """What this person reads on top of the page of that round."""
    link = session.scalars(select(Invitation).where(Invitation.round_id == asked.id, Invitation.person_id == person.id))
    found = comment_outcomes.told_to(session, invitation=link.first() or invited(session, asked, person), since=since)
    return [f"{comment_outcomes.heard(outcome)} -> {outcome.done}" for outcome in found]


def test_whoever_wrote_it_is_told_and_nobody_else(session: Session, cast: Cast) -> None:
    asked = opened(session, cast.finance)
    write(session, cast, commented(session, asked, cast.head))
    later = opened(session, cast.finance)
    assert told(session, later, cast.head) == ["The VPN drops. -> A second line is in."]
    assert told(session, later, cast.key_user) == []
    assert told(session, opened(session, cast.legal), cast.head) == [], "of another unit"


def test_the_unit_is_told_in_the_reps_words(session: Session, cast: Cast) -> None:
    asked = opened(session, cast.finance)
    write(session, cast, commented(session, asked, cast.head), is_for_unit=True, said="Working from home fails.")
    later = opened(session, cast.finance)
    assert told(session, later, cast.key_user) == ["Working from home fails. -> A second line is in."]
    assert told(session, opened(session, cast.legal), cast.outsider) == []


def test_only_what_is_new_is_told_and_at_most_five_the_newest_first(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    for number in range(7):
        said = commented(session, opened(session, cast.finance), cast.head, f"Comment {number}")
        write(session, cast, said, done=f"Done {number}", now=NOW + number * DAY)
    later = opened(session, cast.finance)
    told(session, later, cast.head)
    statements.statements.clear()
    assert told(session, later, cast.head)[0] == "Comment 6 -> Done 6"
    assert len(statements.statements) == 2, "the invitation, and the answer"
    assert len(told(session, later, cast.head)) == 5
    assert told(session, later, cast.head, NOW + 4 * DAY) == ["Comment 6 -> Done 6", "Comment 5 -> Done 5"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"done": ""}, "done"),
        ({"done": "x" * 1001}, "done"),
        ({"is_for_unit": True}, "said"),
        ({"is_for_unit": True, "said": "x" * 1001}, "said"),
        ({"is_for_unit": True, "said": "the VPN drops!"}, "said"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    session: Session, cast: Cast, given: dict[str, Any], field: str
) -> None:
    said = commented(session, opened(session, cast.finance), cast.head)
    with pytest.raises(Invalid) as refused:
        write(session, cast, said, **given)
    assert refused.value.field == field


def test_a_phrase_of_the_writers_may_be_used_and_no_sentence(session: Session, cast: Cast) -> None:
    comment = "When I came back from leave the VPN dropped all the time and nobody in your team answered me."
    said = commented(session, opened(session, cast.finance), cast.head, comment)
    with pytest.raises(Invalid):
        write(session, cast, said, is_for_unit=True, said="The VPN dropped all the time and nobody in your team")
    assert write(session, cast, said, is_for_unit=True, said="The VPN dropped").said == "The VPN dropped"


@pytest.mark.parametrize("kept", [Confidentiality.CONFIDENTIAL, Confidentiality.ANONYMOUS])
def test_of_a_comment_without_a_name_only_the_unit_is_told(session: Session, cast: Cast, kept: Confidentiality) -> None:
    asked = opened(session, cast.finance, confidentiality=kept)
    said = commented(session, asked, cast.head if kept is Confidentiality.CONFIDENTIAL else None)
    with pytest.raises(Invalid) as refused:
        write(session, cast, said)
    assert refused.value.field == "is_for_unit"
    write(session, cast, said, is_for_unit=True, said="Working from home fails.")
    (line,) = comment_outcomes.listed(session, by=acting(session, cast.cio), only=Only.ALL).rows
    assert line.person is None
    later = opened(session, cast.finance)
    for person in (cast.head, cast.key_user):
        assert told(session, later, person) == ["Working from home fails. -> A second line is in."]


def test_comments_that_may_not_be_read_are_nowhere(session: Session, cast: Cast) -> None:
    asked = opened(session, cast.finance, confidentiality=Confidentiality.ANONYMOUS, shown=False)
    said = commented(session, asked, None)
    with pytest.raises(NotFound):
        write(session, cast, said, is_for_unit=True, said="Working from home fails.")
    assert not comment_outcomes.listed(session, by=acting(session, cast.cio), only=Only.ALL).rows


def test_only_who_looks_after_the_unit_or_the_cio_writes(session: Session, cast: Cast) -> None:
    said = commented(session, opened(session, cast.finance), cast.head)
    with pytest.raises(Forbidden):
        write(session, cast, said, by=acting(session, cast.colleague))
    with pytest.raises(Forbidden):
        write(session, cast, said, by=acting(session, cast.head))
    with pytest.raises(NotFound):
        write(session, cast, said, by=acting(session, cast.outsider))
    assert write(session, cast, said, by=acting(session, cast.cio)).made_by_id == cast.cio.id


def test_it_can_be_said_better_and_the_audit_trail_knows(session: Session, cast: Cast) -> None:
    said = commented(session, opened(session, cast.finance), cast.head)
    write(session, cast, said, is_for_unit=True, said="Working from home fails.")
    write(session, cast, said, done="Two more lines are in.", now=NOW + DAY)
    write(session, cast, said, done="Two more lines are in.", now=NOW + 2 * DAY)
    (kept,) = session.scalars(select(CommentOutcome))
    assert (kept.done, kept.said, kept.is_for_unit, kept.made_at) == ("Two more lines are in.", "", False, NOW + DAY)
    entries = select(func.count(AuditEntry.id)).where(AuditEntry.entity == "comment_outcome")
    assert session.scalar(entries) == 2


def test_the_list_tells_waiting_and_told_apart_by_unit(session: Session, cast: Cast) -> None:
    first = commented(session, opened(session, cast.finance), cast.head, "One")
    second = commented(session, opened(session, cast.finance), cast.head, "Two")
    other = commented(session, opened(session, cast.legal), cast.outsider, "Three")
    commented(session, opened(session, cast.finance), cast.head, "")
    write(session, cast, second)
    by = acting(session, cast.rep)

    def shown(only: Only, unit_id: int | None = None) -> list[int]:
        rows = comment_outcomes.listed(session, by=by, only=only, unit_id=unit_id).rows
        return [line.response.id for line in rows]

    assert shown(Only.ALL) == [other.id, second.id, first.id]
    assert shown(Only.WAITING) == [other.id, first.id]
    assert shown(Only.TOLD) == [second.id]
    assert shown(Only.WAITING, cast.finance.id) == [first.id]
    page = comment_outcomes.listed(session, by=by, only=Only.ALL, size=2)
    assert ([line.response.id for line in page.rows], page.has_next) == ([other.id, second.id], True)


def test_a_head_and_a_key_user_read_what_their_unit_was_told(session: Session, cast: Cast) -> None:
    asked = opened(session, cast.finance)
    write(session, cast, commented(session, asked, cast.head), is_for_unit=True, said="Working from home fails.")
    write(session, cast, commented(session, asked, cast.key_user, "Mine"), done="Yours alone.")

    def read(person: Person) -> set[str]:
        found = comment_outcomes.told_in_units(session, by=acting(session, person), since=None)
        return {outcome.done for outcome in found}

    assert read(cast.head) == {"A second line is in."}
    assert read(cast.key_user) == {"A second line is in.", "Yours alone."}
    assert read(cast.outsider) == set()
