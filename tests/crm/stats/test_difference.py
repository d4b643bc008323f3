"""Two groups differ when chance would hardly do as much; of few nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.difference import difference
from crm.stats.moments import Moments

MARKS = st.lists(st.integers(1, 5), max_size=40)


def test_welchs_interval_of_a_worked_example() -> None:
    """Means 3 and 4, variances 1 and 0.5 of 5 and 9 answers: se = sqrt(0.2 + 0.5/9), df = 6.2 -> 6, t(99 %) = 3.707."""
    before = Moments.of([2, 2, 3, 4, 4])
    now = Moments.of([3, 3, 4, 4, 4, 4, 4, 5, 5])
    found = difference(before, now)
    assert found.by == pytest.approx(1)
    assert found.high - found.low == pytest.approx(2 * 3.707 * (0.2 + 0.5 / 9) ** 0.5, abs=0.01)
    assert found.way == 0


@pytest.mark.parametrize(("before", "now"), [([], []), ([5] * 4, [1] * 9), ([5] * 9, [1] * 4)])
def test_under_five_answers_nothing_is_said(before: list[int], now: list[int]) -> None:
    found = difference(Moments.of(before), Moments.of(now))
    assert not found.is_told
    assert found.way == 0


@given(MARKS, MARKS)
def test_the_range_holds_the_difference_and_turns_with_it(before: list[int], now: list[int]) -> None:
    there, back = (difference(Moments.of(one), Moments.of(other)) for one, other in ((before, now), (now, before)))
    assert there.way == -back.way
    if there.by is not None:
        assert there.low <= there.by <= there.high
