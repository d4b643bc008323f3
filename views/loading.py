"""Files that are loaded in the background: starting, and the page that says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from crm.errors import Conflict
from crm.services import kept_files
from crm.services.kept_files import Kept
from models.organisation_import import OrganisationImport
from views import access

#: The page looks again by itself after so many seconds.
LOOK_AGAIN = 3


@dataclass(frozen=True)
class Place:
    """Where a kept file belongs: the addresses of its list, its own page and its start, and what is being written."""

    name: str
    list_title: str
    list_url: str
    url: str
    start_url: str
    writing: str


def started(place: Place, *, claim: Callable[[], object], begin: Callable[[], object]) -> ResponseReturnValue:
    """Claim it, begin after the commit, and show how far it is; whoever was later is told."""
    try:
        claim()
    except Conflict as error:
        flash(str(error), "warning")
        return redirect(place.url, 303)
    begin()
    return redirect(place.url, 303)


def progress(kept: Kept | OrganisationImport, place: Place) -> ResponseReturnValue:
    stopped = kept_files.has_stopped(kept, access.now())
    answer = make_response(render_template("imports/progress.html", kept=kept, place=place, stopped=stopped))
    if not stopped:
        # As a header, for a page that reloads itself needs no script and a reader may still stop it.
        answer.headers["Refresh"] = str(LOOK_AGAIN)
    return answer
