"""How long things take and how often rare things come, against published tables."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats import poisson, rates
from crm.stats.durations import EXACT_UP_TO, durations, ranks_of_median
from crm.stats.wilson import share_of


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (30, (10, 21)), (50, (18, 33)), (100, (40, 61))],
)
def test_the_range_of_a_median_lies_between_the_published_ranks(n: int, ranks: tuple[int, int]) -> None:
    """Campbell and Gardner, BMJ 296 (1988), table of exact 95 % ranks for medians."""
    assert ranks_of_median(n) == ranks


@pytest.mark.parametrize("n", range(6))
def test_under_six_there_is_no_range(n: int) -> None:
    assert ranks_of_median(n) is None


@given(st.integers(6, 400))
def test_the_range_holds_the_median_95_times_in_100_and_no_narrower_one_does(n: int) -> None:
    low, high = ranks_of_median(n) or (0, 0)

    def held(rank: int) -> float:
        return float(1 - 2 * sum(math.comb(n, k) for k in range(rank)) / 2**n)

    assert low + high == n + 1
    assert held(low) >= 0.95 > held(low + 1)


def test_many_are_told_as_few_are() -> None:
    exact, rough = ranks_of_median(EXACT_UP_TO), ranks_of_median(EXACT_UP_TO + 1)
    assert exact is not None
    assert rough is not None
    assert abs(exact[0] - rough[0]) <= 1


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_durations_are_values_there_are_and_in_order(values: list[int]) -> None:
    told = durations(Counter(values))
    ordered = sorted(values)
    assert told.median == ordered[math.ceil(len(values) / 2) - 1]
    assert (told.low is None) == (len(values) < 6)
    if told.low is not None and told.high is not None and told.median is not None:
        assert told.low <= told.median <= told.high
    if told.ninetieth is not None:
        assert sum(value <= told.ninetieth for value in values) >= 0.9 * len(values)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_the_range_of_a_count_is_garwoods(count: int, low: float, high: float) -> None:
    assert poisson.interval(count) == pytest.approx((low, high), abs=0.001)


def test_a_share_of_few_is_not_told() -> None:
    assert (rates.text(share_of(1, 4)), rates.behind(share_of(1, 4))) == ("?", "1 of 4: too few to tell")
    assert rates.behind(share_of(0, 0)) == "none so far"
    assert rates.behind(share_of(90, 100)) == "90 of 100, 83–94 %"
