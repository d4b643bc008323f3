"""A pack as PowerPoint, opened again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.chart import XL_MARKER_STYLE
from pptx.oxml.ns import qn

from crm.documents import slides, slides_look
from crm.documents.content import Cell, Item, Items, Pack, Section, Table
from tests.factories import packs_of_documents as packs

EVERY = {"small": packs.small, "large": packs.large, "hostile": packs.hostile}


def opened(pack: Pack, template: bytes | None = None) -> Any:
    return Presentation(io.BytesIO(slides.made(pack, template)))


def shapes(paper: Any, what: str) -> Iterator[Any]:
    return (shape for slide in paper.slides for shape in slide.shapes if getattr(shape, what))


def behind(chart: Any) -> Any:
    """The sheet with the figures of a chart."""
    return load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).worksheets[0]


@pytest.fixture(scope="module")
def small() -> Any:
    return opened(packs.small())


@pytest.fixture(scope="module", params=EVERY)
def any_of_them(request: pytest.FixtureRequest) -> Any:
    return opened(EVERY[request.param]())


def test_charts_are_native_and_hold_the_figures(small: Any) -> None:
    line, bars = (shape.chart for shape in shapes(small, "has_chart"))
    measured, usual, lower, upper = line.plots[0].series
    assert list(measured.values) == [3.0, 3.25, 3.5, 3.0, 3.25, 3.5, 3.0, 3.25, 3.5, None, 3.25, 3.5]
    assert {name: set(limit.values) for name, limit in (("u", usual), ("l", lower), ("h", upper))} == {
        "u": {3.3},
        "l": {2.4},
        "h": {4.2},
    }
    assert list(bars.plots[0].series[0].values) == [1, 2, 3]


def test_the_figures_of_a_chart_can_be_opened_and_changed(small: Any) -> None:
    line = next(shapes(small, "has_chart")).chart
    rows = list(behind(line).values)
    assert rows[0] == (None, "Measured", "Usual", "Lower limit", "Upper limit")
    assert rows[1] == ("W1", 3, 3.3, 2.4, 4.2)


def test_better_and_worse_have_a_shape_of_their_own(small: Any) -> None:
    points = next(shapes(small, "has_chart")).chart.plots[0].series[0].points
    assert points[10].marker.style is XL_MARKER_STYLE.SQUARE
    assert points[11].marker.style is XL_MARKER_STYLE.DIAMOND


def test_bars_carry_their_ranges(small: Any) -> None:
    bars = list(shapes(small, "has_chart"))[1].chart
    minus = bars._chartSpace.find(f".//{qn('c:errBars')}/{qn('c:minus')}")
    assert [float(value.text) for value in minus.iter(qn("c:v"))] == pytest.approx([0.2, 0.2, 0.2])


def test_tables_are_real_and_say_the_level_in_words(small: Any) -> None:
    table = next(shapes(small, "has_table")).table
    assert [cell.text for cell in table.rows[0].cells] == ["Unit", "Health", "Late"]
    assert [cell.text for cell in table.rows[1].cells] == ["Second approver 0\nSuppliers call", "Weak 40", "3"]


def test_charts_and_tables_say_what_they_show(any_of_them: Any) -> None:
    frames = [*shapes(any_of_them, "has_chart"), *shapes(any_of_them, "has_table")]
    assert frames
    assert all(frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames)


def test_the_evidence_stands_in_the_notes(small: Any) -> None:
    slide = next(one for one in small.slides if one.shapes.title.text == "How things are going")
    assert "Request 7, refused on 3 August." in slide.notes_slide.notes_text_frame.text


def test_every_slide_has_a_title_and_every_word_a_language(any_of_them: Any) -> None:
    for slide in any_of_them.slides:
        assert slide.shapes.title.text.strip()
        assert {run.get_or_add_rPr().get("lang") for run in slide.element.iter(qn("a:r"))} == {"en-GB"}


def test_the_last_slide_says_when_from_what_and_by_whom_it_was_made(any_of_them: Any) -> None:
    last = any_of_them.slides[len(any_of_them.slides) - 1]
    assert packs.MADE in [shape.text_frame.text for shape in last.shapes if shape.has_text_frame]


def test_nothing_leaves_its_slide(any_of_them: Any) -> None:
    wide, high = any_of_them.slide_width, any_of_them.slide_height
    for slide in any_of_them.slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= wide + 1
            assert 0 <= shape.top <= shape.top + shape.height <= high + 1


def test_no_two_things_on_a_slide_have_the_same_number(any_of_them: Any) -> None:
    for slide in any_of_them.slides:
        numbers = [one.get("id") for one in slide.element.iter(qn("p:cNvPr"))]
        assert len(numbers) == len(set(numbers))


def test_five_hundred_rows_go_on_over_slides_with_their_heads() -> None:
    tables = [
        shape.table for shape in shapes(opened(packs.pack(Section("Requests", (packs.table(500),)))), "has_table")
    ]
    assert {table.rows[0].cells[0].text for table in tables} == {"Unit"}
    assert sum(len(table.rows) - 1 for table in tables) == 500


def test_what_is_cut_on_a_slide_stands_in_full_in_its_notes() -> None:
    told = "one word after the other " * 200
    paper = opened(packs.pack(Section("Endless", (Table("One.", ("What",), ((Cell(told),),)),))))
    slide = next(one for one in paper.slides if one.shapes.title.text == "Endless")
    assert told.strip() in slide.notes_slide.notes_text_frame.text


def test_nothing_in_the_workbook_behind_a_chart_is_a_formula() -> None:
    for shape in shapes(opened(packs.hostile()), "has_chart"):
        assert {cell.data_type for row in behind(shape.chart).rows for cell in row} <= {"s", "n"}


def test_arabic_runs_from_right_to_left() -> None:
    paper = opened(packs.pack(Section("طلبات", (Items((Item("موافقة ثانية"),)),))))
    slide = next(one for one in paper.slides if one.shapes.title.text == "طلبات")
    assert all(one.get("rtl") == "1" for one in slide.element.iter(qn("a:pPr")) if one.getparent().tag == qn("a:p"))


def test_a_pack_without_sections_is_told_too() -> None:
    assert [slide.shapes.title.text for slide in opened(packs.pack()).slides] == [
        "Board pack, autumn 2026",
        "In one sentence",
        "How the figures are told",
        "About these slides",
    ]


def with_a_deck() -> bytes:
    """A template as organisations have them: with slides of its own, 4:3, its layouts in another order."""
    paper = Presentation()
    for layout in (6, 1, 0):
        paper.slides.add_slide(paper.slide_layouts[layout]).name = "theirs"
    listed = paper.slide_master.slide_layouts._sldLayoutIdLst
    listed[:] = reversed(list(listed))
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def test_a_template_brings_its_size_and_layouts_and_none_of_its_slides() -> None:
    paper = opened(packs.small(), with_a_deck())
    assert paper.slide_width == Presentation().slide_width
    assert [slide.slide_layout.name for slide in paper.slides][:2] == ["Title Slide", "Title and Content"]
    assert "theirs" not in {slide.name for slide in paper.slides}


@pytest.mark.parametrize("template", [b"", b"PK\x03\x04no", b"%PDF-"])
def test_what_is_no_template_is_refused(template: bytes) -> None:
    with pytest.raises(slides_look.Unusable, match="could not be read"):
        slides.made(packs.small(), template)


def test_a_template_without_room_for_a_title_is_refused() -> None:
    paper = Presentation()
    for layout in [one for one in paper.slide_layouts if one.name != "Blank"]:
        paper.slide_layouts.remove(layout)
    file = io.BytesIO()
    paper.save(file)
    with pytest.raises(slides_look.Unusable, match="no layout"):
        slides.made(packs.small(), file.getvalue())
