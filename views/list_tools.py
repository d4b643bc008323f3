"""What stands at the head of each list beside its filter: the saved filters, and the list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from crm import db
from crm.services import saved_filters
from models.saved_filter import SavedFilter
from views import access


@dataclass(frozen=True)
class Kept:
    """A saved filter as a link."""

    id: int
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class ListTools:
    list_name: str
    kept: list[Kept]
    #: Where the filter of this page gets a name; "" when nothing is narrowed, or it has one.
    save_url: str
    csv_url: str
    xlsx_url: str


def of(list_name: str) -> ListTools:
    """For the list of this request. One statement."""
    said = list(request.args.items())
    here = saved_filters.query_of(list_name, said)
    found = saved_filters.of_list(db.session(), by=access.actor(), list_name=list_name)
    kept = [Kept(one.id, one.name, address(one), one.query == here) for one in found]
    has_name = any(one.is_current for one in kept)
    return ListTools(
        list_name,
        kept,
        "" if has_name or not here else url_for("saved_filters.new", list_name=list_name) + f"?{here}",
        _as_file(list_name, here, "csv"),
        _as_file(list_name, here, "xlsx"),
    )


def address(kept: SavedFilter) -> str:
    """Of the list, so narrowed."""
    return narrowed(kept.list_name, kept.query)


def narrowed(list_name: str, query: str) -> str:
    """The address of a list; ``query``: of :func:`saved_filters.query_of`."""
    return url_for(f"{list_name}.index") + (f"?{query}" if query else "")


def _as_file(list_name: str, query: str, kind: str) -> str:
    told = [(name, value) for name, value in parse_qsl(query) if name != "as"]
    return narrowed(list_name, urlencode([*told, ("as", kind)]))
