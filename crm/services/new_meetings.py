"""What is told about a meeting when it is logged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.meeting import AskedBy, MeetingKind, Presence
from models.project import Project, Stage
from models.request import Origin, RequestKind


@dataclass(frozen=True)
class NewAction:
    text: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    #: Promised and kept in one meeting.
    done: bool = False

    @property
    def is_blank(self) -> bool:
        return self == NewAction()


@dataclass(frozen=True)
class NewRequest:
    title: str = ""
    business_need: str = ""
    requester_id: int | None = None
    kind: RequestKind = RequestKind.STANDARD
    origin: Origin = Origin.ASKED

    @property
    def is_blank(self) -> bool:
        return not (self.title or self.business_need or self.requester_id)


@dataclass(frozen=True)
class NewDecision:
    text: str = ""
    #: The day from which it is worth asking again.
    revisit_on: date | None = None

    @property
    def is_blank(self) -> bool:
        return self == NewDecision()


@dataclass(frozen=True)
class NewPraise:
    text: str = ""
    person_id: int | None = None

    @property
    def is_blank(self) -> bool:
        return self == NewPraise()


@dataclass(frozen=True)
class NewProject:
    """How a project stands; without ``project_id`` one that is not on the list yet."""

    project_id: int | None = None
    name: str = ""
    stage: Stage = Stage.UNDER_WAY
    state: str = ""
    milestone: str = ""
    milestone_on: date | None = None
    #: The :attr:`signature` of what the form showed.
    seen: str = ""

    @classmethod
    def of(cls, project: Project) -> NewProject:
        """As it stands now."""
        return cls(
            project_id=project.id,
            stage=project.stage,
            state=project.state.replace("\r\n", "\n").strip(),
            milestone=" ".join(project.milestone.split()),
            milestone_on=project.milestone_on,
        )

    @property
    def signature(self) -> str:
        """Short, and another one as soon as anything else is told of how it stands."""
        told = "\0".join((self.stage, self.state, self.milestone, str(self.milestone_on or "")))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to keep: no word of a new one, no change of one on the list."""
        if self.project_id is not None:
            return self.signature == self.seen
        return not (self.name or self.state or self.milestone or self.milestone_on)


@dataclass(frozen=True)
class NewMeeting:
    """A meeting as told. Blank rows may be among the others: they are left out."""

    kind: MeetingKind
    held_on: date
    #: In minutes of the clock.
    lasted: int | None = None
    asked_by: AskedBy | None = None
    #: The review it is meant to hold; without one, or on a day outside its period, the day decides.
    review_id: int | None = None
    attendees: Mapping[int, Presence] = field(default_factory=dict)
    #: Markdown with marks, exactly as typed. The unit reads the versions that are shared.
    minutes: str = ""
    #: Markdown; stays in IT.
    internal_notes: str = ""
    actions: Sequence[NewAction] = ()
    requests: Sequence[NewRequest] = ()
    decisions: Sequence[NewDecision] = ()
    praises: Sequence[NewPraise] = ()
    projects: Sequence[NewProject] = ()
    #: Actions left from before that are done.
    settled: frozenset[int] = frozenset()
    #: Points of the agenda that were dealt with; the rest carries over.
    agenda_done: frozenset[int] = frozenset()
    #: Whether those who were there from the unit get the minutes at once.
    share: bool = False
    #: Made with the form, so that sending it twice is one meeting.
    form_key: str | None = None

    @property
    def people(self) -> frozenset[int]:
        """Everybody named anywhere."""
        owners = (action.owner_id for action in self.actions)
        requesters = (request.requester_id for request in self.requests)
        praised = (praise.person_id for praise in self.praises)
        named = {*self.attendees, *owners, *requesters, *praised}
        return frozenset(person_id for person_id in named if person_id is not None)
