"""Where a ticket stands, whatever its service desk calls it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from crm.services.organisation_import.cells import folded


class Standing(enum.StrEnum):
    NEW = "new"
    LOOKING = "looking"  # somebody finds out what it is about
    WAITING = "waiting"  # for whoever opened it, or for somebody outside
    ACCEPTED = "accepted"
    WORKING = "working"
    DECLINED = "declined"
    RESOLVED = "resolved"  # as the desk sees it
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self not in OVER

    @property
    def is_done(self) -> bool:
        return self in (Standing.RESOLVED, Standing.CLOSED)


OVER = frozenset({Standing.DECLINED, Standing.RESOLVED, Standing.CLOSED})
#: In the order of a ticket's life.
ORDER = {standing: place for place, standing in enumerate(Standing)}
#: Parts of words that desks use, the surest first; German ones among them.
_SAID = (
    ("unresolved", Standing.WORKING),
    ("reopen", Standing.WORKING),
    ("wait", Standing.WAITING),
    ("await", Standing.WAITING),
    ("pending", Standing.WAITING),
    ("hold", Standing.WAITING),
    ("wart", Standing.WAITING),
    ("reject", Standing.DECLINED),
    ("declin", Standing.DECLINED),
    ("refus", Standing.DECLINED),
    ("abgelehnt", Standing.DECLINED),
    ("won't", Standing.DECLINED),
    ("cancel", Standing.CLOSED),
    ("clos", Standing.CLOSED),
    ("geschlossen", Standing.CLOSED),
    ("complete", Standing.CLOSED),
    ("resolved", Standing.RESOLVED),
    ("solved", Standing.RESOLVED),
    ("done", Standing.RESOLVED),
    ("fixed", Standing.RESOLVED),
    ("deliver", Standing.RESOLVED),
    ("gelöst", Standing.RESOLVED),
    ("erledigt", Standing.RESOLVED),
    ("accept", Standing.ACCEPTED),
    ("approv", Standing.ACCEPTED),
    ("planned", Standing.ACCEPTED),
    ("triage", Standing.LOOKING),
    ("assess", Standing.LOOKING),
    ("review", Standing.LOOKING),
    ("analys", Standing.LOOKING),
    ("look", Standing.LOOKING),
    ("prüf", Standing.LOOKING),
    ("new", Standing.NEW),
    ("neu", Standing.NEW),
    ("to do", Standing.NEW),
    ("backlog", Standing.NEW),
    ("logged", Standing.NEW),
)
#: Numbers of ServiceNow and GLPI are not guessed: both count from 1, and mean other things by it.


def guess(said: str) -> Standing:
    """Open work where nothing else is said in words."""
    words = folded(said)
    return next((standing for part, standing in _SAID if part in words), Standing.WORKING)


def all_of(said: Iterable[str], known: Mapping[str, Standing]) -> dict[str, Standing]:
    """Each state of a file with its standing: as chosen, or as guessed."""
    return {state: known.get(state) or guess(state) for state in said}
