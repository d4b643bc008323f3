"""Filters of lists that a person keeps by name. What is kept is what the list knows, never an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services.clashes import told_as
from crm.services.statements import PERSON
from models.saved_filter import SavedFilter

MOST = 50
LONGEST_NAME = 60
LONGEST_VALUE = 100


@dataclass(frozen=True)
class KnownList:
    """A list that can be narrowed: how it is called, who sees it, and what its address may say."""

    title: str
    right: Action
    parameters: tuple[str, ...]


LISTS = {
    "reviews": KnownList("Reviews", Action.SEE_REVIEWS, ("show", "whose", "text", "unit", "branch", "rep", "period")),
    "meetings": KnownList("Meetings", Action.SEE_MEETINGS, ("text", "unit", "kind", "period", "person")),
    "actions": KnownList("Actions", Action.SEE_PROMISES, ("show", "whose", "unit")),
    "complaints": KnownList(
        "Complaints", Action.SEE_PROMISES, ("show", "unit", "branch", "severity", "owner", "level", "late")
    ),
    "requests": KnownList(
        "Requests",
        Action.SEE_PROMISES,
        ("show", "by", "text", "unit", "kind", "state", "owner", "rep", "theme", "period", "late"),
    ),
    "no_register": KnownList(
        "The “No” register",
        Action.SEE_PROMISES,
        ("text", "unit", "theme", "outcome", "instead", "period", "stands", "value", "order"),
    ),
    "ratings": KnownList("Ratings", Action.SEE_RATINGS, ("only", "text", "unit")),
    "follow_ups": KnownList("Replies", Action.SEE_RATINGS, ("only", "whose", "unit", "branch")),
    "comments": KnownList("Comments", Action.SEE_RATINGS, ("only", "unit")),
    "comparison": KnownList(
        "Comparison",
        Action.COMPARE_RATINGS,
        ("show", "measure", "period", "from", "to", "against", "branch", "instrument", "order", "text"),
    ),
    "tickets": KnownList("Tickets", Action.SEE_TICKETS, ("text", "unit", "source", "show", "period", "order")),
    "assessments": KnownList("What we know of units", Action.SEE_ASSESSMENTS, ("show", "text")),
    "engagement": KnownList("Danger zone", Action.SEE_DANGER, ("only", "rule", "unit", "branch", "whose")),
    "units": KnownList("Units", Action.SEE_UNITS, ("as", "text", "rep", "cover")),
}
#: What an address says about a file or a page is no filter.
_NO_FILTER = {("as", "csv"), ("as", "xlsx")}


def query_of(list_name: str, said: Iterable[tuple[str, str]]) -> str:
    """What an address says of this list's own filter, in the list's own order: "whose=mine&unit=3"."""
    told = {name: value for name, value in said if (name, value) not in _NO_FILTER}
    known = LISTS[list_name].parameters
    kept = ((name, told[name]) for name in known if told.get(name) and told[name].isprintable())
    return urlencode([(name, value[:LONGEST_VALUE]) for name, value in kept])


def of_list(session: Session, *, by: Actor, list_name: str) -> Sequence[SavedFilter]:
    """The actor's own, by name. One statement."""
    return session.scalars(_OF_LIST, {"person": by.id, "list_name": list_name}).all()


_OF_LIST = (
    select(SavedFilter)
    .where(SavedFilter.person_id == PERSON, SavedFilter.list_name == bindparam("list_name"))
    .order_by(func.lower(SavedFilter.name), SavedFilter.id)
)


def all_of(session: Session, *, by: Actor) -> Sequence[SavedFilter]:
    """The actor's own of every list, list by list. One statement."""
    mine = select(SavedFilter).where(SavedFilter.person_id == by.id)
    return session.scalars(mine.order_by(SavedFilter.list_name, func.lower(SavedFilter.name), SavedFilter.id)).all()


def save(session: Session, *, by: Actor, list_name: str, name: str, said: Iterable[tuple[str, str]]) -> SavedFilter:
    """Keep a filter. A name that is there already takes the new filter; a filter that is there already takes the name.

    Raises NotFound for an unknown list, Invalid("name"), Conflict("name") when two save at once.
    """
    known = LISTS.get(list_name)
    if known is None:
        raise NotFound("There is no such list.")
    policy.require(by, known.right)
    query = query_of(list_name, said)
    _check(name, query)
    kept = of_list(session, by=by, list_name=list_name)
    found = next((one for one in kept if one.name.casefold() == name.casefold()), None)
    found = found or next((one for one in kept if one.query == query), None)
    if found is None and len(kept) >= MOST:
        raise Invalid("name", f"You keep {MOST} filters of this list. Remove one first.")
    with told_as(session, Conflict("name", "You saved a filter of that name a moment ago.")):
        found = found or SavedFilter(person_id=by.id, list_name=list_name)
        found.name, found.query = name, query
        session.add(found)
    return found


def _check(name: str, query: str) -> None:
    if not name:
        raise Invalid("name", "Give it a name.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"Keep it under {LONGEST_NAME} letters.")
    if not query:
        raise Invalid("name", "Nothing is narrowed here yet. Choose what the list shows first.")


def remove(session: Session, *, by: Actor, filter_id: int) -> SavedFilter:
    """Forget one of the actor's own. Raises NotFound."""
    found = session.scalar(select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == by.id))
    if found is None:
        raise NotFound("There is no such filter.")
    session.delete(found)
    session.flush()
    return found
