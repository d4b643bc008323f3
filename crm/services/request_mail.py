"""The mail that tells whoever asked what became of it: we ask back, say yes or no, or it is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import languages, organisation, outbox
from crm.services.languages import Language
from crm.services.wording import paragraphs
from models.mail import MailKind
from models.person import Person
from models.request import Request, RequestState


def tell(session: Session, *, request: Request, said: str, now: datetime) -> bool:
    """To the requester, when of the business and here. ``said``: the question, the reason, or what was done. False
    where nobody is to be told."""
    to = session.get(Person, request.requester_id) if request.requester_id else None
    if to is None or not to.is_business or to.left_on is not None:
        return False
    say = languages.of(to, organisation.current(session).language)
    sent = outbox.queue(
        session,
        key=f"request:{request.id}:{request.state}:{now.isoformat()}",
        to=to,
        subject=_subject(say, request),
        body=paragraphs(say.greeting(to), *_told(say, request, said)),
        path=f"/requests/{request.id}",
        button=_button(say, request),
        kind=MailKind.REQUESTED,
        say=say,
        now=now,
    )
    return sent is not None


def _subject(say: Language, request: Request) -> str:
    match request.state:
        case RequestState.WAITING:
            return say("A question on what you asked for: {title}", title=request.title)
        case RequestState.ACCEPTED:
            return say("We said yes: {title}", title=request.title)
        case RequestState.DECLINED:
            return say("We said no: {title}", title=request.title)
        case _:
            return say("It is there: {title}", title=request.title)


def _told(say: Language, request: Request, said: str) -> list[str]:
    need = say("You said: {need}", need=request.business_need)
    match request.state:
        case RequestState.WAITING:
            return [need, say("We ask: {question}", question=said)]
        case RequestState.ACCEPTED:
            return [need, say("We say yes: {reason}", reason=said)]
        case RequestState.DECLINED:
            return [
                need,
                say("We did: {did}", did=request.did),
                say("Why not: {reason}", reason=said),
                _instead(say, request),
            ]
        case _:
            return [
                need,
                say("We did: {did}", did=said),
                say("It counts as done when you say that it does what you needed."),
            ]


def _instead(say: Language, request: Request) -> str:
    if request.alternative:
        return say("Instead we offer: {alternative}", alternative=request.alternative)
    return say("We had nothing to offer instead.")


def _button(say: Language, request: Request) -> str:
    match request.state:
        case RequestState.WAITING:
            return say("Answer it")
        case RequestState.DELIVERED:
            return say("Say whether it does")
        case _:
            return say("Read it")
