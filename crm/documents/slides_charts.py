"""Charts of their own kind: whoever opens the slides can open the figures behind them and change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from crm.documents.content import Bar, Bars, Line, Point, Text, Tone
from crm.documents.plain import shortened
from crm.documents.slides_measure import fitted
from crm.documents.slides_pages import Pages
from crm.documents.slides_texts import Paragraph, Run, of_text

LONGEST_LABEL = 12
#: In points.
LEAST_HEIGHT, MOST_HEIGHT, PER_BAR, MOST_BARS = 210, 330, 40, 8
#: How much of its width a bar chart leaves to the labels, in hundredths.
LABELS = 0.44
SMALL = 12
STEPS = (1, 2, 5, 10, 20, 50, 100, 1000, float("inf"))
INK, QUIET, BAND = (RGBColor.from_string(one) for one in ("54504A", "8C877B", "A39D90"))
PLAIN, BETTER, WORSE = (RGBColor.from_string(one) for one in ("6A655C", "1F60A8", "B24E09"))
SHAPES = {Tone.BETTER: (XL_MARKER_STYLE.SQUARE, BETTER), Tone.WORSE: (XL_MARKER_STYLE.DIAMOND, WORSE)}
COLOURS = {Tone.BETTER: BETTER, Tone.WORSE: WORSE}
MEASURED, USUAL, LOWER, UPPER = "Measured", "Usual", "Lower limit", "Upper limit"
#: What the workbook behind a chart would take for a formula or an address.
RUN = ("=", "{=", "http:", "https:", "ftp:", "mailto:", "internal:", "external:", "file:")


def line(told: Line, pages: Pages) -> None:
    """A line with where it normally stays; the finding above it."""
    if not any(point.value is not None for point in told.points):
        pages.say([of_text(Text(told.says))])
        return
    chart = _added(pages, [of_text(Text(told.says))], XL_CHART_TYPE.LINE_MARKERS, _line_data(told), told.says)
    _axes(chart, told.low, told.high, told.unit, len(told.points))
    measured, *limits = chart.plots[0].series
    _drawn(measured, INK, 1.75)
    _marked(measured, told.points)
    for series in limits:
        _drawn(series, QUIET if series.name == USUAL else BAND, 1.25, dashed=series.name != USUAL)
        series.marker.style = XL_MARKER_STYLE.NONE
    chart.has_legend = bool(limits)
    if limits:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _line_data(told: Line) -> CategoryChartData:
    data = CategoryChartData(number_format="0.0" if told.high <= 10 else "0")
    data.categories = [safe(shortened(point.label, LONGEST_LABEL)) for point in told.points]
    data.add_series(MEASURED, [point.value for point in told.points])
    for name, value in ((USUAL, told.mean), (LOWER, told.lower), (UPPER, told.upper)):
        if value is not None:
            data.add_series(name, [round(value, 2)] * len(told.points))
    return data


def safe(label: str) -> str:
    """The label, with a sign nobody sees before what a workbook would run."""
    text = " ".join(label.split())
    return f"\u200b{text}" if text.lower().startswith(RUN) else text or " "


def _added(
    pages: Pages, above: Sequence[Paragraph], kind: Any, data: CategoryChartData, says: str, high: float = 0
) -> Chart:
    """A chart below these words, on one slide with them."""
    words = sum(one.height(pages.area.width) for one in above)
    least = high or LEAST_HEIGHT
    if pages.is_begun and pages.room < words + least:
        pages.turn()
    pages.say(above)
    if pages.room < LEAST_HEIGHT / 2:
        pages.turn()
    place = pages.place(min(pages.room, high or MOST_HEIGHT))
    frame = pages.slide.shapes.add_chart(kind, Pt(place.left), Pt(place.top), Pt(place.width), Pt(place.height), data)
    describe(frame, says)
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(SMALL), INK
    chart.has_title = chart.has_legend = False
    return chart


def describe(frame: Any, says: str) -> None:
    """The alternative text of a chart or a table."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", says)


def _axes(chart: Chart, low: float, high: float, unit: str, count: int) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = low, max(high, low + 1)
    values.has_major_gridlines = False
    values.major_unit = next(step for step in STEPS if (high - low) / step <= 6)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0", False
    values.format.line.fill.background()
    if unit:
        values.has_title = True
        values.axis_title.text_frame.text = shortened(unit, 30)
        font = values.axis_title.text_frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(SMALL), False, INK
    names.format.line.color.rgb = BAND
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _every(names, -(-count // 9))


def _every(axis: Any, step: int) -> None:
    """Only each so-manieth label: so many names do not fit beside each other."""
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        element = axis._element.makeelement(qn(name), {"val": str(step)})
        after = axis._element.find(qn("c:noMultiLvlLbl"))
        if after is None:
            axis._element.append(element)
        else:
            after.addprevious(element)


def _drawn(series: Any, colour: RGBColor, width: float, *, dashed: bool = False) -> None:
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = colour, Pt(width)
    if dashed:
        series.format.line.dash_style = MSO_LINE.DASH


def _marked(series: Any, points: Sequence[Point]) -> None:
    """Hollow circles; worse a diamond, better a square, with their figures."""
    _as_marker(series.marker, XL_MARKER_STYLE.CIRCLE, RGBColor(255, 255, 255), INK, 6)
    for at, point in enumerate(points):
        if point.tone not in SHAPES or point.value is None:
            continue
        style, colour = SHAPES[point.tone]
        _as_marker(series.points[at].marker, style, colour, colour, 10)
        label = series.points[at].data_label
        label.position = XL_LABEL_POSITION.BELOW if point.tone is Tone.WORSE else XL_LABEL_POSITION.ABOVE
        label.font.size, label.font.bold, label.font.color.rgb = Pt(SMALL), True, colour
        _with_value(label)


def _with_value(label: Any) -> None:
    """Show the figure itself, so that it follows when somebody changes it."""
    told = label._get_or_add_dLbl()
    for name in ("c:showLegendKey", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize"):
        told.find(qn(name)).set("val", "0")
    told.find(qn("c:showVal")).set("val", "1")


def _as_marker(marker: Any, style: Any, fill: RGBColor, line: RGBColor, size: int) -> None:
    marker.style, marker.size = style, size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = fill
    marker.format.line.color.rgb = line


def bars(told: Bars, pages: Pages) -> None:
    """Horizontal bars with their ranges, and what each is from beside it."""
    if not told.bars:
        pages.say([of_text(Text(told.says))])
    for at in range(0, len(told.bars), MOST_BARS):
        above = [of_text(Text(told.says))] if at == 0 and told.says else []
        _bars(told.bars[at : at + MOST_BARS], above, told.says, pages)


def _bars(some: Sequence[Bar], above: Sequence[Paragraph], says: str, pages: Pages) -> None:
    room = pages.area.width * LABELS - 20
    data = CategoryChartData()
    data.categories = [
        safe(fitted(f"{bar.label}: {bar.says}" if bar.says else bar.label, SMALL, room, 2)) for bar in some
    ]
    data.add_series(MEASURED, [bar.value for bar in some])
    wanted = max(len(some) * PER_BAR + 30, 120)
    chart = _added(pages, above, XL_CHART_TYPE.BAR_CLUSTERED, data, says, high=min(wanted, pages.area.height * 0.9))
    _axes(chart, 0, max(bar.of for bar in some), "", 1)
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    plot = chart.plots[0]
    plot.gap_width = 90
    for at, bar in enumerate(some):
        fill = plot.series[0].points[at].format.fill
        fill.solid()
        fill.fore_color.rgb = COLOURS.get(bar.tone, PLAIN)
    _ranges(plot.series[0], some)
    _laid_out(chart)
    pages.notes += [f"{bar.label}: {bar.says}" for bar in some if bar.says]


def _ranges(series: Any, some: Sequence[Bar]) -> None:
    """Each bar's own range as a line across its end."""
    if not any(bar.low is not None and bar.high is not None for bar in some):
        return
    least = [bar.value - bar.low if bar.low is not None else 0 for bar in some]
    most = [bar.high - bar.value if bar.high is not None else 0 for bar in some]
    element = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_figures(most)}</c:plus><c:minus>{_figures(least)}</c:minus>"
        '<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="1D1C1A"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series._element.find(qn("c:cat")).addprevious(element)


def _figures(values: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{max(value, 0):.4f}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numLit>'


def _laid_out(chart: Chart) -> None:
    """The bars to the right, so that what stands beside them has room for two lines."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    layout = area.find(qn("c:layout"))
    told = parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/><c:x val="{LABELS}"/><c:y val="0.04"/><c:w val="{0.98 - LABELS:.2f}"/>'
        '<c:h val="0.92"/></c:manualLayout></c:layout>'
    )
    if layout is not None:
        area.remove(layout)
    area.insert(0, told)


def caption(text: str) -> Paragraph:
    return Paragraph((Run(text, is_quiet=True),))
