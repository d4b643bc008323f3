"""Which mail people want: at once, within the daily mail, or never; and when they want none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import languages, quiet_hours
from crm.services.mail_kinds import KINDS, Kind, choices_of
from models.mail import MailChoice, MailKind, MailPreference
from models.person import Person, Role


def choices(session: Session, person_ids: Collection[int]) -> dict[tuple[int, MailKind], MailChoice]:
    """What holds for each of these people and each kind: chosen, or the kind's own default. One statement.

    Who wants no daily mail gets nothing that would stand in it.
    """
    rows = session.execute(
        select(Person, MailPreference.kind, MailPreference.choice)
        .outerjoin(MailPreference, MailPreference.person_id == Person.id)
        .where(Person.id.in_(person_ids))
    ).all()
    roles = {person.id: person.roles for person, _, _ in rows}
    chosen = {(person.id, kind): choice for person, kind, choice in rows if kind is not None}
    return {
        (person_id, name): _in_force(person_id, name, kind, roles[person_id], chosen)
        for person_id in roles
        for name, kind in KINDS.items()
    }


def _in_force(
    person_id: int,
    name: MailKind,
    kind: Kind,
    roles: frozenset[Role],
    chosen: Mapping[tuple[int, MailKind], MailChoice],
) -> MailChoice:
    possible = choices_of(kind, roles)
    choice = chosen.get((person_id, name), kind.default)
    if choice not in possible:
        return MailChoice.NOW
    if choice is MailChoice.DIGEST and chosen.get((person_id, MailKind.DIGEST)) is MailChoice.NEVER:
        return MailChoice.NEVER
    return choice


def of_person(session: Session, person: Person) -> dict[MailKind, MailChoice]:
    """What this person chose of each kind, as chosen: what the daily mail would hold stays so without a daily mail."""
    mine = select(MailPreference.kind, MailPreference.choice).where(MailPreference.person_id == person.id)
    chosen = {row[0]: row[1] for row in session.execute(mine)}
    return {
        name: choice if (choice := chosen.get(name, kind.default)) in choices_of(kind, person.roles) else MailChoice.NOW
        for name, kind in KINDS.items()
    }


def is_wanted(session: Session, *, person: Person, kind: MailKind) -> bool:
    """Whether this person gets mail of this kind, of its own or within the daily mail. At most one statement."""
    if not KINDS[kind].is_optional:
        return True
    return choices(session, [person.id])[person.id, kind] is not MailChoice.NEVER


def choose(session: Session, *, person_id: int, kind: MailKind, choice: MailChoice, now: datetime) -> None:
    """Keep a choice for one kind. What is not optional stays as it is."""
    if not KINDS[kind].is_optional:
        return
    kept = session.get(MailPreference, (person_id, kind), with_for_update=True)
    if kept is None:
        session.add(MailPreference(person_id=person_id, kind=kind, choice=choice, chosen_at=now))
    elif kept.choice is not choice:
        kept.choice, kept.chosen_at = choice, now
    session.flush()


def change(
    session: Session,
    *,
    by: Actor,
    language: str,
    time_zone: str | None,
    quiet: tuple[time | None, time | None],
    wanted: Mapping[MailKind, MailChoice],
    now: datetime,
) -> None:
    """What somebody wants for oneself. Only what differs from what held is kept as a choice.

    Raises Invalid("language" | "time_zone" | "quiet_since" | "quiet_until"), or on the name of a kind.
    """
    policy.require(by, Action.SEE_OWN_ACCOUNT)
    person = session.get_one(Person, by.id)
    since, until = quiet_hours.checked(*quiet)
    languages.refuse_unknown(language)
    if time_zone and time_zone not in available_timezones():
        raise Invalid("time_zone", "Choose one of these time zones.")
    for kind, choice in wanted.items():
        if choice not in choices_of(KINDS[kind], person.roles):
            raise Invalid(kind.value, "Choose one of these.")
    person.language, person.time_zone = language, time_zone
    person.quiet_since, person.quiet_until = since, until
    held = of_person(session, person)
    for kind, choice in wanted.items():
        if choice is not held[kind]:
            choose(session, person_id=person.id, kind=kind, choice=choice, now=now)
    session.flush()
