from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.apportionment import rounded_to_sum
from crm.stats.percentiles import percentile

parts = st.lists(st.floats(-100, 100).map(lambda part: round(part, 4)), max_size=12)


@pytest.mark.parametrize(
    ("given_parts", "whole"),
    [
        ([], []),
        ([33.4, 33.3, 33.3], [34, 33, 33]),
        ([22.5, 15.5, 12.25, 13.75], [23, 15, 12, 14]),
        ([0.5], [1]),
        ([-1.5, -1.5], [-1, -2]),
        ([0.1] * 10, [1] + [0] * 9),
        ([2.9999999999, 1.0000000001], [3, 1]),
    ],
)
def test_rounded_parts_add_up(given_parts: list[float], whole: list[int]) -> None:
    assert rounded_to_sum(given_parts) == whole


def test_a_total_may_be_given_but_not_any() -> None:
    assert rounded_to_sum([1.4, 1.4], 2) == [1, 1]
    assert rounded_to_sum([1.4, 1.4], 3) == [2, 1]
    for total in (1, 5):
        with pytest.raises(ValueError, match="cannot be rounded"):
            rounded_to_sum([1.4, 1.4], total)


@given(parts)
def test_the_sum_is_exact_and_no_part_moves_by_one(given_parts: list[float]) -> None:
    whole = rounded_to_sum(given_parts)
    assert sum(whole) == math.floor(round(math.fsum(given_parts), 9) + 0.5)
    assert all(abs(each - part) < 1 for each, part in zip(whole, given_parts, strict=True))


@given(parts.flatmap(lambda known: st.tuples(st.just(known), st.permutations(known))))
def test_the_order_of_parts_does_not_matter(both: tuple[list[float], list[float]]) -> None:
    there, back = ([*zip(order, rounded_to_sum(order), strict=True)] for order in both)
    assert sorted(there) == sorted(back)


def test_a_percentile_is_one_of_the_values() -> None:
    ages = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    assert [percentile(ages, share) for share in (0, 0.1, 0.5, 0.85, 0.9, 1)] == [1, 1, 5, 9, 9, 100]
    assert percentile([], 0.5) is None
    assert percentile([7], 0.5) == 7
    with pytest.raises(ValueError, match="share"):
        percentile(ages, 1.1)


@given(st.lists(st.integers(0, 400), min_size=1), st.floats(0, 1))
def test_at_least_that_share_does_not_pass_the_percentile(ages: list[int], share: float) -> None:
    found = percentile(ages, share)
    assert found in ages
    assert found is not None
    assert sum(age <= found for age in ages) >= share * len(ages) - 1e-6
