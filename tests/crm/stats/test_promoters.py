from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.promoters import Promoters, promoters_of


def test_the_worked_example() -> None:
    found = Promoters(6, 4, 2)
    assert found.score == pytest.approx(33.3, abs=0.05)
    assert found.plain == pytest.approx((-8.8, 75.5), abs=0.05)
    assert found.adjusted == pytest.approx((-11.3, 64.6), abs=0.05)


def test_three_promoters_are_no_certainty() -> None:
    found = Promoters(3, 0, 0)
    assert found.plain == (100, 100)
    assert found.adjusted == pytest.approx((-6.6, 100), abs=0.05)


def test_answers_fall_into_three_groups() -> None:
    assert promoters_of(range(11)) == Promoters(2, 2, 7)
    with pytest.raises(ValueError, match="0 to 10"):
        promoters_of([11])


def test_nobody_has_no_score() -> None:
    assert (promoters_of([]).score, promoters_of([]).plain, promoters_of([]).adjusted) == (None, None, None)


counts = st.integers(0, 60)


@given(counts, counts, counts)
def test_the_range_lies_between_the_ends_and_mirrors(promoters: int, passives: int, detractors: int) -> None:
    found, turned = Promoters(promoters, passives, detractors), Promoters(detractors, passives, promoters)
    if found.adjusted and turned.adjusted:
        low, high = found.adjusted
        assert -100 <= low <= high <= 100
        assert turned.adjusted == pytest.approx((-high, -low))
