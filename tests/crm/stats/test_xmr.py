from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats import xmr
from crm.stats.xmr import Assurance, Cause, Direction, Judgement, Limits, Signal, limits_of, signals

ALTERNATING = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
#: Montgomery, Introduction to Statistical Quality Control, example 6.5.
MONTGOMERY = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
values = st.lists(st.none() | st.integers(-50, 50), max_size=40)


def made(values: xmr.Values, *, screened: bool = False) -> Limits:
    limits = limits_of(values, screened=screened)
    assert limits is not None
    return limits


def flagged(values: xmr.Values, limits: Limits, cause: Cause | None = None) -> list[int]:
    found = signals(values, limits)
    return [position for position, signal in enumerate(found) if signal and cause in (None, signal.cause)]


def test_a_screened_series_ignores_the_leap_in_its_moving_ranges() -> None:
    limits = made(ALTERNATING, screened=True)
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx((1.94, -0.72, 4.60), abs=0.005)
    assert flagged(ALTERNATING, limits) == [4]


def test_the_same_series_not_screened_has_wider_limits() -> None:
    limits = made(ALTERNATING)
    assert (limits.lower, limits.upper) == pytest.approx((-3.06, 6.95), abs=0.005)
    assert flagged(ALTERNATING, limits) == [4]


def test_montgomerys_example() -> None:
    limits = made(MONTGOMERY)
    assert limits.mean == 300.5
    assert limits.moving_range == pytest.approx(7.789474, abs=5e-7)
    assert (limits.lower, limits.upper) == pytest.approx((279.78, 321.22), abs=0.005)


def test_kept_limits_judge_the_values_that_come_after() -> None:
    after = [*MONTGOMERY, 305, 333, 328]
    assert flagged(after, made(MONTGOMERY)) == [21, 22]


@pytest.mark.parametrize(
    ("series", "flags"),
    [
        ([1, 2, 3, 4, 5, 6, 7], range(7)),
        ([7, 6, 5, 4, 3, 2, 1], range(7)),
        ([1, 2, 3, 4, 5, 6], []),
        ([1, 2, 3, 3, 4, 5, 6], []),
        ([1, 2, 3, None, 4, 5, 6, 7], []),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], range(1, 8)),
    ],
)
def test_a_trend_is_seven_points_each_further(series: xmr.Values, flags: list[int]) -> None:
    assert flagged(series, Limits(4, 100, 12), Cause.TREND) == list(flags)


def test_two_of_three_near_a_limit_flag_only_the_near_points() -> None:
    limits = Limits(mean=0, moving_range=3 / xmr.LIMIT, n=12)  # limits at 3, near limits at 2
    assert flagged([2.5, 1, 1, 2.5, 2.5], limits) == [3, 4]
    assert flagged([2.5, 1, 2.5], limits, Cause.NEAR) == [0, 2]
    assert flagged([2.5, -1, 2.5], limits) == []
    assert flagged([2.5, 0, 2.5], limits) == []
    assert flagged([-2.5, -1, -2.5], limits) == [0, 2]


def test_points_outside_the_limits_do_not_count_as_near() -> None:
    limits = Limits(mean=0, moving_range=3 / xmr.LIMIT, n=12)
    assert flagged([4, 1, 2.5], limits, Cause.NEAR) == []
    assert flagged([4, 2.5, 2.5], limits, Cause.NEAR) == [1, 2]


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    limits = Limits(mean=0, moving_range=4, n=12)
    assert flagged([limits.upper, 0, limits.lower], limits) == []
    assert flagged([limits.near_upper, limits.near_upper, limits.near_upper], limits) == []


@pytest.mark.parametrize(
    ("series", "flags"),
    [
        ([1, 2, 1, 2, 1, 2, 1], range(7)),
        ([1, 2, 1, 2, 1, 2], []),
        ([1, 2, 1, 0, 2, 1, 2, 1], []),
        ([1, 2, 1, None, 2, 1, 2, 1], []),
        ([-1, 1, 2, 1, 2, 1, 2, 1, 2, -1], range(1, 9)),
    ],
)
def test_a_shift_is_seven_points_on_one_side(series: xmr.Values, flags: list[int]) -> None:
    assert flagged(series, Limits(0, 100, 12), Cause.SHIFT) == list(flags)


def test_the_strongest_cause_is_named() -> None:
    rising = [1, 2, 3, 4, 5, 6, 50]
    found = signals(rising, Limits(0, 10, 12))
    assert found[6] == Signal(Cause.OUTSIDE, 1)
    assert found[0] == Signal(Cause.TREND, 1)


@pytest.mark.parametrize(
    ("lower", "upper", "up", "down"),
    [
        (1, 3, Assurance.MISSED, Assurance.MET),
        (5, 7, Assurance.MET, Assurance.MISSED),
        (1, 5, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
    ],
)
def test_assurance_against_a_target_of_four(lower: float, upper: float, up: Assurance, down: Assurance) -> None:
    limits = Limits((lower + upper) / 2, (upper - lower) / 2 / xmr.LIMIT, 12)
    assert xmr.assurance(4, limits, Direction.UP) == up
    assert xmr.assurance(4, limits, Direction.DOWN) == down
    assert xmr.assurance(4, limits, Direction.NEITHER) is None


def test_a_target_on_a_limit_is_hit_and_miss() -> None:
    limits = Limits(4, 1, 12)
    for target in (limits.upper, limits.lower):
        for better in (Direction.UP, Direction.DOWN):
            assert xmr.assurance(target, limits, better) is Assurance.HIT_AND_MISS


def test_a_signal_is_judged_by_the_desired_direction() -> None:
    up, down = Signal(Cause.SHIFT, 1), Signal(Cause.SHIFT, -1)
    assert up.judged(Direction.UP) == down.judged(Direction.DOWN) == Judgement.IMPROVEMENT
    assert up.judged(Direction.DOWN) == down.judged(Direction.UP) == Judgement.CONCERN
    assert up.judged(Direction.NEITHER) == Judgement.NEITHER


def test_under_six_points_there_is_no_verdict_and_under_twelve_a_trial() -> None:
    assert limits_of([1, 2, 3, 4, 5]) is None
    assert limits_of([1, 2, None, 3, 4, 5]) is None
    assert signals([1, 1, 1, 1, 90], None) == [None] * 5
    assert made([1, 2] * 3).are_trial
    assert not made([1, 2] * 6).are_trial


def test_limits_are_frozen_at_twelve_points() -> None:
    first = [1, 2] * 6
    assert xmr.frozen_limits([*first, 40, 50]) == limits_of(first)
    assert xmr.frozen_limits([1, None, *first[1:], 40]) == limits_of([1, None, *first[1:]])
    assert xmr.frozen_limits(first[:8]) == limits_of(first[:8])


def test_a_missing_period_breaks_the_moving_range() -> None:
    assert xmr.moving_ranges([1, 3, None, 9, 8]) == [2, 1]
    assert limits_of([1, None, 2, None, 3, None, 4, None, 5, None, 6]) is None


@given(values)
def test_a_missing_period_is_never_flagged_and_the_mean_lies_within(series: xmr.Values) -> None:
    limits = limits_of(series)
    found = signals(series, limits)
    assert len(found) == len(series)
    assert all(signal is None for value, signal in zip(series, found, strict=True) if value is None)
    if limits:
        assert limits.lower <= limits.near_lower <= limits.mean <= limits.near_upper <= limits.upper


@given(values)
def test_upside_down_everything_is_mirrored(series: xmr.Values) -> None:
    turned = [None if value is None else -value for value in series]
    there = [signal and (signal.cause, signal.way) for signal in signals(series, limits_of(series))]
    back = [signal and (signal.cause, -signal.way) for signal in signals(turned, limits_of(turned))]
    assert there == back


@given(st.lists(st.integers(-50, 50), min_size=12, max_size=30), st.lists(st.integers(-500, 500), max_size=5))
def test_what_comes_later_never_changes_frozen_limits(series: list[float], later: list[float]) -> None:
    assert xmr.frozen_limits(series) == xmr.frozen_limits([*series, *later])


@given(st.lists(st.integers(0, 9), min_size=6, max_size=30))
def test_screening_never_widens_the_limits(series: list[float]) -> None:
    assert made(series, screened=True).moving_range <= made(series).moving_range
