from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.moments import Moments
from crm.stats.shrinkage import USUAL_WEIGHT, Prior, prior_of, ranking

groups = st.lists(st.lists(st.integers(1, 5), max_size=8), max_size=8)


def test_a_few_answers_are_drawn_to_the_average() -> None:
    prior = Prior(mean=4.0, weight=6.0)
    assert prior.shrunken(Moments.of([1, 1])) == pytest.approx((6 * 4 + 2) / 8)
    assert prior.shrunken(Moments()) == 4.0


def test_one_bad_answer_does_not_come_before_ten_poor_ones() -> None:
    places = ranking({"one": Moments.of([1]), "ten": Moments.of([2, 1] * 5)}, Prior(4, 4))
    assert [place.key for place in places] == ["ten", "one"]
    assert [place.raw for place in places] == [1.5, 1.0]


def test_the_prior_comes_from_the_spread_within_and_between() -> None:
    """Within: 2/3 a group, so 2/3. Between: variance of the means 1, less 2/3 over 3 answers each."""
    prior = prior_of([Moments.of([1, 2, 2]), Moments.of([2, 3, 3]), Moments.of([3, 4, 4])])
    assert prior is not None
    within, between_means = 1 / 3, 1.0
    assert prior.mean == pytest.approx(24 / 9)
    assert prior.weight == pytest.approx(within / (between_means - within / 3))


def test_groups_that_differ_by_chance_alone_are_all_the_average() -> None:
    prior = prior_of([Moments.of([1, 5]), Moments.of([2, 4])])
    assert prior == Prior(3, math.inf)
    assert prior.shrunken(Moments.of([1, 5, 5])) == 3


def test_without_a_spread_to_estimate_a_usual_weight_is_taken() -> None:
    assert prior_of([]) is None
    assert prior_of([Moments.of([4, 5])]) == Prior(4.5, USUAL_WEIGHT)
    assert prior_of([Moments.of([4]), Moments.of([2])]) == Prior(3, USUAL_WEIGHT)
    assert ranking({}) == []


def test_a_unit_nobody_rated_stands_at_the_average() -> None:
    places = {
        place.key: place
        for place in ranking({"bad": Moments.of([1] * 9), "new": Moments(), "good": Moments.of([5] * 9)})
    }
    assert (places["new"].raw, places["new"].shrunken, places["new"].n) == (None, 3, 0)
    assert (places["bad"].shrunken, places["good"].shrunken) == (1, 5)


@given(groups)
def test_the_shrunken_score_lies_between_the_raw_one_and_the_average(marks: list[list[int]]) -> None:
    known = {at: Moments.of(each) for at, each in enumerate(marks)}
    prior = prior_of(known.values())
    for place in ranking(known):
        assert prior is not None
        low, high = sorted((prior.mean, prior.mean if place.raw is None else place.raw))
        assert low - 1e-9 <= place.shrunken <= high + 1e-9


@given(groups)
def test_the_order_of_groups_does_not_matter_to_the_prior(marks: list[list[int]]) -> None:
    there, back = (prior_of([Moments.of(each) for each in order]) for order in (marks, marks[::-1]))
    assert (there is None) == (back is None)
    if there and back:
        assert there.mean == pytest.approx(back.mean)
        assert there.weight == pytest.approx(back.weight)
