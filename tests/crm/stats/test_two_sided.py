"""Importance and satisfaction, what is acceptable and what is wished, what was expected and what was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.foresight import Foresight, foresight
from crm.stats.gaps import Item, Quadrant, gap_list, weighted_satisfaction
from crm.stats.outcomes import Outcome, outcome_score
from crm.stats.xmr import Judgement
from crm.stats.zone import Zone, zone_of, zone_reading


def test_the_gap_list_puts_first_what_matters_and_is_missing() -> None:
    items = [Item("Communicates", 1, 2), Item("Executes", 3, 3), Item("Value", 2, 5)]
    assert [(item.name, item.weighted_gap) for item in gap_list(items)] == [
        ("Executes", 2.0),
        ("Communicates", 1.0),
        ("Value", 0.0),
    ]
    assert weighted_satisfaction(items) == pytest.approx((2 + 9 + 10) / 6)
    assert weighted_satisfaction([]) is None


@pytest.mark.parametrize(
    ("importance", "satisfaction", "quadrant"),
    [(3, 3.9, Quadrant.FIX), (2.1, 4, Quadrant.KEEP), (2, 3.9, Quadrant.LATER), (1, 5, Quadrant.PLENTY)],
)
def test_the_quadrants_have_fixed_borders(importance: float, satisfaction: float, quadrant: Quadrant) -> None:
    assert Item("Executes", importance, satisfaction).quadrant is quadrant


@given(st.floats(1, 3), st.floats(1, 5))
def test_a_weighted_gap_goes_from_nothing_to_four(importance: float, satisfaction: float) -> None:
    assert 0 <= Item("Executes", importance, satisfaction).weighted_gap <= 4


def test_the_zone_of_tolerance() -> None:
    zone = Zone(minimum=5, desired=8, perceived=6)
    assert (zone.adequacy_gap, zone.superiority_gap, zone.said) == (1, -2, "acceptable, less than was wished")
    assert Zone(5, 8, 4).said == "below what is acceptable"
    assert Zone(5, 8, 9).said == "more than was wished"


def test_whoever_mixed_up_the_questions_is_left_out() -> None:
    assert zone_of([Zone(5, 8, 6), Zone(9, 2, 1), Zone(3, 6, 6)]) == Zone(4, 7, 6)
    assert zone_of([Zone(9, 2, 1)]) is None


def test_a_zone_is_below_or_above_only_where_the_answers_can_carry_it() -> None:
    low = [Zone(3, 5, 2), Zone(4, 5, 2), Zone(3, 4, 2), Zone(4, 5, 3)]
    reading = zone_reading(low, asked=6)
    assert reading is not None
    assert (reading.adequacy.value, reading.superiority.value) == (-1.25, -2.5)
    assert reading.adequacy.low == pytest.approx(-1.25 - 3.182 * 0.5 / 2 * (2 / 5) ** 0.5, abs=1e-3)
    assert (reading.finding, reading.judgement) == ("Below what is acceptable", Judgement.CONCERN)
    mixed = zone_reading([Zone(3, 5, 2), Zone(3, 5, 4), Zone(3, 5, 2)], asked=9)
    assert mixed is not None
    assert (mixed.finding, mixed.judgement) == ("Below what is acceptable, but too close to tell", None)
    good = zone_reading([Zone(2, 3, 4), Zone(2, 3, 5)], asked=2)
    assert good is not None
    assert (good.finding, good.judgement) == ("More than was wished", Judgement.IMPROVEMENT)


def test_one_persons_zone_is_one_persons_view_and_none_is_none() -> None:
    alone = zone_reading([Zone(3, 5, 1), Zone(5, 1, 1)], asked=1)
    assert alone is not None
    assert (alone.n, alone.left_out, alone.judgement) == (1, 1, None)
    assert alone.finding == "One person’s view: below what is acceptable"
    assert zone_reading([], asked=4) is None
    assert zone_reading([Zone(5, 1, 1)], asked=4) is None


STEPS = st.integers(1, 5)


@given(st.lists(st.builds(Zone, STEPS, STEPS, STEPS), max_size=9), st.integers(0, 12))
def test_a_zone_reading_never_breaks_and_its_gaps_are_those_of_its_means(answers: list[Zone], more: int) -> None:
    reading = zone_reading(answers, len(answers) + more)
    if reading is not None:
        assert reading.adequacy.value == pytest.approx(reading.zone.adequacy_gap)
        assert reading.superiority.value == pytest.approx(reading.zone.superiority_gap)
        assert reading.n + reading.left_out == len(answers)


def test_foresight_tells_rosy_from_wrong() -> None:
    assert foresight([(4, 2), (3, 4)]) == Foresight(2, bias=0.5, miss=1.5)
    assert foresight([]) == Foresight(0)


def test_the_outcome_score_leaves_out_what_was_cancelled() -> None:
    assert outcome_score([Outcome.ACHIEVED, Outcome.PARTLY, Outcome.CANCELLED]) == 0.75
    assert outcome_score([Outcome.MISSED]) == 0
    assert outcome_score([Outcome.CANCELLED]) is None
