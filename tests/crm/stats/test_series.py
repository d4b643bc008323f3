"""Stretches between rebasings, and the verdict on the newest point."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.scale import PERCENT
from crm.stats.series import series_of
from crm.stats.verdict import verdict_of
from crm.stats.xmr import Direction, Judgement, limits_of

#: Twelve rounds; usual level 4.0, moving ranges 0.2: limits 3.47 and 4.53.
STEADY = [3.9, 4.1, 3.9, 4.1, 3.9, 4.1, 3.9, 4.1, 3.9, 4.1, 3.9, 4.1]
scores = st.lists(st.none() | st.integers(10, 50).map(lambda tenths: tenths / 10), max_size=30)


def said(values: Sequence[float | None], **how: object) -> str:
    return verdict_of(series_of(values, **how)).sentence  # type: ignore[arg-type]


def test_no_real_change_says_what_is_usual() -> None:
    assert said([*STEADY, 3.9]) == ("No real change: 3.9 is within what this unit’s scores usually do (3.5 to 4.5).")


def test_a_real_change_says_on_which_side() -> None:
    verdict = verdict_of(series_of([*STEADY, 3.2]), whose="Finance’s scores")
    assert verdict.sentence == "A real change, not noise: 3.2 is below what Finance’s scores usually do (3.5 to 4.5)."
    assert (verdict.judgement, verdict.is_signal, verdict.position) == (Judgement.CONCERN, True, 12)
    assert verdict_of(series_of([*STEADY, 4.9])).judgement is Judgement.IMPROVEMENT
    assert verdict_of(series_of([*STEADY, 4.9], better=Direction.DOWN)).judgement is Judgement.CONCERN


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ([3.9, 3.95, 4.0, 4.05, 4.1, 4.2], "4.2 is the last of seven in a row, each higher than the one before"),
        ([3.9] * 7, "3.9 is one of seven or more in a row below the usual 4.0"),
        (
            [3.6, 3.9, 3.6],
            "with 3.6, two of the last three are close to the lower end of what this unit’s scores usually do "
            "(3.5 to 4.5)",
        ),
    ],
)
def test_each_rule_has_its_words(more: list[float], because: str) -> None:
    values: list[float | None] = [*STEADY, *more]
    if "last of seven" in because:
        values[11] = 3.85
    assert verdict_of(series_of(values)).because == because


def test_under_six_points_there_is_no_verdict() -> None:
    assert said([]) == said([None, None]) == "Not rated yet."
    assert said([4.0]) == "Too early to tell: limits need six rounds, and there is one so far."
    assert said([4.0] * 5) == "Too early to tell: limits need six rounds, and there are five so far."
    assert said([4.0, None] * 6) == "Too early to tell: no two rounds in a row so far."


def test_under_twelve_points_the_limits_are_on_trial() -> None:
    assert said(STEADY[:8]).endswith("(3.5 to 4.5). Trial limits, from eight rounds.")
    assert not verdict_of(series_of(STEADY)).caution


def test_the_newest_round_there_is_counts() -> None:
    assert verdict_of(series_of([*STEADY, 3.2, None])).position == 12


def test_a_score_that_never_moved_has_no_range() -> None:
    assert said([4.0] * 12) == "No real change: 4.0 is what this unit’s scores have been all along."
    assert said([*[4.0] * 12, 4.1]).startswith("A real change, not noise: 4.1 is above")


def test_words_never_contradict_the_finding_by_rounding() -> None:
    values: list[float | None] = [60.0, 61.0] * 6
    assert "61 % is within what this unit’s scores usually do (58 to 63 %)" in said(values, scale=PERCENT)
    assert "63.4 % is above what this unit’s scores usually do (57.8 to 63.2 %)" in said([*values, 63.4], scale=PERCENT)
    assert "63.20 % is above what this unit’s scores usually do (57.84 to 63.16 %)" in said(
        [*values, 63.2], scale=PERCENT
    )


def test_limits_are_said_no_further_than_the_scale_goes() -> None:
    assert "to 5.0)" in said([4.0, 5.0] * 6)


def test_rebasing_begins_new_limits_and_cuts_every_run() -> None:
    values = [*STEADY, *[3.0, 3.2] * 3]
    kept, rebased = series_of(values), series_of(values, rebased={12: "The desk moved to Porto"})
    assert all(kept.signals[12:])
    assert not any(rebased.signals)
    assert [each.reason for each in rebased.stretches] == ["", "The desk moved to Porto"]
    assert rebased.stretches[1].limits == limits_of(values[12:])
    assert rebased.stretch_at(12).start == 12
    assert "Trial limits, from six rounds." in verdict_of(rebased).sentence
    early = series_of(values[:14], rebased={12: "The desk moved to Porto"})
    assert verdict_of(early).sentence == (
        "Too early to tell: limits need six rounds, and there are two since the limits were drawn anew."
    )


@pytest.mark.parametrize("rebased", [{3: " "}, {0: "why"}, {12: "why"}, {-1: "why"}])
def test_rebasing_without_a_reason_or_a_place_is_refused(rebased: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="reason and a place"):
        series_of(STEADY, rebased=rebased)


@given(scores)
def test_limits_hold_the_mean_and_no_verdict_comes_early(values: list[float | None]) -> None:
    series = series_of(values)
    for stretch in series.stretches:
        if stretch.limits:
            assert stretch.limits.lower <= stretch.limits.mean <= stretch.limits.upper
    verdict = verdict_of(series)
    assert verdict.sentence.endswith(".")
    if sum(value is not None for value in values) < 6:
        assert not verdict.is_signal
        assert verdict.finding in {"Not rated yet", "Too early to tell"}


@given(scores.filter(lambda values: len(values) > 1), st.data())
def test_what_lies_before_a_rebasing_never_matters_after_it(values: list[float | None], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(values) - 1))
    assert series_of(values, rebased={at: "why"}).signals[at:] == series_of(values[at:]).signals
