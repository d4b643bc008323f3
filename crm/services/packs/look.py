"""The organisation's own look for slides: a template that is checked, tried, kept in versions, and never in the way."""

from __future__ import annotations

import io
import logging
import posixpath
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, undefer

from crm import policy
from crm.documents import slides
from crm.documents.content import Pack
from crm.documents.slides_look import Unusable
from crm.errors import Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import file_kinds
from crm.services.packs.sample import SAMPLE
from models.slide_look import SlideLook

log = logging.getLogger(__name__)
MOST_BYTES, MOST_UNPACKED = 10 * 1024 * 1024, 60 * 1024 * 1024
SHOWN = 20
#: Parts of a file that do something, in any letters.
_ACTIVE = re.compile(r"vbaproject|vbadata|activex|oleobject|/macros|\.(bin|exe|dll|js|vbs)$", re.IGNORECASE)
#: What PowerPoint keeps of a printer is called like a program, and is none.
_PRINTER = re.compile(r"^ppt/printerSettings/[^/]+\.bin$")
_ACTIVE_TYPE = re.compile(rb"macroEnabled|ms-office\.activeX|vbaProject", re.IGNORECASE)
#: What a file fetches from elsewhere when it is opened; a link that somebody clicks is none.
_OUTSIDE = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_LINK = re.compile(rb"relationships/hyperlink[\"']")
FELL_BACK = "The organisation’s template could not be used, so these slides have our own look."


def current(session: Session) -> SlideLook | None:
    """What holds, without its file; None for our own look. One statement."""
    found = session.scalar(_newest().limit(1))
    return None if found is None or found.is_ours else found


def history(session: Session, *, by: Actor) -> Sequence[SlideLook]:
    """What was chosen, the newest first. One statement."""
    policy.require(by, Action.SET_PACK_LOOK)
    return session.scalars(_newest().options(joinedload(SlideLook.by)).limit(SHOWN)).all()


def _newest() -> Select[SlideLook]:
    return select(SlideLook).order_by(SlideLook.id.desc())


def choose(session: Session, *, by: Actor, name: str, content: bytes, now: datetime) -> SlideLook:
    """Make slides in this file from now on. Raises Invalid("file") saying what is wrong with it, Forbidden."""
    policy.require(by, Action.SET_PACK_LOOK)
    name = file_kinds.plain_name(name)
    _refuse(name, content)
    _try(content)
    return _keep(session, SlideLook(name=name, size=len(content), content=content, at=now, by_id=by.id))


def go_back(session: Session, *, by: Actor, now: datetime) -> bool:
    """To our own look; False where it holds already. Raises Forbidden."""
    policy.require(by, Action.SET_PACK_LOOK)
    if current(session) is None:
        return False
    _keep(session, SlideLook(name="", size=0, content=None, at=now, by_id=by.id))
    return True


def _keep(session: Session, look: SlideLook) -> SlideLook:
    session.add(look)
    session.flush()
    return look


def file_of(session: Session, *, by: Actor) -> tuple[str, bytes]:
    """The template that holds, as it was sent, with its name. Raises NotFound for our own look, Forbidden."""
    policy.require(by, Action.SET_PACK_LOOK)
    found = session.scalar(_newest().options(undefer(SlideLook.content)).limit(1))
    if found is None or found.content is None:
        raise NotFound("Slides have our own look: there is no file.")
    return found.name, found.content


def sample(session: Session, *, by: Actor) -> bytes:
    """Slides with one of everything, in the look that holds. Raises Forbidden."""
    policy.require(by, Action.SET_PACK_LOOK)
    return slides_of(session, SAMPLE)


def slides_of(session: Session, pack: Pack) -> bytes:
    """A pack as slides in the look that holds; where that cannot be used, in ours, and the last slide says so."""
    found = session.scalar(_newest().options(undefer(SlideLook.content)).limit(1))
    if found is None or found.content is None:
        return slides.made(pack)
    try:
        return slides.made(pack, found.content)
    except Unusable:
        log.exception("The template %s could not be used", found.name)
        return slides.made(replace(pack, made=f"{pack.made} {FELL_BACK}"))


def _refuse(name: str, content: bytes) -> None:
    if not content:
        raise Invalid("file", f"“{name}” is empty.")
    if len(content) > MOST_BYTES:
        raise Invalid("file", f"“{name}” has more than {MOST_BYTES // 1024**2} MB.")
    if file_kinds.ending(name) != "pptx" or file_kinds.media_type(name, content) is None:
        raise Invalid("file", f"“{name}” is no PowerPoint file (.pptx) without macros.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _refuse_parts(name, archive)


def _refuse_parts(name: str, archive: zipfile.ZipFile) -> None:
    """Nothing that runs, nothing that is fetched, nothing that unpacks to more than a template has."""
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise Invalid("file", f"“{name}” unpacks to more than {MOST_UNPACKED // 1024**2} MB.")
    names = [part.filename for part in archive.infolist()]
    if any(_acts(part) or part.startswith("/") or ".." in part.split(posixpath.sep) for part in names):
        raise Invalid("file", f"“{name}” holds a program or an embedded object. Save it without, and send it again.")
    try:
        kinds = archive.read("[Content_Types].xml")
        links = b"".join(archive.read(part) for part in names if part.endswith(".rels"))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Invalid("file", f"“{name}” could not be read.") from error
    if _ACTIVE_TYPE.search(kinds):
        raise Invalid("file", f"“{name}” is made for macros. Save it as .pptx, and send it again.")
    if any(not _LINK.search(each) for each in _OUTSIDE.findall(links)):
        raise Invalid("file", f"“{name}” fetches pictures from elsewhere. Put them into the file, and send it again.")


def _acts(part: str) -> bool:
    return bool(_ACTIVE.search(part)) and not _PRINTER.match(part)


def _try(content: bytes) -> None:
    """Make slides in it and open them again."""
    try:
        made = slides.made(SAMPLE, content)
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            names = archive.namelist()
        if len(names) != len(set(names)):
            raise Unusable("Its parts refer to each other in a way we cannot follow.")
        slides.made(SAMPLE, made)
    except Unusable as error:
        raise Invalid("file", f"This file cannot be used: {error}") from error
