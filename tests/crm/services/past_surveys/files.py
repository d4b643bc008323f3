"""One small survey, and the ways in which people save it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from openpyxl import Workbook
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services.organisation_import.reading import read
from crm.services.past_surveys import checking, keeping, loading
from crm.services.past_surveys.choices import Choices
from crm.services.past_surveys.known import KnownItems, KnownUnits
from crm.services.past_surveys.report import Report
from models import PastSurvey

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LONG = """unit,code,year,question,score,n,asked
Finance,FIN,2014,We have the tools we need,3.5,4,6
Finance,FIN,2015,We have the tools we need,3.9,5,6
Legal,LEG,2014,We have the tools we need,4.25,3,3
Legal,LEG,2015,We have the tools we need,9999,0,3
Legal,LEG,2015,Help comes in time,?,0,3
"""
WIDE = """unit;year;B34. We have the tools we need (% agree);Response rate
Finance;2016;58%;65%
Legal;2016;71%;102%
"""


def keep(session: Session, by: Actor, content: bytes | str, name: str = "survey.csv") -> PastSurvey:
    raw = content.encode() if isinstance(content, str) else content
    return keeping.upload(session, by=by, content=raw, file_name=name, now=NOW)


def load(session: Session, by: Actor, content: bytes | str, name: str = "survey.csv", **said: object) -> PastSurvey:
    """Upload, say this and that, and write: what the thread does, in the test's own transaction."""
    kept = keep(session, by, content, name)
    if said:
        chosen = Choices.from_json(kept.choices | said)
        keeping.check(session, by=by, kept=kept, choices=chosen)
    write(session, by, kept)
    return kept


def write(session: Session, by: Actor, kept: PastSurvey) -> None:
    table = read(keeping.content_of(session, kept.id), kept.file_name)
    found = checking.check(table, keeping.choices_of(kept), KnownUnits(session), KnownItems(session))
    loading.write(session, by=by, survey_id=kept.id, found=found, now=NOW, progress=lambda _done, _total: None)
    session.flush()


def report(kept: PastSurvey) -> Report:
    found = keeping.report_of(kept)
    assert found is not None
    return found


def excel(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()
