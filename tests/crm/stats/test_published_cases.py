"""What others publish for the same charts.

Wheeler's series and limits: github.com/mattmccormick/statprocon, tests/test_xmr.py (MIT), which cites D. J. Wheeler,
Making Sense of Data. Rule vectors: github.com/nhs-r-community/NHSRplotthedots,
tests/testthat/test-ptd_calculate_point_type.R (MIT). Typed in part; rounding as there.
"""

from __future__ import annotations

import pytest

from crm.stats import xmr
from crm.stats.xmr import Cause, Limits, limits_of, moving_ranges, signals

SOFTWARE = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
PEAK_FLOW = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
#: Table 9.2: the upper limit is given; a point on it is no signal.
TABLE_9_2 = [
    *(55.6, 54.7, 54.9, 54.8, 56.9, 55.7, 53.8, 54.8, 53.4, 57.0, 59.4, 63.2),
    *(60.9, 60.7, 58.6, 57.3, 56.9, 58.1, 58.3, 50.9, 53.3, 52.5, 50.8, 52.9),
]


@pytest.mark.parametrize(
    ("series", "centre", "moving_range", "lower", "upper", "tolerance"),
    [
        (SOFTWARE, 4135.50, 355.93, 3188.72, 5082.28, 0.01),
        (PEAK_FLOW, 183.1, 52.4, 43.8, 322.3, 0.06),
    ],
)
def test_wheelers_limits(
    series: list[float], centre: float, moving_range: float, lower: float, upper: float, tolerance: float
) -> None:
    limits = limits_of(series)
    assert limits is not None
    assert (limits.mean, limits.moving_range) == pytest.approx((centre, moving_range), abs=tolerance)
    assert (limits.lower, limits.upper) == pytest.approx((lower, upper), abs=tolerance)


def test_wheelers_moving_ranges() -> None:
    assert moving_ranges(SOFTWARE) == [695, 0, 375, 315, 140, 55, 200, 305, 55, 280, 115, 460, 385, 222, 1737]


def test_a_point_on_a_given_limit_is_no_signal() -> None:
    own = limits_of(TABLE_9_2)
    assert own is not None
    given = Limits(own.mean, (60.7 - own.mean) / xmr.LIMIT, own.n)
    above = [at for at, value in enumerate(TABLE_9_2) if value > given.upper]
    assert above == [11, 12]
    assert {at for at, value in enumerate(TABLE_9_2) if own.is_outside(value) and value < own.mean} == {19, 22}


@pytest.mark.parametrize(
    ("sides", "published"),
    [
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [0] * 6 + [1, 1, 0]),
        ([-1] * 8 + [1], [0] * 6 + [1, 1, 0]),
    ],
)
def test_nhs_marks_the_seventh_and_later_and_we_the_whole_run(sides: list[float], published: list[int]) -> None:
    found = [bool(signal) for signal in signals(sides, Limits(0, 100, 12))]
    whole_runs = [any(published[at : at + 7]) and sides[at] == sides[0] for at in range(len(sides))]
    assert found == whole_runs


@pytest.mark.parametrize(
    ("series", "ends_at", "way"),
    [
        ([1, 2, 3, 4, 5, 6], None, 0),
        ([1, 2, 3, 3, 4, 5, 6], None, 0),
        ([1, 2, 3, 4, 5, 6, 7], 6, 1),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], 7, 1),
        ([7, 6, 5, 4, 3, 2, 1], 6, -1),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], 7, -1),
    ],
)
def test_nhs_trends_end_where_ours_do(series: list[float], ends_at: int | None, way: int) -> None:
    found = [(at, each.way) for at, each in enumerate(signals(series, Limits(4, 100, 12))) if each]
    assert (found[-1] if found else (None, 0)) == (ends_at, way)


@pytest.mark.parametrize(
    ("close", "sides", "published"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 1, 1]),
        ([0, 1, 1], [1, 1, 1], [1, 1, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 1, 1, 1, 1, 0, 0]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1, -1, 1, -1, 1, -1, 1], [0] * 7),
    ],
)
def test_nhs_marks_all_of_two_in_three_and_we_only_the_near_ones(
    close: list[int], sides: list[int], published: list[int]
) -> None:
    limits = Limits(0, 3 / xmr.LIMIT, 12)  # limits at 3, near limits at 2
    values = [side * (2.5 if near else 1) for near, side in zip(close, sides, strict=True)]
    found = [bool(each and each.cause is Cause.NEAR) for each in signals(values, limits)]
    assert found == [bool(near and mark) for near, mark in zip(close, published, strict=True)]
