"""The same need elsewhere: requests that say it in other words; and the text of a search through requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from textwrap import shorten
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, union_all
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import request_index
from crm.services.search import contains
from crm.services.telling_words import stem, telling, words
from models.request import OPEN_STATES, Request, RequestState
from models.unit import BusinessUnit

#: Decided within so many days: still the same need.
RECENT = timedelta(days=365)
#: So many are judged by the words they share, as the database ranks them.
JUDGED = 40
#: How much of the text has to be there too; and of more than two words at least two, for one is chance.
ENOUGH, FEWEST = 0.25, 2
#: What a word counts that is not in the title.
IN_NEED = 0.6
SNIPPET = 160
_TOLD = (
    Request.id,
    Request.unit_id,
    BusinessUnit.name.label("unit_name"),
    Request.title,
    Request.business_need,
    Request.state,
    Request.logged_on,
    Request.shared_need_id,
)


@dataclass(frozen=True)
class Similar:
    """A request that says the same in other words. ``snippet``: from the unit's own text, for those who may see it."""

    request_id: int
    unit_id: int
    unit_name: str
    title: str
    snippet: str
    state: RequestState
    logged_on: date
    shared_need_id: int | None


def to(
    session: Session, *, by: Actor, text: str, beyond: int | None = None, but: int | None = None, limit: int = 5
) -> Sequence[Similar]:
    """Requests like that text which this person may read, open or decided within a year, the most similar first.
    ``beyond``: the unit whose own are left out; ``but``: the request it is about. One statement, none for no words."""
    policy.require(by, policy.Action.SEE_PROMISES)
    asked = telling(text)
    if not asked:
        return []
    alike = request_index.ranked(session, asked, *_TOLD).join(Request.unit)
    alike = alike.where(_is_current(by.today), policy.in_visible_units(by, Request.unit_id))
    if beyond is not None:
        alike = alike.where(Request.unit_id != beyond)
    if but is not None:
        alike = alike.where(Request.id != but)
    judged = [(_share(asked, row), row) for row in session.execute(alike.limit(JUDGED))]
    best = sorted((one for one in judged if one[0] >= ENOUGH), key=lambda one: -one[0])
    return [_similar(asked, row) for _, row in best[:limit]]


def matching(session: Session, text: str) -> ColumnElement[bool]:
    """The condition that a request holds every word of the text, or that its unit is called so; words may go on, marks
    and case do not matter, nothing in the text is an operator. For lists: the caller adds the row scope."""
    said = [stem(word) for word in words(text)]
    called = select(BusinessUnit.id).where(contains(text, BusinessUnit.name))
    if not said:
        return or_(contains(text, Request.title, Request.business_need), Request.unit_id.in_(called))
    of_unit = select(Request.id).where(Request.unit_id.in_(called))
    return Request.id.in_(union_all(request_index.holding(session, said), of_unit))


def _is_current(today: date) -> ColumnElement[bool]:
    since = datetime.combine(today - RECENT, time(), UTC)
    return or_(Request.state.in_(OPEN_STATES), Request.decided_at >= since)


def _share(asked: Sequence[str], row: Row[Any]) -> float:
    """How much of what is asked the request says too, 0 to 1."""
    title, need = words(row.title), words(row.business_need)
    counted = [1.0 if _begins(word, title) else IN_NEED * _begins(word, need) for word in asked]
    shared = sum(count > 0 for count in counted)
    return sum(counted) / len(asked) if shared >= min(FEWEST, len(asked) - 1) else 0.0


def _begins(stem: str, said: Collection[str]) -> bool:
    return any(word.startswith(stem) for word in said)


def _similar(asked: Sequence[str], row: Row[Any]) -> Similar:
    return Similar(
        row.id,
        row.unit_id,
        row.unit_name,
        row.title,
        _snippet(asked, row.business_need),
        row.state,
        row.logged_on,
        row.shared_need_id,
    )


def _snippet(asked: Sequence[str], need: str) -> str:
    """The sentence of the need that says it, or its beginning."""
    sentences = need.replace("\n", " ").split(". ")
    telling_one = next((one for one in sentences if any(_begins(word, words(one)) for word in asked)), sentences[0])
    return shorten(telling_one.strip(), SNIPPET, placeholder=" …")
