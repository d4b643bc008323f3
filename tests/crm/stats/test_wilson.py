from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.wilson import interval


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 1, 0, 0.79345671), (1, 2, 0.09452865, 0.90547135), (90, 100, 0.82563270, 0.94477146)],
)
def test_the_worked_numbers(hits: int, n: int, low: float, high: float) -> None:
    assert interval(hits, n) == pytest.approx((low, high), abs=5e-9)


@pytest.mark.parametrize(("hits", "n", "low", "high"), [(3, 3, 0.44, 1), (4, 5, 0.38, 0.96), (8, 10, 0.49, 0.94)])
def test_the_numbers_for_intuition(hits: int, n: int, low: float, high: float) -> None:
    assert interval(hits, n) == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (2, 1), (-1, 3)])
def test_an_impossible_share_is_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="of"):
        interval(hits, n)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_range_holds_the_share_and_mirrors(share: tuple[int, int]) -> None:
    hits, n = share
    low, high = interval(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert interval(n - hits, n) == pytest.approx((1 - high, 1 - low))
