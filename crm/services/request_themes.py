"""What requests are about, as the house sorts them: a list of themes, kept by the CIO, set on requests by IT."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import audit, pages
from crm.services.clashes import told_as
from crm.services.search import contains
from models.audit import Change
from models.request import Request
from models.request_part import RequestTheme

LONGEST = 80
BY_NAME = (func.lower(RequestTheme.name), RequestTheme.id)
TAKEN = "There is a theme of that name already."


@dataclass(frozen=True)
class Line:
    """A theme in a list, and how many requests have it."""

    theme: RequestTheme
    requests: int


def listed(session: Session, *, by: Actor, retired: bool = False, text: str = "", number: int = 1) -> pages.Page[Line]:
    """By name. One statement."""
    policy.require(by, Action.SET_REQUEST_RULES)
    counted = select(func.count(Request.id)).where(Request.theme_id == RequestTheme.id).scalar_subquery()
    is_retired = RequestTheme.retired_on.is_not(None)
    wanted = select(RequestTheme, counted).where(is_retired if retired else ~is_retired)
    if text:
        wanted = wanted.where(contains(text, RequestTheme.name))
    found = pages.of_rows(session, wanted.order_by(*BY_NAME), number)
    return pages.Page([Line(*row) for row in found.rows], found.number, found.has_next)


def to_choose(session: Session, also: int | None = None) -> Sequence[RequestTheme]:
    """Those in use, by name, and the one given whatever became of it. One statement."""
    wanted = RequestTheme.retired_on.is_(None) | (RequestTheme.id == also)
    return session.scalars(select(RequestTheme).where(wanted).order_by(*BY_NAME)).all()


def all_of(session: Session) -> Sequence[RequestTheme]:
    """Retired ones too, by name. One statement."""
    return session.scalars(select(RequestTheme).order_by(*BY_NAME)).all()


def find(session: Session, *, theme_id: int) -> RequestTheme:
    """Raises NotFound."""
    found = session.get(RequestTheme, theme_id)
    if found is None:
        raise NotFound("There is no such theme.")
    return found


# ---- The list of themes


def add(session: Session, *, by: Actor, name: str) -> RequestTheme:
    """Raises Invalid("name"), Conflict("name")."""
    policy.require(by, Action.SET_REQUEST_RULES)
    _refuse_bad_name(session, name)
    theme = RequestTheme(name=name)
    with told_as(session, Conflict("name", TAKEN)):
        session.add(theme)
    return theme


def rename(session: Session, *, by: Actor, theme: RequestTheme, name: str) -> None:
    """Requests that have it keep it. Raises Invalid("name"), Conflict("name")."""
    policy.require(by, Action.SET_REQUEST_RULES)
    _refuse_bad_name(session, name, but=theme.id)
    with told_as(session, Conflict("name", TAKEN)):
        theme.name = name


def _refuse_bad_name(session: Session, name: str, but: int | None = None) -> None:
    if not name:
        raise Invalid("name", "Say what it is about.")
    if len(name) > LONGEST:
        raise Invalid("name", f"Keep the name under {LONGEST} letters.")
    same = select(RequestTheme.id).where(func.lower(RequestTheme.name) == name.lower())
    if any(theme_id != but for theme_id in session.scalars(same)):
        raise Conflict("name", TAKEN)


def retire(session: Session, *, by: Actor, theme: RequestTheme) -> None:
    """It is offered no more. Requests that have it keep it."""
    policy.require(by, Action.SET_REQUEST_RULES)
    theme.retired_on = theme.retired_on or by.today
    session.flush()


def take_up(session: Session, *, by: Actor, theme: RequestTheme) -> None:
    """It is offered again."""
    policy.require(by, Action.SET_REQUEST_RULES)
    theme.retired_on = None
    session.flush()


def merge(session: Session, *, by: Actor, theme: RequestTheme, into_id: int | None) -> int:
    """All requests of a theme go to another, and the theme ends. How many went. It cannot be undone.

    Raises Invalid("into_id"), NotFound.
    """
    policy.require(by, Action.SET_REQUEST_RULES)
    if into_id is None:
        raise Invalid("into_id", "Choose the theme that stays.")
    if into_id == theme.id:
        raise Invalid("into_id", "Choose another theme than this one.")
    into = find(session, theme_id=into_id)
    moved = update(Request).where(Request.theme_id == theme.id).values(theme_id=into.id)
    done = session.execute(moved, execution_options={"synchronize_session": False})
    count = int(done.rowcount)  # type: ignore[attr-defined]
    told: dict[str, Any] = {"merged": theme.name, "requests": count}
    audit.write(session, [audit.entry(RequestTheme, Change.CHANGED, into.id, {}, told)])
    session.delete(theme)
    session.flush()
    return count


# ---- On requests


def may_sort(by: Actor, request: Request) -> bool:
    """Who looks after the unit, and who says how requests are handled."""
    return policy.can(by, Action.DECIDE_REQUEST, request) or (
        policy.can(by, Action.SET_REQUEST_RULES) and policy.can(by, Action.SEE_PROMISES, request)
    )


def sort(session: Session, *, by: Actor, request: Request, theme_id: int | None) -> None:
    """Say what a request is about; None: nothing any more.

    Raises Forbidden, Invalid("theme_id") for a theme there is not, or one that is retired.
    """
    if not may_sort(by, request):
        raise Forbidden("You do not look after this unit.")
    if theme_id is not None and theme_id != request.theme_id:
        theme = session.get(RequestTheme, theme_id)
        if theme is None or theme.retired_on:
            raise Invalid("theme_id", "Choose one of the themes.")
    request.theme_id = theme_id
    session.flush()


def chosen(session: Session, *, by: Actor, ids: Collection[int]) -> Sequence[Request]:
    """These requests, as far as the actor sees them, with unit and theme. One statement."""
    policy.require(by, Action.SEE_PROMISES)
    seen = (Request.id.in_(ids), policy.in_visible_units(by, Request.unit_id))
    loaded = select(Request).where(*seen).options(joinedload(Request.unit), joinedload(Request.theme))
    return session.scalars(loaded.order_by(Request.title, Request.id)).all()
