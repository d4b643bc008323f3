"""What stands at the head of each list beside its filter: the saved filters, and the list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

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
    told = dict(parse_qsl(here))
    return ListTools(
        list_name,
        kept,
        "" if has_name or not here else url_for("saved_filters.new", list_name=list_name, **told),
        url_for(f"{list_name}.index", **told | {"as": "csv"}),
        url_for(f"{list_name}.index", **told | {"as": "xlsx"}),
    )


def address(kept: SavedFilter) -> str:
    """Of the list, so narrowed."""
    return url_for(f"{kept.list_name}.index", **dict(parse_qsl(kept.query)))
