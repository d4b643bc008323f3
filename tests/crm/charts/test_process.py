"""The XmR chart on paper: everything lies inside it, gaps stay gaps, and the finding is said in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.charts.axis import axis_for, spread
from crm.charts.drawing import Drawing
from crm.charts.process import Period, ProcessChart, process_chart
from crm.charts.spark import spark_of
from crm.stats.scale import PERCENT, RATING, Scale
from crm.stats.series import series_of
from crm.stats.xmr import Direction

FINANCE = [4.0, 4.2, 3.9, 4.1, 4.0, 4.2, 4.0, 3.8, 4.1, 4.0, 4.2, 4.1, 3.9, None, 3.6, 3.2]


def chart(values: list[float | None], scale: Scale = RATING, **how: object) -> ProcessChart:
    periods = [Period(f"Round {at + 1}", f"R{at + 1}", "from 5 of 7 people") for at in range(len(values))]
    return process_chart(series_of(values, scale=scale, **how), periods, "Pulse", "Finance’s scores")  # type: ignore[arg-type]


def wide(values: list[float | None], scale: Scale = RATING, **how: object) -> Drawing:
    return chart(values, scale, **how).drawings[0]


def test_the_title_says_the_finding_and_the_description_the_rest() -> None:
    found = chart(FINANCE)
    assert found.title == (
        "Pulse, Round 1 to Round 16. "
        "A real change, not noise: 3.2 is below what Finance’s scores usually do (3.5 to 4.6)."
    )
    assert found.description == "Usual level 4.0, limits 3.5 to 4.6. No round in Round 14."
    assert found.gaps == 1


def test_a_gap_breaks_the_line_and_only_flagged_points_carry_their_value() -> None:
    drawing = wide(FINANCE)
    assert [len(line.split()) for line in drawing.lines] == [13, 2]
    assert len(drawing.gaps) == 1
    assert len(drawing.marks) == 15
    assert [(mark.kind, mark.text) for mark in drawing.marks if mark.text] == [("worse", "3.2")]


def test_the_table_says_what_the_drawing_shows() -> None:
    lines = chart(FINANCE).lines
    assert [(line.text, line.said, line.reading) for line in lines[-3:]] == [
        ("nothing said", "", ""),
        ("3.6", "from 5 of 7 people", ""),
        ("3.2", "from 5 of 7 people", "worse: outside the limits"),
    ]


def test_where_down_is_better_the_same_fall_is_good_news() -> None:
    assert wide(FINANCE, better=Direction.DOWN).marks[-1].kind == "better"
    assert wide(FINANCE, better=Direction.NEITHER).marks[-1].kind == "other"


def test_each_rebasing_has_a_letter_a_border_and_its_reason() -> None:
    found = chart([*FINANCE[:13], *FINANCE[:8]], rebased={13: "The desk moved"})
    assert [(each.letter, each.name, each.reason) for each in found.rebasings] == [("A", "Round 14", "The desk moved")]
    first, second = found.drawings[0].bands
    assert first.x + first.width == pytest.approx(found.drawings[0].borders[0].x, abs=0.2)
    assert second.x == found.drawings[0].borders[0].x
    assert (first.is_trial, second.is_trial) == (False, True)


def test_few_rounds_have_points_and_no_limits() -> None:
    found = chart([4.0, 3.5, 4.5, 4.0])
    assert (found.limits, found.drawings[0].bands) == (None, ())
    assert "usual" not in " ".join(label.text for label in found.drawings[0].labels)


def test_limits_are_clamped_to_the_scale_only_when_drawn() -> None:
    found = chart([4.0, 5.0] * 6)
    assert found.limits is not None
    assert found.limits.upper > 5
    assert "5.0 upper" in [label.text for label in found.drawings[0].labels]


def test_periods_and_values_go_together() -> None:
    with pytest.raises(ValueError, match="1 values and 0 periods"):
        process_chart(series_of([4.0]), [], "Pulse")
    with pytest.raises(ValueError, match="0 values and 0 periods"):
        process_chart(series_of([]), [], "Pulse")


@settings(deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 40).map(lambda tenths: 1 + tenths / 10), min_size=1, max_size=40),
    st.sampled_from([RATING, PERCENT]),
)
def test_whatever_the_values_everything_lies_on_the_paper(values: list[float | None], scale: Scale) -> None:
    for drawing in chart(values, scale).drawings:
        paper = drawing.paper
        for mark in drawing.marks:
            assert paper.left <= mark.x <= paper.right
            assert paper.top <= mark.y <= paper.bottom
        for band in drawing.bands:
            assert paper.top <= band.top <= band.mean <= band.bottom <= paper.bottom
            assert paper.left <= band.x <= band.x + band.width <= paper.right + 0.1
        names = [label for label in drawing.labels if label.y == paper.height - 6]
        assert names[-1].text.startswith(f"R{len(values)}")
        assert len(drawing.gaps) + len(drawing.marks) == len(values)


@given(st.lists(st.floats(0, 100), max_size=9))
def test_an_axis_holds_its_values_between_marks_on_the_scale(values: list[float]) -> None:
    axis = axis_for(values, PERCENT, 200, 0)
    assert axis.ticks[0] == axis.low < axis.high == axis.ticks[-1]
    assert all(0 <= axis.at(value) <= 200 for value in values)
    assert axis.low >= 0
    assert len(axis.ticks) <= 6


def test_labels_nearer_than_a_line_are_pushed_apart() -> None:
    assert spread([10, 12, 40], 12) == [10, 22, 40]


def test_a_sparkline_says_the_same_finding_in_the_room_of_a_cell() -> None:
    spark = spark_of(series_of(FINANCE), "Finance")
    assert (spark.tone, len(spark.values), spark.low) == ("worse", 13, 3.2)
    assert spark.band == pytest.approx((3.54, 4.56), abs=0.005)
    assert spark.finding.startswith("Finance: A real change, not noise: 3.2 is below")
    assert spark_of(series_of([None]), "Legal").band is None
