"""What a review pack says, and what it never says."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.documents import content, pdf
from crm.documents.content import Figure, Items, Line, Table, Text, Tone
from crm.errors import Forbidden
from crm.services.packs import keeping, review
from crm.services.packs.stretch import MOST
from models import (
    ActionState,
    CommentOutcome,
    Confidentiality,
    Decision,
    Project,
    RequestState,
    Response,
    Stage,
)
from tests.cast import Cast
from tests.factories.relationships import NOW, TODAY, ago, ahead, at, statements
from tests.factories.relationships import Stage as Relationships

SINCE = ago(90)


@pytest.fixture
def given(session: Session) -> Relationships:
    return Relationships(session)


def told(session: Session, cast: Cast) -> content.Pack:
    session.expire_all()
    by = policy.actor_for(session, cast.rep, TODAY)
    return review.content(session, by=by, unit=cast.finance, since=SINCE, until=TODAY, now=NOW)


def part(pack: content.Pack, title: str) -> content.Section:
    return next(section for section in pack.sections if section.title.startswith(title))


B = TypeVar("B")


def block(section: content.Section, kind: type[B]) -> B:
    return next(one for one in section.blocks if isinstance(one, kind))


def first_answer(session: Session, round_id: int) -> Response:
    """The first answer of a round."""
    return (
        session.scalars(select(Response).where(Response.round_id == round_id).order_by(Response.id)).first()
        or Response()
    )


def everything(pack: content.Pack) -> str:
    return json.dumps(keeping.to_json(pack), ensure_ascii=False)


def test_an_empty_record_makes_a_pack_that_says_so(session: Session, cast: Cast) -> None:
    pack = told(session, cast)
    assert (pack.lead, pack.summary) == ("Ready, with one gap:", "not rated yet. No promise was due.")
    assert pack.between == "Fernhill IT with Finance"
    assert pack.made.endswith("by Ines Carvalho, from Finance’s record in Rapport.")
    assert all(section.blocks for section in pack.sections)
    assert "Not rated yet." in everything(pack)


def test_promises_are_kept_late_dropped_or_overdue(session: Session, cast: Cast, given: Relationships) -> None:
    unit = cast.finance
    done: dict[str, Any] = {"state": ActionState.DONE, "owner": cast.rep}
    given.action(unit, "In time", due=ago(10), settled_at=at(ago(10), 23), **done)
    given.action(unit, "Late", due=ago(10), settled_at=at(ago(9), 12), **done)
    given.action(unit, "Dropped", state=ActionState.DROPPED, settled_at=at(ago(3)))
    given.action(unit, "Long ago", settled_at=at(ago(200)), **done)
    given.action(unit, "Overdue", due=ago(1))
    given.action(unit, "Ahead", due=ahead(9), owner=cast.head)
    pack = told(session, cast)
    promised = part(pack, "What we promised")
    assert block(promised, Text).lead == "One of four promises kept in time."
    items = {item.body: item for item in block(promised, Items).items}
    assert set(items) == {"In time", "Late", "Dropped"}
    assert (items["In time"].is_done, items["In time"].tone) == (True, Tone.PLAIN)
    assert (items["Late"].is_done, items["Late"].tone) == (True, Tone.WORSE)
    assert items["Dropped"].is_done is False
    steps = block(part(pack, "Next steps"), Items).items
    assert [item.body for item in steps] == ["Overdue", "Ahead"]
    assert "one promise overdue" in pack.summary


def test_a_refusal_is_told_with_what_is_offered_instead(session: Session, cast: Cast, given: Relationships) -> None:
    no: dict[str, Any] = {"state": RequestState.DECLINED, "reason": "No budget"}
    given.request(cast.finance, "A dashboard", decided_at=at(ago(20)), alternative="A report on Fridays", **no)
    given.request(cast.finance, "A portal", decided_at=at(ago(200)), **no)
    given.request(cast.finance, "An old one", decided_at=at(ago(200)), alternative="Something", **no)
    pack = told(session, cast)
    refused = block(part(pack, "Wishes we refused"), Table)
    assert [[cell.text for cell in row] for row in refused.rows] == [
        ["A portal", "No budget", "Nothing yet"],
        ["A dashboard", "No budget", "A report on Fridays"],
    ]
    assert "nothing offered for one refusal" in pack.summary


def test_what_was_delivered_is_for_the_unit_to_confirm(session: Session, cast: Cast, given: Relationships) -> None:
    given.request(
        cast.finance, "A report", state=RequestState.DELIVERED, delivered_at=at(ago(5)), did="It runs nightly."
    )
    item = block(part(told(session, cast), "You said"), Items).items[0]
    assert (item.body, item.is_done) == ("“A report”", False)
    assert item.note == "It runs nightly. Only you can say that it does what you needed."


def test_of_many_the_first_are_told_and_the_rest_counted(session: Session, cast: Cast, given: Relationships) -> None:
    for number in range(60):
        given.request(cast.finance, f"Wish {number}")
    requests = part(told(session, cast), "Requests")
    assert len(block(requests, Table).rows) == MOST
    assert any(isinstance(one, Text) and one.body == "And 48 more requests." for one in requests.blocks)


def test_a_rating_has_its_range_and_a_line_with_what_is_usual(
    session: Session, cast: Cast, given: Relationships
) -> None:
    for months in range(12, 0, -1):
        given.rated(cast.finance, ago(30 * months), [4, 4, 5], asked=7)
    given.rated(cast.finance, ago(2), [1, 1, 2], asked=7)
    going = part(told(session, cast), "How things")
    figure, line = block(going, Figure), block(going, Line)
    assert (figure.value, figure.of, figure.tone) == ("1.3", "of 5", Tone.WORSE)
    assert figure.says.startswith("from 3 of 7 people, ")
    assert line.points[-1].tone is Tone.WORSE
    assert {point.tone for point in line.points[:-1]} == {Tone.PLAIN}
    assert line.mean is not None
    assert line.says.startswith("A real change, not noise")


def test_a_round_that_may_not_be_read_is_nowhere(session: Session, cast: Cast, given: Relationships) -> None:
    named = given.rated(cast.finance, ago(40), [4, 4], asked=2)
    hidden = given.rated(cast.finance, ago(20), [1, 1, 1], asked=9)
    hidden.confidentiality = Confidentiality.ANONYMOUS
    hidden.scores_shown = hidden.comments_shown = False
    response = first_answer(session, hidden.id)
    response.comment = "Only three of us said so"
    outcome: dict[str, Any] = {"said": "Told of three", "done": "Nothing", "is_for_unit": True, "made_at": at(ago(2))}
    session.add(CommentOutcome(unit_id=cast.finance.id, response_id=response.id, **outcome))
    session.flush()
    pack = told(session, cast)
    words = everything(pack)
    assert block(part(pack, "How things"), Figure).value == "4.0"
    assert len(block(part(pack, "How things"), Line).points) == 1
    assert "Only three" not in words
    assert "Told of three" not in words
    assert words.count("1.0") == 0
    made = pdf.made(pack)
    assert b"Told of three" not in made
    assert named.scores_shown


def test_nobody_who_rated_is_named_and_no_comment_is_told(session: Session, cast: Cast, given: Relationships) -> None:
    asked = given.rated(cast.finance, ago(9), [2, 5], asked=2)
    first_answer(session, asked.id).comment = "The run failed again"
    session.flush()
    words = everything(told(session, cast))
    assert "Rater" not in words
    assert "The run failed" not in words


def test_nothing_is_in_it_for_it_alone(session: Session, cast: Cast, given: Relationships) -> None:
    notes = "She is looking elsewhere"
    quiet = given.meeting(cast.finance, ago(5), minutes="Draft minutes", internal_notes=notes)
    shared = given.meeting(cast.finance, ago(4), shared_version=1, internal_notes=notes)
    given.add(Decision(unit_id=cast.finance.id, meeting_id=quiet.id, text="Not told yet", decided_on=ago(5)))
    given.add(Decision(unit_id=cast.finance.id, meeting_id=shared.id, text="One ledger", decided_on=ago(4)))
    complaint = given.request(cast.finance, "The run fails")
    complaint.root_cause = "Two of us were asleep"
    session.flush()
    words = everything(told(session, cast))
    assert "One ledger" in words
    for secret in (notes, "Not told yet", "Draft minutes", "asleep", "health", "danger"):
        assert secret not in words.replace("Not told yet. ", "")


def test_projects_and_the_agenda_of_the_next_review(session: Session, cast: Cast, given: Relationships) -> None:
    given.review(cast.finance, ahead(9))
    late: dict[str, Any] = {"stage": Stage.UNDER_WAY, "moved_on": ago(3), "milestone": "Test", "milestone_on": ago(2)}
    given.add(Project(unit_id=cast.finance.id, name="Ledger", state="Waits for a tester", **late))
    pack = told(session, cast)
    project = block(part(pack, "Project work"), Table).rows[0]
    assert [cell.text for cell in project] == ["Ledger", "Two days late", "Test"]
    assert project[1].tone is Tone.WORSE
    assert block(part(pack, "Agenda of the review on"), Items).items[0].body == "How things are going, in their words"
    assert block(part(pack, "Next steps"), Text).lead == "We meet on"


def test_only_who_looks_after_the_unit_and_the_cio_make_it(session: Session, cast: Cast) -> None:
    for person in (cast.colleague, cast.head, cast.administrator):
        by = policy.actor_for(session, person, TODAY)
        with pytest.raises(Forbidden):
            review.content(session, by=by, unit=cast.finance, since=SINCE, until=TODAY, now=NOW)
    review.content(
        session, by=cast.actor(session, cast.cio, TODAY), unit=cast.finance, since=SINCE, until=TODAY, now=NOW
    )


def test_it_takes_the_same_statements_however_much_there_is(session: Session, cast: Cast, given: Relationships) -> None:
    def count() -> int:
        session.expire_all()
        with statements(session) as sent:
            told(session, cast)
        return len(sent)

    given.rated(cast.finance, ago(9), [4, 5])
    given.request(cast.finance)
    given.action(cast.finance, owner=cast.rep)
    few = count()
    for number in range(30):
        given.request(cast.finance, f"Wish {number}", by=cast.head)
        given.action(cast.finance, f"Promise {number}", owner=cast.rep)
    assert count() == few
    assert few <= 25
