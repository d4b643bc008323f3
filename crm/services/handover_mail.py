"""What a handover says by mail, to who gives and to who takes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import languages, organisation, outbox
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.handover import Handover
from models.mail import MailKind
from models.person import Person


def tell(session: Session, handover: Handover, *, now: datetime) -> None:
    """Tell both reps; the same person, day and unit are told once."""
    house = organisation.current(session)
    for to in filter(None, (handover.incoming, handover.outgoing)):
        say = languages.of(to, house.language)
        day = say.day(handover.on, now.astimezone(languages.zone_of(to, house.time_zone)).date())
        write = to_who_takes if to is handover.incoming else to_who_gives
        _queue(
            session,
            write(say, handover, day),
            key=f"handover:{handover.id}:{to.id}:{handover.to_id}:{handover.on}",
            to=to,
            say=say,
            path=f"/handovers/{handover.id}",
            now=now,
        )


def call_off(session: Session, handover: Handover, *, to: Person, now: datetime) -> None:
    """Say that nothing comes of it."""
    say = languages.of(to, organisation.current(session).language)
    key = f"handover-off:{handover.id}:{to.id}:{now.isoformat()}"
    _queue(session, off(say, handover, to), key=key, to=to, say=say, path=f"/units/{handover.unit_id}", now=now)


def to_who_takes(say: Language, handover: Handover, day: str) -> Wording:
    unit, giver = handover.unit.name, handover.outgoing
    return Wording(
        subject=say("{unit} comes to you on {day}", unit=unit, day=day),
        body=paragraphs(
            say.greeting(handover.incoming),
            say("You look after {unit} from {day} on.", unit=unit, day=day),
            say("{name} hands it over.", name=giver.name) if giver else "",
            say(
                "What is promised, who is who and how to talk with them stands on one page. "
                "Read it, and say that you have."
            ),
        ),
        button=say("Read the handover"),
    )


def to_who_gives(say: Language, handover: Handover, day: str) -> Wording:
    unit, taker = handover.unit.name, handover.incoming.name
    return Wording(
        subject=say("{unit} goes to {name} on {day}", unit=unit, name=taker, day=day),
        body=paragraphs(
            say.greeting(handover.outgoing or handover.incoming),
            say("{name} looks after {unit} from {day} on.", name=taker, unit=unit, day=day),
            say("Write down how to talk with them, and what went wrong before: no page can gather that by itself."),
        ),
        button=say("Write the handover"),
    )


def off(say: Language, handover: Handover, to: Person) -> Wording:
    unit, giver = handover.unit.name, handover.outgoing
    return Wording(
        subject=say("{unit} is not handed over", unit=unit),
        body=paragraphs(
            say.greeting(to),
            say("The handover of {unit} is called off.", unit=unit),
            say("It stays with {name}.", name=giver.name) if giver and giver.id != to.id else "",
        ),
        button=say("Open {unit}", unit=unit),
    )


def _queue(session: Session, told: Wording, *, key: str, to: Person, say: Language, path: str, now: datetime) -> None:
    outbox.queue(
        session,
        key=key,
        to=to,
        subject=told.subject,
        body=told.body,
        path=path,
        button=told.button,
        kind=MailKind.HANDOVER,
        say=say,
        now=now,
    )
