"""The people of the demonstration, as the rest of it knows them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from random import Random

from crm.services.demo.names import FIRST_NAMES, LAST_NAMES
from crm.services.demo.rows import Rows
from models.person import Person, Role, email_key

HOST = "fernhill.example"


@dataclass(frozen=True)
class Known:
    """A person with the id the row has."""

    id: int
    name: str
    email: str | None

    @property
    def given(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Term:
    """Somebody in a part, from a day (inclusive) until another (exclusive; None: still)."""

    who: Known
    since: date
    until: date | None = None


def on(terms: tuple[Term, ...], day: date) -> Known | None:
    """Who holds the part that day."""
    return next((term.who for term in terms if term.since <= day and (term.until is None or day < term.until)), None)


class Crowd:
    """Adds people, and makes up names that nobody has yet."""

    def __init__(self, rows: Rows, rng: Random, taken: frozenset[str]) -> None:
        self._rows = rows
        pairs = range(len(FIRST_NAMES) * len(LAST_NAMES))
        self._pairs = iter(rng.sample(pairs, len(pairs)))
        # Addresses fold accents, so what differs by an accent alone would clash.
        self._taken = {address(name) for name in taken}

    def invent(self, job_title: str, *roles: Role) -> Known:
        return self.add(self._name(), job_title, *roles)

    def add(self, name: str, job_title: str, *roles: Role, left_on: date | None = None, mail: bool = True) -> Known:
        email = address(name) if mail else None
        identity = self._rows.add(
            Person,
            name=name,
            job_title=job_title,
            email=email,
            email_key=email_key(email),
            is_rep=Role.REP in roles,
            is_business=Role.BUSINESS in roles,
            is_cio=Role.CIO in roles,
            is_administrator=Role.ADMINISTRATOR in roles,
            left_on=left_on,
        )
        return Known(identity, name, email)

    def _name(self) -> str:
        while True:
            first, last = divmod(next(self._pairs), len(LAST_NAMES))
            name = f"{FIRST_NAMES[first]} {LAST_NAMES[last]}"
            if address(name) not in self._taken:
                self._taken.add(address(name))
                return name


def address(name: str) -> str:
    """ "Zoë Núñez" reads her mail at zoe.nunez@fernhill.example."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ø", "o")).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}@{HOST}"
