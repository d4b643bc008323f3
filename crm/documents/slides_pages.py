"""The slides of one section: things stand one below the other, and go on on the next slide when one is full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_AUTO_SIZE
from pptx.util import Pt

from crm.documents import slides_look, slides_texts
from crm.documents.plain import shortened
from crm.documents.slides_look import BODIES, GAP, TITLES, Area, Look
from crm.documents.slides_measure import fitted, height
from crm.documents.slides_texts import Paragraph

#: A title is never set smaller; what does not fit then is cut, and stands in the notes.
SMALLEST_TITLE, LONGEST_FOOT = 16, 90


class Pages:
    """``foot``: what stands at the foot of each."""

    def __init__(self, look: Look, title: str, *, foot: str) -> None:
        self.look, self.title, self.foot = look, title, shortened(foot, LONGEST_FOOT)
        self.slides: list[Any] = []
        self.notes: list[str] = []
        self.used = 0.0
        self._waiting: list[Paragraph] = []
        self._turn()

    @property
    def area(self) -> Area:
        return self.look.area

    @property
    def slide(self) -> Any:
        return self.slides[-1]

    @property
    def room(self) -> float:
        """The height that is left on this slide."""
        return self.area.height - self.used

    @property
    def is_begun(self) -> bool:
        return self.used > 0

    def say(self, paragraphs: Sequence[Paragraph]) -> None:
        """Words, which wait until what is no word follows, or the slide is full."""
        for paragraph in paragraphs:
            for piece in slides_texts.cut(paragraph, self.area.width, self.area.height):
                self._say(piece)

    def _say(self, piece: Paragraph) -> None:
        needed = piece.height(self.area.width)
        if needed > self.room:
            self.turn()
        self._waiting.append(piece)
        self.used += needed

    def place(self, wanted: float) -> Area:
        """Room of this height for what is no word, from here on; the caller has looked that there is."""
        self._write()
        top = self.area.top + self.used
        self.used += wanted + GAP
        return Area(self.area.left, top, self.area.width, wanted)

    def turn(self) -> None:
        """Go on on a new slide."""
        self._write()
        self._turn()

    def end(self) -> None:
        """Write what waits, and the foot of each slide."""
        self._write()
        count = len(self.slides)
        for at, slide in enumerate(self.slides, start=1):
            entitle(slide, self.look, f"{self.title}, {at} of {count}" if count > 1 else self.title)
            for shape in [one for one in slide.placeholders if one.placeholder_format.type in BODIES]:
                if not shape.has_text_frame or not shape.text_frame.text:
                    shape._element.getparent().remove(shape._element)
            slides_look.with_foot(slide, self.foot)
        if self.notes:
            self.slides[0].notes_slide.notes_text_frame.text = "\n".join(self.notes)

    def _turn(self) -> None:
        self.slides.append(self.look.paper.slides.add_slide(self.look.full))
        self.used = 0.0

    def _write(self) -> None:
        if not self._waiting:
            return
        needed = sum(one.height(self.area.width) for one in self._waiting)
        shape = self._box()
        slides_look.move(shape, Area(self.area.left, self.area.top + self.used - needed, self.area.width, needed))
        slides_texts.write(shape, self._waiting)
        self._waiting = []

    def _box(self) -> Any:
        """The room for text of the layout as long as it is free, read where it stands; then boxes."""
        body = next((one for one in self.slide.placeholders if one.placeholder_format.type in BODIES), None)
        if body is None or body.text_frame.text:
            return self.slide.shapes.add_textbox(0, 0, 0, 0)
        tree = self.slide.shapes._spTree
        tree.append(body._element)
        return body


def entitle(slide: Any, look: Look, title: str) -> None:
    """The title in its own size if it fits there, else smaller, else cut."""
    shape = next(one for one in slide.placeholders if one.placeholder_format.type in TITLES)
    place = slides_look.area_of(shape) or look.area
    own = slides_look.own_size(slide.slide_layout)
    room = place.width - 2 * GAP
    size = next((one for one in _smaller(own) if height(title, one, room) <= place.height), None)
    told = title if size else fitted(title, SMALLEST_TITLE, room, max(int(place.height / (SMALLEST_TITLE * 1.3)), 1))
    shape.text_frame.text = " ".join(told.split())
    shape.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    slides_texts.directed(shape.text_frame.paragraphs[0], told)
    if size != own:
        for run in shape.text_frame.paragraphs[0].runs:
            run.font.size = Pt(size or SMALLEST_TITLE)


def _smaller(own: float) -> list[float]:
    return [own, *(size for size in (32.0, 26.0, 22.0, 19.0, float(SMALLEST_TITLE)) if size < own)]
