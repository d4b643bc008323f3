"""How slides look: our design, or a file of the organisation, whose layouts are found by what they have room for."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Paper
from pptx.slide import SlideLayout
from pptx.util import Pt

TITLES, BODIES = (KIND.TITLE, KIND.CENTER_TITLE), (KIND.BODY, KIND.OBJECT)
FURNITURE = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
#: A template with less room than this for what is told is not used.
LEAST_WIDTH, LEAST_HEIGHT, LEAST_TITLE = 400, 220, 20
GAP = 12
FACE = "Arial"
COLOURS = {
    "dk1": "1D1C1A", "lt1": "FFFFFF", "dk2": "54504A", "lt2": "F8F7F4", "accent1": "17614F", "accent2": "B24E09",
    "accent3": "1F60A8", "accent4": "6A655C", "accent5": "8C877B", "accent6": "0E4638", "hlink": "17614F",
    "folHlink": "0E4638",
}  # fmt: skip
KEPT = ("Title Slide", "Title and Content", "Title Only")
WIDE, HIGH, MARGIN = 960, 540, 54


class Unusable(Exception):
    """Slides cannot be made with this template; the message says why, in words for whoever chose it."""


@dataclass(frozen=True)
class Area:
    """In points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Look:
    """``area``: where on a slide things may stand; ``bare`` has no room for text of its own, but for a title."""

    paper: Paper
    cover: SlideLayout
    full: SlideLayout
    bare: SlideLayout
    area: Area


def of(template: bytes | None) -> Look:
    """Raises Unusable when the file is none, or has no layout with a title and room below it."""
    paper = ours() if template is None else _opened(template)
    layouts = list(paper.slide_layouts)
    full = _largest([one for one in layouts if _has(one, TITLES) == 1 and _has(one, BODIES) == 1 == _count(one)])
    bare = next((one for one in layouts if _has(one, TITLES) == 1 and _count(one) == 0), full)
    cover = next((one for one in layouts if _has(one, TITLES) == 1 and _has(one, (KIND.SUBTITLE,)) == 1), bare)
    if full is None or bare is None or cover is None:
        raise Unusable("It has no layout with a title and room for text below it.")
    return Look(paper, cover, full, bare, _area(paper, full))


def _opened(template: bytes) -> Paper:
    try:
        paper = Presentation(io.BytesIO(template))
        _emptied(paper)
    except Exception as error:  # whatever is wrong in a file that somebody sends
        raise Unusable("PowerPoint files look otherwise: it could not be read.") from error
    return paper


def _emptied(paper: Paper) -> None:
    """Without its own slides, and without what names them."""
    listed = paper.slides._sldIdLst
    for each in list(listed):
        paper.part.drop_rel(each.rId)
        listed.remove(each)
    for name in ("p:extLst", "p:custShowLst"):
        for element in paper.element.findall(qn(name)):
            paper.element.remove(element)


def _has(layout: SlideLayout, kinds: Sequence[KIND]) -> int:
    return sum(one.placeholder_format.type in kinds for one in layout.placeholders)


def _count(layout: SlideLayout) -> int:
    """How many placeholders there are beside the title and what stands at the foot."""
    return sum(one.placeholder_format.type not in (*TITLES, *FURNITURE) for one in layout.placeholders)


def _largest(layouts: Sequence[SlideLayout]) -> SlideLayout | None:
    """The one with most room for text that runs across."""
    layouts = [one for one in layouts if not any(ph.get("orient") for ph in one.element.iter(qn("p:ph")))]
    sized = [(area.width * area.height, at) for at, one in enumerate(layouts) if (area := _body(one)) is not None]
    return layouts[max(sized, key=lambda one: (one[0], -one[1]))[1]] if sized else None


def _body(layout: SlideLayout) -> Area | None:
    body = next(one for one in layout.placeholders if one.placeholder_format.type in BODIES)
    return area_of(body)


def area_of(shape: Any) -> Area | None:
    """Where a shape stands; None where its file does not say."""
    sides = [shape.left, shape.top, shape.width, shape.height]
    return None if None in sides else Area(*(side / 12700 for side in sides))


def _area(paper: Paper, full: SlideLayout) -> Area:
    """The room of the layout's text, within the slide and below the title."""
    body, title = _body(full), area_of(next(one for one in full.placeholders if one.placeholder_format.type in TITLES))
    if body is None or title is None or title.height < LEAST_TITLE:
        raise Unusable("It does not say where titles and texts stand.")
    wide, high = (paper.slide_width or 0) / 12700, (paper.slide_height or 0) / 12700
    left, top = max(body.left, 0), max(body.top, 0)
    if title.top < top + GAP < title.top + title.height and title.left < left + body.width:
        top = title.top + title.height
    area = Area(left, top, min(body.left + body.width, wide) - left, min(body.top + body.height, high) - top)
    if area.width < LEAST_WIDTH or area.height < LEAST_HEIGHT:
        raise Unusable("Its slides have too little room for tables and charts.")
    return area


def ours() -> Paper:
    """Ink on white with a line of evergreen, made from the empty presentation that python-pptx brings."""
    paper = Presentation()
    paper.slide_width, paper.slide_height = Pt(WIDE), Pt(HIGH)
    for layout in [one for one in paper.slide_layouts if one.name not in KEPT]:
        paper.slide_layouts.remove(layout)
    _coloured(paper)
    _placed(paper.slide_master)
    for layout in paper.slide_layouts:
        _placed(layout)
        if layout.name == KEPT[0]:
            _as_cover(layout)
    _styled(paper)
    return paper


def _coloured(paper: Paper) -> None:
    part = next(rel.target_part for rel in paper.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    theme = etree.fromstring(part.blob)
    for name, colour in COLOURS.items():
        for element in theme.iter(qn(f"a:{name}")):
            element[:] = [etree.Element(qn("a:srgbClr"), val=colour)]
    for face in theme.iter(qn("a:latin")):
        face.set("typeface", FACE)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _placed(paper: Any) -> None:
    within = WIDE - 2 * MARGIN
    places = {
        **dict.fromkeys(TITLES, Area(MARGIN, 26, within, 66)),
        **dict.fromkeys(BODIES, Area(MARGIN, 108, within, 380)),
        KIND.DATE: Area(MARGIN, 504, 120, 22),
        KIND.FOOTER: Area(MARGIN, 504, within - 120, 22),
        KIND.SLIDE_NUMBER: Area(WIDE - MARGIN - 100, 504, 100, 22),
    }
    for shape in paper.placeholders:
        if (place := places.get(shape.placeholder_format.type)) is not None:
            move(shape, place)


def move(shape: Any, place: Area) -> None:
    shape.left, shape.top = Pt(place.left), Pt(place.top)
    shape.width, shape.height = Pt(place.width), Pt(place.height)


def _as_cover(layout: SlideLayout) -> None:
    for shape in layout.placeholders:
        if shape.placeholder_format.type in TITLES:
            move(shape, Area(MARGIN, 120, WIDE - 2 * MARGIN, 150))
            shape._element.txBody.find(qn("a:lstStyle")).append(parse_xml(_large()))
        elif shape.placeholder_format.type is KIND.SUBTITLE:
            move(shape, Area(MARGIN, 284, WIDE - 2 * MARGIN, 120))


def _styled(paper: Paper) -> None:
    """Titles bold, to the left and at the foot of their room; a line of evergreen at the side."""
    master = paper.slide_master
    for paragraph in master.element.iter(qn("p:titleStyle")):
        level = paragraph.find(qn("a:lvl1pPr"))
        level.set("algn", "l")
        level.find(qn("a:defRPr")).attrib.update({"sz": "2600", "b": "1"})
    subtitle = next(one for layout in paper.slide_layouts for one in layout.placeholders if _is_subtitle(one))
    for level in subtitle._element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
        for tint in list(level.iter(qn("a:tint"))):
            tint.getparent().remove(tint)
    for foot in [one for page in (master, *paper.slide_layouts) for one in page.placeholders if _is_footer(one)]:
        for level in foot._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "l")
    for body in master.element.iter(qn("a:bodyPr")):
        body.attrib.update({"lIns": "0", "rIns": "0"})
    master.shapes._spTree.insert(2, parse_xml(_stripe()))


def _large() -> str:
    return f'<a:lvl1pPr {nsdecls("a")} algn="l"><a:defRPr sz="4000" b="1"/></a:lvl1pPr>'


def _is_subtitle(shape: Any) -> bool:
    return shape.placeholder_format.type is KIND.SUBTITLE


def _is_footer(shape: Any) -> bool:
    return shape.placeholder_format.type is KIND.FOOTER


def _stripe() -> str:
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Stripe"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Pt(12)}" cy="{Pt(HIGH)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


def own_size(layout: SlideLayout, default: float = 28) -> float:
    """The size of the layout's title in points, where it or its master says."""
    title = next(one for one in layout.placeholders if one.placeholder_format.type in TITLES)
    places = [title._element, *layout.slide_master.element.iter(qn("p:titleStyle"))]
    found = [re.match(r"\d+", one.get("sz", "")) for place in places for one in place.iter(qn("a:defRPr"))]
    sizes = [int(size.group()) / 100 for size in found if size]
    return min(max(sizes[0], 14), 60) if sizes else default


def with_foot(slide: Any, says: str) -> None:
    """The number of the slide and what the pack is called, where the layout has room for them."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.type not in (KIND.FOOTER, KIND.SLIDE_NUMBER):
            continue
        copied = deepcopy(shape._element)
        copied.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))
        slide.shapes._spTree.append(copied)
        if shape.placeholder_format.type is KIND.FOOTER:
            slide.shapes[-1].text_frame.text = says
