"""Drafts: what somebody is typing and has not saved. Only who typed it reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services.clashes import told_as
from models.draft import Draft
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit

#: Field name to the list of its values, as a browser sends a form.
Fields = Mapping[str, Sequence[str]]

#: What nobody took up again for so long is thrown away.
KEPT_FOR = timedelta(days=90)
#: Letters in all fields together.
MOST_LETTERS = 500_000
NEWER = "Another tab or device has newer notes of this meeting."
#: The field that says which page is writing: two tabs are two pages.
PAGE = "page_key"
#: The field that says which meeting it will be.
FORM = "form_key"
#: The field that says which mails stand in it: "Amara Diallo, 24 November".
MAILS = "mails"
#: Letters of the notes, as the form takes them.
MOST_NOTES = 50_000
FULL = "The unfinished notes that are there already leave no room for it."


@dataclass(frozen=True)
class Known:
    """What a page knows of the draft: its own key, and when the draft it last saw was saved ("" when it saw none)."""

    page_key: str = ""
    saved_at: str = ""


def log_key(unit_id: int) -> str:
    """The draft of a meeting with that unit."""
    return f"log:{unit_id}"


def stamp(draft: Draft) -> str:
    """When it was saved, as a page gives it back."""
    return draft.saved_at.isoformat()


def find(session: Session, *, by: Actor, key: str) -> Draft | None:
    """One's own draft of that form. One statement."""
    return session.scalar(_mine(by, key))


def words_of(draft: Draft) -> str:
    """What was typed: the notes, else those for IT."""
    return next((text for name in ("minutes", "internal_notes") for text in draft.fields.get(name, ()) if text), "")


def keep(
    session: Session, *, by: Actor, unit: BusinessUnit, key: str, fields: Fields, known: Known, now: datetime
) -> Draft:
    """Write the draft down in place of the one before.

    Raises Conflict("draft") when another page wrote a newer one, Conflict("meeting") when the form has been saved
    meanwhile, Invalid("draft") when it is too long to be a form.
    """
    policy.require(by, Action.LOG_MEETING, unit)
    if by.id is None:
        raise Invalid("draft", "Only people type.")
    if sum(len(value) for values in fields.values() for value in values) > MOST_LETTERS:
        raise Invalid("draft", "This is too long to be kept as a draft.")
    _refuse_saved(session, by, fields)
    found = session.scalar(_mine(by, key).with_for_update())
    if found is not None and not _is_of(found, known):
        raise Conflict("draft", NEWER)
    kept = {name: [value.replace("\0", "") for value in values] for name, values in fields.items()}
    if found is None:
        found = Draft(person_id=by.id, key=key, unit_id=unit.id, fields=kept, saved_at=now)
        with told_as(session, Conflict("draft", NEWER)):
            session.add(found)
    found.fields, found.saved_at = kept, now
    session.flush()
    return found


def add_mail(session: Session, *, person: Person, unit: BusinessUnit, text: str, origin: str, now: datetime) -> Draft:
    """Put a mail into the person's unfinished notes about the unit, below what stands there. ``origin``: who, and when.

    Raises Invalid("draft") when there is no room left.
    """
    key = log_key(unit.id)
    mine = select(Draft).where(Draft.person_id == person.id, Draft.key == key)
    found = session.scalar(mine.with_for_update())
    if found is None:
        found = Draft(person_id=person.id, key=key, unit_id=unit.id, fields={}, saved_at=now)
        session.add(found)
    typed = "".join(found.fields.get("minutes", [""])[:1])
    notes = f"{typed.rstrip()}\n\n--- mail of {origin}\n\n{text}" if typed.strip() else text
    if len(notes) > MOST_NOTES:
        raise Invalid("draft", FULL)
    # No page knows these notes: one that is open is told before it overwrites them.
    fields = {name: values for name, values in found.fields.items() if name != PAGE}
    found.fields = {**fields, "minutes": [notes], MAILS: [*found.fields.get(MAILS, []), origin]}
    found.saved_at = now
    session.flush()
    return found


def mails_in(draft: Draft) -> Sequence[str]:
    """Which mails were put into it since somebody last typed: who wrote each, and when."""
    return list(draft.fields.get(MAILS, ()))


def _mine(by: Actor, key: str) -> Select[Draft]:
    return select(Draft).where(Draft.person_id == by.id, Draft.key == key)


def _refuse_saved(session: Session, by: Actor, fields: Fields) -> None:
    """A last word that was under way while the meeting was saved is no new draft."""
    mine = (Meeting.form_key.in_(fields.get(FORM, ())), Meeting.logged_by_id == by.id)
    if session.scalar(select(exists().where(*mine))):
        raise Conflict("meeting", "This meeting is saved already. Correct the saved one.")


def _is_of(draft: Draft, known: Known) -> bool:
    """Whether that page wrote it last, or saw it."""
    return known.page_key in draft.fields.get(PAGE, ()) or known.saved_at == stamp(draft)


def throw_away(session: Session, *, by: Actor, key: str) -> None:
    """One's own draft of that form, if there is one."""
    session.execute(delete(Draft).where(Draft.person_id == by.id, Draft.key == key))


def settle(session: Session, *, by: Actor, key: str, known: Known) -> None:
    """What was typed is saved now. A newer draft of another page stays."""
    found = session.scalar(_mine(by, key))
    if found is not None and _is_of(found, known):
        session.delete(found)
        session.flush()


def unfinished(session: Session, *, by: Actor, most: int = 50) -> Sequence[Draft]:
    """One's own drafts with their units, the newest first. One statement."""
    mine = select(Draft).where(Draft.person_id == by.id).options(joinedload(Draft.unit))
    return session.scalars(mine.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(most)).all()


def remove_old(session: Session, now: datetime) -> int:
    """Remove what nobody took up again, and what people left behind who are no longer here. How many are gone."""
    gone = select(Person.id).where(Person.left_on <= now.date())
    old = (Draft.saved_at < now - KEPT_FOR) | Draft.person_id.in_(gone)
    return int(session.execute(delete(Draft).where(old)).rowcount)  # type: ignore[attr-defined]
