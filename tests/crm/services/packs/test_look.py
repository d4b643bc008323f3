"""The organisation's own template for slides: checked, kept in versions, and never in the way of a pack."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from pptx import Presentation
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid, NotFound
from crm.services.packs import look
from models import AuditEntry, SlideLook
from tests.cast import Cast
from tests.factories import packs_of_documents as packs
from tests.factories.relationships import NOW, TODAY


def template(**more: str | bytes) -> bytes:
    """A plain template, and these parts in it."""
    file = io.BytesIO()
    Presentation().save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, part in more.items():
            archive.writestr(name.replace("__", "/"), part)
    return file.getvalue()


def choose(session: Session, cast: Cast, content: bytes, name: str = "Fernhill.pptx") -> SlideLook:
    by = cast.actor(session, cast.cio, TODAY)
    return look.choose(session, by=by, name=name, content=content, now=NOW)


def opened(made: bytes) -> Any:
    return Presentation(io.BytesIO(made))


OURS, THEIRS = 960 * 12700, Presentation().slide_width


def test_a_template_holds_from_the_moment_it_is_chosen(session: Session, cast: Cast) -> None:
    assert opened(look.slides_of(session, packs.small())).slide_width == OURS
    choose(session, cast, template())
    assert opened(look.slides_of(session, packs.small())).slide_width == THEIRS


def test_going_back_is_a_version_of_its_own_and_done_once(session: Session, cast: Cast) -> None:
    by = cast.actor(session, cast.administrator, TODAY)
    choose(session, cast, template())
    assert look.go_back(session, by=by, now=NOW)
    assert not look.go_back(session, by=by, now=NOW)
    assert look.current(session) is None
    assert [(one.name, one.by and one.by.name) for one in look.history(session, by=by)] == [
        ("", "Pia Holm"),
        ("Fernhill.pptx", "Margit Lindqvist"),
    ]
    assert opened(look.slides_of(session, packs.small())).slide_width == OURS
    with pytest.raises(NotFound):
        look.file_of(session, by=by)


def test_who_chose_which_is_in_the_audit_trail_without_the_file(session: Session, cast: Cast) -> None:
    choose(session, cast, template())
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.entity == "slide_look")).all()
    assert entry.after["name"] == "Fernhill.pptx"
    assert "PK" not in str(entry.after)


def test_what_was_sent_can_be_had_back(session: Session, cast: Cast) -> None:
    content = template()
    choose(session, cast, content, "C:\\temp\\Fernhill.pptx")
    assert look.file_of(session, by=cast.actor(session, cast.cio, TODAY)) == ("Fernhill.pptx", content)


def test_a_template_that_breaks_later_gives_our_look_and_says_so(session: Session, cast: Cast) -> None:
    session.add(SlideLook(name="old.pptx", size=4, content=b"PK\x03\x04", at=NOW))
    session.flush()
    paper = opened(look.slides_of(session, packs.small()))
    assert paper.slide_width == OURS
    assert look.FELL_BACK in str(
        [shape.text_frame.text for shape in list(paper.slides)[-1].shapes if shape.has_text_frame]
    )


RELS = '<Relationships><Relationship Type="{}" Target="http://evil.example/x" TargetMode="External"/></Relationships>'
BAD = {
    "is empty": b"",
    "has more than 10 MB": b"x" * (look.MOST_BYTES + 1),
    "no PowerPoint file": b"%PDF-1.7",
    "without macros": template(ppt__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"),
    "holds a program": template(**{"ppt__activeX__a.xml": "x"}),
    "an embedded object": template(**{"ppt__embeddings__oleObject1.bin": b"x"}),
    "unpacks to more": template(**{"ppt__media__a.png": b"0" * (look.MOST_UNPACKED + 1)}),
    "fetches pictures": template(**{"ppt__slides___rels__x.rels": RELS.format("http://x/relationships/image")}),
}


@pytest.mark.parametrize("why", BAD)
def test_what_is_dangerous_or_none_is_refused_saying_why(session: Session, cast: Cast, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        choose(session, cast, BAD[why])
    assert look.current(session) is None


def test_a_link_that_somebody_clicks_is_no_danger(session: Session, cast: Cast) -> None:
    link = RELS.format("http://x/relationships/hyperlink")
    choose(session, cast, template(**{"ppt__slides___rels__x.rels": link}))


def test_a_template_without_room_for_a_title_is_refused(session: Session, cast: Cast) -> None:
    paper, file = Presentation(), io.BytesIO()
    for layout in [one for one in paper.slide_layouts if one.name != "Blank"]:
        paper.slide_layouts.remove(layout)
    paper.save(file)
    with pytest.raises(Invalid, match="no layout with a title"):
        choose(session, cast, file.getvalue())


def test_a_name_that_is_no_presentation_is_refused(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="no PowerPoint file"):
        choose(session, cast, template(), "Fernhill.pptm")


def test_only_the_cio_and_the_administrator_choose(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.head):
        by = cast.actor(session, person, TODAY)
        for ask in (look.history, look.sample, look.file_of):
            with pytest.raises(Forbidden):
                ask(session, by=by)
        with pytest.raises(Forbidden):
            look.choose(session, by=by, name="a.pptx", content=template(), now=NOW)


def test_a_sample_shows_one_of_everything(session: Session, cast: Cast) -> None:
    paper = opened(look.sample(session, by=cast.actor(session, cast.cio, TODAY)))
    shapes = [shape for slide in paper.slides for shape in slide.shapes]
    assert (sum(one.has_chart for one in shapes), sum(one.has_table for one in shapes)) == (2, 1)
