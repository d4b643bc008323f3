"""Why the health of a unit moved: causes in words, each with what opens it, that sum to the move."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.services.health import moved, rules
from crm.services.health.moved import Moved, ToldCause
from crm.stats.health import Change
from models.health import Component, EvidenceKind, HealthRule
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, ago

SINCE = ago(90)
PROMISES, SATISFACTION = Component.PROMISES, Component.SATISFACTION


@pytest.fixture
def told(session: Session, cast: Cast) -> Told:
    return Told(session, cast)


class Told:
    """Finance, with evidence of two components on two days; its snapshots are what the evidence comes to."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.unit = session, cast.finance
        self.add(SATISFACTION, EvidenceKind.ROUND, 70, title="October pulse", facts={"mean": 3.8, "n": 5, "asked": 7})

    def add(self, component: Component, kind: EvidenceKind, credit: int, **more: Any) -> None:
        more.setdefault("since", ago(200))
        more.setdefault("source", f"{kind.value}:{len(str(more))}{credit}")
        health.evidence(self.session, self.unit, component, kind, credit=credit, **more)

    def stood(self, before: dict[str, Any], after: dict[str, Any]) -> Moved:
        health.kept(self.session, self.unit, since=ago(300), until=ago(20), **before)
        health.kept(self.session, self.unit, since=ago(20), **after)
        return moved.between(self.session, unit_id=self.unit.id, since=SINCE, until=TODAY)


def points(found: Moved) -> list[int]:
    return [cause.points for cause in found.causes]


def test_several_of_a_kind_are_one_line_that_names_and_opens_each(told: Told) -> None:
    told.add(PROMISES, EvidenceKind.ACTION, 100, title="Name the testers")
    for number, title in ((7, "Spend dashboard"), (8, "Supplier portal")):
        told.add(PROMISES, EvidenceKind.REFUSAL, 0, title=title, source=f"request:{number}", since=ago(20))
    found = told.stood({"satisfaction": 70, "promises": 100}, {"satisfaction": 70, "promises": 33})
    [cause] = found.causes
    assert cause.says == "Refused without an alternative"
    assert [(link.text, link.endpoint, dict(link.values)) for link in cause.links] == [
        ("Spend dashboard", "requests.show", {"request_id": 7}),
        ("Supplier portal", "requests.show", {"request_id": 8}),
    ]
    assert cause.sentence == "Refused without an alternative: Spend dashboard and Supplier portal"
    assert (cause.component, cause.change) == (PROMISES, Change.NEW)
    assert cause.points == found.points == -28


def test_what_aged_out_says_when_and_how_old_it_was(told: Told) -> None:
    told.add(PROMISES, EvidenceKind.ACTION, 50, title="An old one")
    gone = {"until": ago(20), "ages_on": ago(20), "happened_on": ago(201), "since": ago(200)}
    told.add(PROMISES, EvidenceKind.ACTION, 100, title="Name the testers", **gone)
    found = told.stood({"satisfaction": 70, "promises": 75}, {"satisfaction": 70, "promises": 50})
    assert [cause.sentence for cause in found.causes] == [
        "Action done in time, counts no more since 31 October: Name the testers (more than 180 days ago)"
    ]
    assert points(found) == [found.points]


def test_the_same_evidence_seen_otherwise_says_what_it_was(told: Told) -> None:
    told.add(PROMISES, EvidenceKind.ACTION, 100, title="Ledger", source="action:1", until=ago(20), since=ago(100))
    told.add(PROMISES, EvidenceKind.ACTION, 0, title="Ledger", source="action:1", since=ago(20))
    found = told.stood({"satisfaction": 70, "promises": 100}, {"satisfaction": 70, "promises": 0})
    assert found.causes[0].sentence == "Action overdue, was: action done in time: Ledger"
    assert found.causes[0].change is Change.OTHERWISE


def test_another_last_review_is_one_line(told: Told) -> None:
    told.add(Component.RHYTHM, EvidenceKind.RECENCY, 100, source="review:1", until=ago(20), happened_on=ago(99))
    told.add(Component.RHYTHM, EvidenceKind.RECENCY, 50, source="review:2", since=ago(20), happened_on=ago(60))
    found = told.stood({"satisfaction": 70, "rhythm": 100}, {"satisfaction": 70, "rhythm": 50})
    [cause] = found.causes
    assert cause.says == "The last review is of 21 September, longer ago than one rhythm"
    assert (cause.points, cause.change) == (found.points, Change.OTHERWISE)


def test_a_component_that_became_known_is_told_as_that(told: Told) -> None:
    told.add(Component.RHYTHM, EvidenceKind.REVIEW, 100, title="Q2")
    told.add(PROMISES, EvidenceKind.ACTION, 20, title="Ledger", since=ago(20))
    found = told.stood({"satisfaction": 70, "rhythm": 100}, {"satisfaction": 70, "rhythm": 100, "promises": 20})
    assert [(cause.says, cause.change) for cause in found.causes] == [("Promises became known", Change.KNOWN)]
    assert points(found) == [found.points]


def test_other_weights_are_a_cause_of_their_own(told: Told, session: Session) -> None:
    told.add(PROMISES, EvidenceKind.ACTION, 20, title="Ledger")
    weights = {**rules.DEFAULT.weights, "promises": 45, "satisfaction": 15}
    rule = HealthRule(weights=weights, since=ago(20), reason="Promises first", at=NOW)
    session.add(rule)
    session.flush()
    values = {"satisfaction": 70, "promises": 20}
    found = told.stood(values, {**values, "rule": rules.told(rule)})
    assert [cause.says for cause in found.causes] == ["The parts weigh otherwise"]
    assert found.causes[0].points == found.points
    assert found.points is not None
    assert found.points < 0


def test_what_comes_to_less_than_a_point_is_one_line_at_the_end(told: Told) -> None:
    for number in range(60):
        told.add(PROMISES, EvidenceKind.ACTION, 100, title=f"Step {number}", source=f"action:{number}")
    told.add(PROMISES, EvidenceKind.REQUEST, 0, title="Dashboard", since=ago(20))
    told.add(PROMISES, EvidenceKind.REFUSAL, 90, title="Portal", since=ago(20))
    found = told.stood({"satisfaction": 70, "promises": 100}, {"satisfaction": 70, "promises": 98})
    assert [cause.says for cause in found.causes][1:] == ["One smaller cause comes to less than a point"]
    assert sum(points(found)) == found.points == -1


def test_a_move_that_the_ledger_does_not_tell_is_said_and_still_adds_up(told: Told) -> None:
    found = told.stood({"satisfaction": 70, "rhythm": 100}, {"satisfaction": 70, "rhythm": 50})
    assert [(cause.says, cause.points) for cause in found.causes] == [
        ("Not told by the evidence that was kept", found.points)
    ]


def test_without_a_score_on_both_days_there_are_no_causes(told: Told, session: Session, cast: Cast) -> None:
    health.kept(session, cast.finance, since=ago(20), satisfaction=70, promises=50)
    found = moved.between(session, unit_id=cast.finance.id, since=SINCE, until=TODAY)
    assert (found.before, found.points, list(found.causes)) == (None, None, [])
    assert found.after is not None
    assert found.after.health.score == 62


def test_several_units_take_two_statements(
    told: Told, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    told.add(PROMISES, EvidenceKind.ACTION, 20, title="Ledger", since=ago(20))
    told.stood({"satisfaction": 70, "rhythm": 70}, {"satisfaction": 70, "promises": 20})
    ids = [cast.finance.id, cast.legal.id]
    session.flush()
    with statements:
        found = moved.of_units(session, unit_ids=ids, since=SINCE, until=TODAY)
    assert statements.count == 2
    assert [unit_id for unit_id in found if found[unit_id].points is None] == [cast.legal.id]


def test_the_lines_of_a_component_sum_to_its_move_in_the_table(told: Told) -> None:
    for number, credit in enumerate((100, 90, 55)):
        told.add(PROMISES, EvidenceKind.ACTION, credit, source=f"action:{number}", since=ago(200))
    told.add(PROMISES, EvidenceKind.REFUSAL, 0, title="Portal", since=ago(20))
    told.add(SATISFACTION, EvidenceKind.ROUND, 30, title="November pulse", since=ago(20))
    found = told.stood({"satisfaction": 70, "promises": 82}, {"satisfaction": 50, "promises": 61})
    before, after = found.before, found.after
    assert before is not None
    assert after is not None
    for name, part in after.health.parts.items():
        shift = part.points - before.health.parts[name].points
        assert sum(cause.points for cause in found.causes if cause.component == name) == shift
    assert sum(points(found)) == found.points


def test_a_line_names_three_and_counts_the_rest(told: Told) -> None:
    for number in range(5):
        told.add(PROMISES, EvidenceKind.ACTION, 0, title=f"Step {number}", source=f"action:{number}", since=ago(20))
    told.add(PROMISES, EvidenceKind.OFFER, 100, title="Old")
    found = told.stood({"satisfaction": 70, "promises": 100}, {"satisfaction": 70, "promises": 17})
    [cause] = found.causes
    assert cause.sentence == "Action overdue: Step 0, Step 1, Step 2 and 2 more"


def test_in_short_the_lines_still_sum_to_the_move() -> None:
    causes = [ToldCause(points, str(points)) for points in (-9, 7, -5, -4, 2, 0)]
    short = Moved(SINCE, TODAY, None, None, causes).in_short(3)
    assert [(cause.points, cause.says) for cause in short] == [
        (-9, "-9"),
        (7, "7"),
        (-7, "Three smaller causes together"),
    ]
    assert len(Moved(SINCE, TODAY, None, None, causes[:3]).in_short(3)) == 3
