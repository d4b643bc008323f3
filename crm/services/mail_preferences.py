"""Which mail people want: at once, within the daily mail, or never; and when they want none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

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
