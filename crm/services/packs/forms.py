"""In which forms a pack can be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from crm.documents import pdf, workbook
from crm.documents.content import Pack
from crm.services.packs import look
from models.pack import PackForm

Maker = Callable[[Session, Pack], bytes]


def _pdf(_: Session, pack: Pack) -> bytes:
    return pdf.made(pack)


def _workbook(_: Session, pack: Pack) -> bytes:
    return workbook.made(pack)


#: In the order in which they are made and offered. The session is for what a form needs besides: a look of one's own.
MAKERS: Mapping[PackForm, Maker] = {PackForm.PDF: _pdf, PackForm.SLIDES: look.slides_of, PackForm.WORKBOOK: _workbook}
