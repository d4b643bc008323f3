"""What a rule finds: something one person is to be told, and how to say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crm.services.languages import Language
from crm.services.organisation import Organisation
from models.mail import MailKind
from models.person import Person
from models.unit import BusinessUnit

#: What lies ahead and falls on days on which the recipient does not work is told before them: so many days a rule
#: looks further than its own time.
FURTHER = timedelta(days=14)
#: What passed longer ago than this is not brought up any more; it stands on the pages.
BYGONE = timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """What is to be done, why it is said, and what the button says."""

    what: str
    why: str
    button: str


@dataclass(frozen=True)
class Due:
    """One reason to remind one person."""

    kind: MailKind
    #: The id of the review, action, invitation, request, assignment, membership or absence.
    about: int
    person: Person
    unit: BusinessUnit | None
    #: What makes it another one: the day it is about, and which of several. "2026-11-24", "2026-11-24:late".
    period: str
    #: The day from which it is to be told, and whether its cause lies ahead: then days without work bring it forward,
    #: else they put it off.
    falls_on: date
    lies_ahead: bool
    #: Where one click settles it; "": by a personal link that is made when it is told.
    path: str
    tell: Callable[[Language], Told]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}:{self.person.id}:{self.period}"

    def is_told(self, today: date, next_working: date) -> bool:
        """Whether it is told on ``today``, when the recipient works again on ``next_working``."""
        return self.falls_on < next_working if self.lies_ahead else self.falls_on <= today


@dataclass(frozen=True)
class Ground:
    """What all rules stand on. ``today``: the recipient's day."""

    now: datetime
    today: date
    house: Organisation
    #: Who looks after each open unit today, by its id.
    reps: Mapping[int, Person]


#: Finds what is due, for everyone, in a number of statements that does not grow.
Rule = Callable[[Session, Ground], Iterator[Due]]
