"""Which kind of request a service desk's word means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm.services.organisation_import.cells import folded
from models.request import RequestKind

_SAID = (
    ("complain", RequestKind.COMPLAINT),
    ("beschwerde", RequestKind.COMPLAINT),
    ("question", RequestKind.QUESTION),
    ("frage", RequestKind.QUESTION),
    ("enquiry", RequestKind.QUESTION),
    ("inquiry", RequestKind.QUESTION),
    ("non standard", RequestKind.NON_STANDARD),
    ("non-standard", RequestKind.NON_STANDARD),
    ("change", RequestKind.NON_STANDARD),
    ("project", RequestKind.NON_STANDARD),
    ("feature", RequestKind.NON_STANDARD),
    ("new", RequestKind.NON_STANDARD),
)


def guess(said: str) -> RequestKind:
    """Standard where nothing else is said in words."""
    words = folded(said)
    return next((kind for part, kind in _SAID if part in words), RequestKind.STANDARD)


def all_of(said: Iterable[str], known: Mapping[str, RequestKind]) -> dict[str, RequestKind]:
    """Each kind of a file with ours: as chosen, or as guessed."""
    return {kind: known.get(kind) or guess(kind) for kind in said}
