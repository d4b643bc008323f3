from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.moments import Moments
from crm.stats.scale import TEN
from crm.stats.scores import Score, finite_population_factor, score_from, score_of
from crm.stats.student import t_of

ratings = st.lists(st.integers(1, 5), max_size=40)


def test_the_worked_example_four_of_six_people() -> None:
    score = score_of([5, 4, 4, 3], 6)
    assert (score.value, score.n, score.asked) == (4.0, 4, 6)
    assert (score.low, score.high) == pytest.approx((3.18, 4.82), abs=0.005)


def test_a_hundred_of_five_hundred_narrow_the_range_by_the_factor() -> None:
    assert finite_population_factor(100, 500) == pytest.approx(0.8953, abs=5e-5)
    assert 2.5 * finite_population_factor(100, 500) == pytest.approx(2.2383, abs=5e-5)


# Abramowitz and Stegun, table 26.10, column 0.95 (two-sided).
@pytest.mark.parametrize(
    ("df", "t"),
    [
        *((1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365), (8, 2.306), (9, 2.262)),
        *((10, 2.228), (11, 2.201), (15, 2.131), (20, 2.086), (29, 2.045), (30, 2.042), (60, 2.000), (120, 1.980)),
    ],
)
def test_students_t_agrees_with_the_printed_table(df: int, t: float) -> None:
    assert t_of(df) == pytest.approx(t, abs=5e-4)


def test_students_t_takes_other_shares_and_refuses_no_freedom() -> None:
    assert t_of(10, 0.99) == pytest.approx(3.169, abs=5e-4)
    assert t_of(5000) == pytest.approx(1.9604, abs=5e-4)
    with pytest.raises(ValueError, match="freedom"):
        t_of(0)


def test_nobody_is_unknown_and_not_zero() -> None:
    assert score_of([], 7) == Score(None, 0, 7, None, None)
    assert not score_of([], 7).is_known


def test_one_person_and_a_census_have_no_range() -> None:
    for score in (score_of([4], 1), score_of([4], 7), score_of([1, 5], 2)):
        assert (score.low, score.high) == (None, None)


def test_more_answers_than_people_or_marks_beyond_the_scale_are_refused() -> None:
    for wrong, asked in (([4, 4], 1), ([0], 1), ([6], 1)):
        with pytest.raises(ValueError, match=r"answers from|ratings go"):
            score_of(wrong, asked)


@given(ratings, st.integers(0, 40))
def test_the_range_lies_on_the_scale_around_the_value(marks: list[int], silent: int) -> None:
    score = score_of(marks, len(marks) + silent)
    if score.low is not None and score.high is not None and score.value is not None:
        assert 1 <= score.low <= score.value <= score.high <= 5
    assert (score.low is None) == (len(marks) < 2 or silent == 0)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=40), st.integers(1, 40))
def test_the_more_stayed_silent_the_wider_the_range(marks: list[int], silent: int) -> None:
    few, many = score_of(marks, len(marks) + silent), score_of(marks, len(marks) + silent + 1)
    assert few.low is not None
    assert many.low is not None
    assert many.low <= few.low + 1e-12


@given(ratings)
def test_the_order_of_answers_does_not_matter(marks: list[int]) -> None:
    assert score_of(marks, 50) == score_of(sorted(marks), 50)


def test_another_scale_has_its_own_ends() -> None:
    score = score_of([10, 10, 9], 6, TEN)
    assert (score.high, score.text) == (10, "9.7")
    assert score_of([10], 6, TEN).text == "10"


@given(ratings, ratings)
def test_sums_kept_by_period_give_the_score_of_all_answers(before: list[int], since: list[int]) -> None:
    asked = len(before) + len(since) + 3
    assert score_from(Moments.of(before) + Moments.of(since), asked) == score_of(before + since, asked)


@pytest.mark.parametrize("marks", [[], [3], [3, 3], [3, 3, 3], [1, 5]])
def test_none_one_two_and_all_the_same_divide_by_nothing(marks: list[int]) -> None:
    for asked in (len(marks), len(marks) + 1, len(marks) + 9):
        score = score_of(marks, asked)
        assert score.is_known == bool(marks)
    assert Moments.of(marks).deviation >= 0
