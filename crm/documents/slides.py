"""A pack as PowerPoint: charts and tables of its own kind, which one can change; the evidence in the notes."""

from __future__ import annotations

import io
from typing import Any

from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Pt

from crm.documents import slides_charts, slides_look, slides_tables, slides_texts
from crm.documents.content import Bars, Block, Figure, Items, Line, Pack, Section, Table, Text
from crm.documents.plain import cleaned
from crm.documents.slides_look import TITLES, Look, Unusable
from crm.documents.slides_measure import fitted, height
from crm.documents.slides_pages import Pages, entitle

SUMMARY, METHOD, MADE = "In one sentence", "How the figures are told", "About these slides"
LARGE = 24
SOURCES = "Where the figures come from:"


def made(pack: Pack, template: bytes | None = None) -> bytes:
    """A .pptx file in this template, or in our own look.

    Raises slides_look.Unusable when the template cannot be used, with nothing made.
    """
    try:
        return _made(cleaned(pack), slides_look.of(template))
    except Unusable:
        raise
    except Exception as error:
        if template is None:
            raise
        raise Unusable("Slides could not be made with it.") from error


def _made(pack: Pack, look: Look) -> bytes:
    _cover(pack, look)
    _summary(pack, look)
    for section in pack.sections:
        _pages(pack, look, section)
    if pack.method:
        _pages(pack, look, Section(METHOD, pack.method))
    _pages(pack, look, Section(MADE, (Text(pack.made),)))
    _described(pack, look)
    file = io.BytesIO()
    look.paper.save(file)
    return file.getvalue()


def _cover(pack: Pack, look: Look) -> None:
    slide = look.paper.slides.add_slide(look.cover)
    entitle(slide, look, pack.title)
    below = "\n".join(part for part in (pack.between, pack.subtitle) if part)
    others = [one for one in slide.placeholders if one.placeholder_format.type not in TITLES]
    for at, shape in enumerate(others):
        if at == 0 and shape.has_text_frame:
            _write_below(shape, below, look)
        else:
            shape._element.getparent().remove(shape._element)


def _write_below(shape: Any, text: str, look: Look) -> None:
    place = slides_look.area_of(shape) or look.area
    size = next((one for one in (20, 18, 16, 14, 12) if height(text, one, place.width - 20) <= place.height), 11)
    shape.text_frame.text = fitted(text, size, place.width - 20, max(int(place.height / (size * 1.3)), 1))
    shape.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    for paragraph in shape.text_frame.paragraphs:
        slides_texts.directed(paragraph, paragraph.text)
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _summary(pack: Pack, look: Look) -> None:
    pages = Pages(look, SUMMARY, foot=pack.title)
    pages.say([slides_texts.of_text(Text(pack.summary, pack.lead), LARGE)])
    pages.end()


def _pages(pack: Pack, look: Look, section: Section) -> None:
    pages = Pages(look, section.title, foot=pack.title)
    if section.aside:
        pages.say([slides_charts.caption(section.aside)])
    for block in section.blocks:
        _place(block, pages)
    pages.notes += [SOURCES, *section.evidence] if section.evidence else []
    pages.end()


def _place(block: Block, pages: Pages) -> None:
    match block:
        case Text():
            pages.say([slides_texts.of_text(block)])
        case Items():
            pages.say(slides_texts.of_items(block))
        case Figure():
            pages.say(slides_texts.of_figure(block))
        case Table():
            slides_tables.table(block, pages)
        case Line():
            slides_charts.line(block, pages)
        case Bars():
            slides_charts.bars(block, pages)


def _described(pack: Pack, look: Look) -> None:
    """What the file says of itself, and in which language each word is."""
    properties = look.paper.core_properties
    properties.title, properties.subject = pack.title[:255], pack.subtitle[:255]
    properties.author = properties.last_modified_by = "Rapport"
    properties.language, properties.comments, properties.keywords = pack.language, pack.made[:255], ""
    for slide in look.paper.slides:
        notes = [slide.notes_slide] if slide.has_notes_slide else []
        for part in (slide, *notes):
            _in_language(part.element, pack.language)


def _in_language(element: Any, language: str) -> None:
    for run in element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", language)
