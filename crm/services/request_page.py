"""What the page of one request shows: where it stands, whose move it is and by when; then all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.policy import Actor
from crm.services import (
    after_refusals,
    complaint_page,
    priority_rules,
    request_editing,
    request_files,
    request_limits,
    request_standing,
    request_states,
    request_themes,
    shared_need_pages,
)
from crm.services.complaint_page import ComplaintPart
from crm.services.engagement import relations
from crm.services.engagement.relations import Relation
from crm.services.priority_rules import Rule
from crm.services.request_standing import Standing
from crm.services.request_states import DECIDED, Way
from crm.services.shared_need_pages import Together
from crm.services.similar import Similar
from crm.services.tickets import listing
from models.request import Request, RequestKind, RequestState, RequestStep
from models.request_part import AfterRefusal, Attachment, RequestVerdict
from models.ticket import Ticket


@dataclass(frozen=True)
class RequestPage:
    """Each part adds one field, fed by one statement at most."""

    request: Request
    today: date
    #: Where it stands, whose move it is, by when.
    standing: Standing
    #: Open to the reader now, decisions left out; one for each state.
    ways: Sequence[Way]
    may_decide: bool
    #: Oldest first, each with who took it.
    steps: Sequence[RequestStep]
    #: Newest first, each with who decided and the rule used.
    verdicts: Sequence[RequestVerdict]
    #: By which a decision would be weighed now.
    rule: Rule
    #: In the order they came, each with who added it.
    files: Sequence[Attachment]
    may_correct: bool
    #: Which of the files the reader may take away.
    may_remove: frozenset[int]
    #: Of service desks, the newest first.
    tickets: Sequence[Ticket]
    #: How many other units need the same; and for IT, while it stands alone, what reads like it.
    together: Together | None
    elsewhere: Sequence[Similar]
    #: How they solved it, of the newest refusal; and whether the reader may say so.
    after: AfterRefusal | None
    #: What IT and the unit are to each other.
    relation: Relation
    may_answer: bool
    #: Whether the reader may say what it is about.
    may_sort: bool
    #: None for what is no complaint.
    complaint: ComplaintPart | None

    @property
    def after_words(self) -> str:
        return after_refusals.IN_WORDS[self.after.solved] if self.after and self.after.solved else ""

    @property
    def weighed(self) -> str:
        """How the newest verdict was weighed, by the rule of its day; "" when it was not."""
        if not self.verdicts or self.request.decided_at is None:
            return ""
        newest = self.verdicts[0]
        return priority_rules.explained(priority_rules.told(newest.rule), newest.points)

    @property
    def is_late(self) -> bool:
        return request_limits.is_late(self.request, self.today)

    @property
    def is_units_move(self) -> bool:
        return request_limits.is_units_move(self.request.state)


def of(session: Session, *, by: Actor, request: Request) -> RequestPage:
    """All parts of the page; what cannot be there is not asked for. ``request`` comes from ``requests.find``, which
    has checked the right to read it."""
    ways = request_states.ways(request, by=by)
    may_decide = any(way.to in DECIDED for way in ways)
    files = request_files.of_request(session, request_id=request.id)
    steps = request_states.history(session, request=request)
    stood = {step.state for step in steps} | {request.state}
    is_complaint = request.kind is RequestKind.COMPLAINT
    return RequestPage(
        request=request,
        today=by.today,
        standing=request_standing.standing(request, by.today),
        ways=[way for way in ways if way.to not in DECIDED],
        may_decide=may_decide,
        steps=steps,
        verdicts=_verdicts(session, request) if stood & DECIDED else (),
        rule=priority_rules.current(session) if may_decide else priority_rules.DEFAULT,
        after=after_refusals.of_request(session, request_id=request.id) if RequestState.DECLINED in stood else None,
        relation=relations.of_unit(session, unit_id=request.unit_id),
        may_answer=after_refusals.may_answer(by, request),
        may_sort=request_themes.may_sort(by, request),
        files=files,
        may_correct=request_editing.is_open_to(by, request),
        tickets=listing.of_request(session, by=by, request=request),
        may_remove=frozenset(file.id for file in files if request_files.may_remove(by, request, file)),
        complaint=complaint_page.of(session, by=by, request=request),
        together=shared_need_pages.together(session, request=request),
        elsewhere=() if is_complaint else shared_need_pages.elsewhere(session, by=by, request=request),
    )


def _verdicts(session: Session, request: Request) -> Sequence[RequestVerdict]:
    mine = select(RequestVerdict).where(RequestVerdict.request_id == request.id)
    loaded = mine.options(joinedload(RequestVerdict.by), joinedload(RequestVerdict.rule))
    return session.scalars(loaded.order_by(RequestVerdict.id.desc())).all()
