from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.charts.matters import WIDTH, matters_chart
from crm.stats.gaps import Item


def test_points_are_numbered_by_the_width_of_the_gap() -> None:
    found = matters_chart([Item("Communicates", 1, 2), Item("Executes", 3, 3), Item("Value", 2, 5)], "Finance")
    assert [item.name for item in found.items] == ["Executes", "Communicates", "Value"]
    assert found.title == "What matters to Finance, and how satisfied they are: the widest gap is “Executes”."
    drawing = found.drawings[0]
    assert [(point.number, point.is_first) for point in drawing.points] == [(1, True), (2, False), (3, False)]
    assert drawing.points[0].y < drawing.matters < drawing.points[1].y


def test_nothing_rated_has_no_chart() -> None:
    with pytest.raises(ValueError, match="nothing was rated"):
        matters_chart([], "Finance")
    assert matters_chart([Item("Executes", 3, 5)], "Finance").title.endswith("nothing is missing.")


@given(st.lists(st.tuples(st.floats(1, 3), st.floats(1, 5)), min_size=1, max_size=12))
def test_points_never_cover_each_other(ratings: list[tuple[float, float]]) -> None:
    items = [Item(str(at), importance, satisfaction) for at, (importance, satisfaction) in enumerate(ratings)]
    for drawing in matters_chart(items, "Finance").drawings:
        points = drawing.points
        for at, one in enumerate(points):
            assert drawing.paper.left <= one.x <= drawing.paper.right
            assert not any(abs(one.x - two.x) < WIDTH - 1 and abs(one.y - two.y) < WIDTH - 1 for two in points[:at])
