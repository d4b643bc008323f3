"""How far a relationship has come: IT says so with a reason, the unit in its survey; the gap is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.services import confidentiality, question_sets, totals
from crm.services.assessments import listing, maturity
from crm.services.assessments.levels import LEVELS, nearest
from crm.services.assessments.listing import Only
from crm.services.secrets import hashed
from models import Answer, BusinessUnit, Confidentiality, Instrument, Invitation, Person, Question, Response, Round
from tests.cast import Cast

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def surveyed(
    session: Session,
    unit: BusinessUnit,
    said: list[tuple[Person, int]],
    how: Confidentiality = Confidentiality.NAMED,
    ago: int = 20,
) -> Round:
    """A survey in which these people said so."""
    questions = question_sets.current(session, instrument=Instrument.SURVEY, now=NOW)
    assert questions
    session.flush()
    asks = session.scalars(select(Question).where(Question.key == question_sets.MATURITY)).one()
    opened = NOW - timedelta(days=ago)
    held = Round(
        unit_id=unit.id,
        set_id=questions.id,
        instrument=Instrument.SURVEY,
        opened_at=opened,
        closes_at=opened + timedelta(days=14),
        asked=len(said),
    )
    confidentiality.promise(held, how)
    session.add(held)
    session.flush()
    for number, (person, level) in enumerate(said):
        link = Invitation(round_id=held.id, person_id=person.id, token_hash=hashed(f"{held.id}-{number}"))
        session.add(link)
        session.flush()
        named = how is not Confidentiality.ANONYMOUS
        given_ = Response(
            invitation_id=link.id if named else None, round_id=held.id, unit_id=unit.id, score=3, answered_at=opened
        )
        given_.answers = [Answer(question_id=asks.id, about="", value=level)]
        session.add(given_)
    session.flush()
    totals.changed(session, round_ids=[held.id])
    return held


def say(
    session: Session, cast: Cast, level: int | None, why: str = "We plan together", by: Person | None = None
) -> None:
    actor = cast.actor(session, by or cast.rep, TODAY)
    maturity.say(session, by=actor, unit=cast.finance, level=level, why=why, now=NOW)


def both(session: Session, cast: Cast) -> maturity.Both:
    return maturity.of_unit(session, by=cast.actor(session, cast.cio, TODAY), unit=cast.finance)


def test_five_levels_have_a_name_and_a_plain_description() -> None:
    assert [level.name for level in LEVELS.values()] == [
        "Ad hoc",
        "Order taker",
        "Service provider",
        "Trusted advisor",
        "Strategic partner",
    ]
    assert all(level.means for level in LEVELS.values())


@given(st.floats(1, 5))
def test_a_mean_is_told_by_a_level_at_most_half_a_level_away(mean: float) -> None:
    assert abs(nearest(mean).step - mean) <= 0.5
    assert nearest(2.5).step == 2, "of two as near the lower"


def test_both_sides_and_the_gap_between_them(session: Session, cast: Cast) -> None:
    say(session, cast, 4)
    surveyed(session, cast.finance, [(cast.head, 2), (cast.key_user, 3)])
    found = both(session, cast)
    assert found.theirs
    assert (found.our_level, found.theirs.level) == (LEVELS[4], LEVELS[2])
    assert found.theirs.of_head == 2
    assert (found.theirs.tally.n, found.theirs.tally.asked) == (2, 2)
    assert found.gap == 2
    assert maturity.gap_in_words(2, "Finance") == "IT sees itself two levels higher than Finance does."


def test_until_both_have_spoken_there_is_no_gap(session: Session, cast: Cast) -> None:
    assert both(session, cast) == maturity.Both(None, None)
    say(session, cast, 4)
    assert both(session, cast).gap is None
    assert maturity.gap_in_words(None, "Finance") == "One side has not said yet how it sees the relationship."


def test_the_newest_survey_counts(session: Session, cast: Cast) -> None:
    surveyed(session, cast.finance, [(cast.head, 5)], ago=120)
    surveyed(session, cast.finance, [(cast.head, 1)], ago=20)
    found = both(session, cast).theirs
    assert found
    assert found.of_head == 1


def test_without_names_nobody_learns_what_the_head_said(session: Session, cast: Cast) -> None:
    people = [Person(name=f"Key user {number}") for number in range(5)]
    session.add_all(people)
    session.flush()
    said = [(cast.head, 1), *((person, 4) for person in people)]
    held = surveyed(session, cast.finance, said, Confidentiality.CONFIDENTIAL)
    assert both(session, cast).theirs is None, "nothing shows while it is open"
    confidentiality.reveal_closed(session, now=NOW)
    found = both(session, cast).theirs
    assert held.scores_shown
    assert found
    assert found.of_head is None
    assert found.tally.n == 6


def test_a_level_needs_a_reason_and_is_one_of_five(session: Session, cast: Cast) -> None:
    for level, why, field in ((None, "So", "level"), (6, "So", "level"), (3, "", "why"), (3, "x" * 1_001, "why")):
        with pytest.raises(Invalid) as refused:
            say(session, cast, level, why)
        assert refused.value.field == field
    for person in (cast.colleague, cast.head, cast.administrator):
        with pytest.raises(Forbidden):
            say(session, cast, 3, by=person)


def test_the_same_view_twice_is_kept_once_and_every_other_in_its_history(session: Session, cast: Cast) -> None:
    for level, why in ((2, "Tickets only"), (2, "Tickets only"), (3, "Services agreed")):
        say(session, cast, level, why)
    past = maturity.history(session, by=cast.actor(session, cast.cio, TODAY), unit=cast.finance)
    assert [(one.level, one.why) for one in past.rows] == [(3, "Services agreed"), (2, "Tickets only")]


def test_units_of_which_least_is_known_come_first_and_the_list_finds_where_the_sides_differ(
    session: Session, cast: Cast
) -> None:
    by = cast.actor(session, cast.cio, TODAY)
    assert [line.unit.name for line in listing.listed(session, by=by).rows] == [
        "Corporate services",
        "Finance",
        "Legal",
    ]
    assert not listing.listed(session, by=by, only=Only.APART).rows
    say(session, cast, 4)
    surveyed(session, cast.finance, [(cast.head, 2), (cast.key_user, 3)])
    (apart,) = listing.listed(session, by=by, only=Only.APART).rows
    assert (apart.unit.name, apart.gap, apart.n, apart.stale) == ("Finance", 2, 2, 4)


@pytest.mark.parametrize(("ours", "said", "gap"), [(4, (3, 2), 2), (4, (3, 3), 1), (1, (2, 3), 1), (1, (3, 3), 2)])
def test_the_filter_and_the_figure_agree_on_what_is_apart(
    session: Session, cast: Cast, ours: int, said: tuple[int, int], gap: int
) -> None:
    say(session, cast, ours)
    surveyed(session, cast.finance, list(zip((cast.head, cast.key_user), said, strict=True)))
    by = cast.actor(session, cast.cio, TODAY)
    line = next(one for one in listing.listed(session, by=by).rows if one.unit.name == "Finance")
    assert abs(line.gap or 0) == gap
    assert bool(listing.listed(session, by=by, only=Only.APART).rows) is (gap >= maturity.APART)
