"""Which people a file makes or changes, and whom it may not."""

from __future__ import annotations

from crm.errors import Invalid
from crm.services.organisation_import.cells import folded
from crm.services.organisation_import.changes import Changes, Values
from crm.services.organisation_import.known import Known, KnownPerson
from crm.services.organisation_import.wanted import Wanted, WantedPerson
from models.person import email_key

#: From this many known ids on, most of them belonging to somebody with another job is no coincidence.
ENOUGH_TO_TELL = 10


def match(wanted: Wanted, known: Known, changes: Changes) -> None:
    """Find the people of the file who are here already, and refuse the rows that cannot be theirs."""
    for key, person in list(wanted.people.items()):
        here = _find(person, known, changes)
        reason = _refusal(person, here)
        if reason:
            wanted.refuse_person(key, reason)
        elif here:
            changes.people[key] = here
    _refuse_another_organisation(wanted, changes)
    while _refuse_taken_addresses(wanted, known, changes):
        continue  # a refused row keeps its old address, which another row may have counted on


def compare(wanted: Wanted, changes: Changes) -> None:
    heads = set(wanted.heads.values())
    for key, person in wanted.people.items():
        here = changes.people.get(key)
        if here is None:
            changes.new_people.append(person)
        else:
            values = _values(person, here, is_head=key in heads)
            if values:
                changes.changed_people.append((here, values))


def _find(person: WantedPerson, known: Known, changes: Changes) -> KnownPerson | None:
    """By id, else by address. Where the file only names a head, the head of now comes first if the names agree."""
    unit = changes.units.get(person.heads_named or "")
    place = known.head_of.get(unit.id) if unit else None
    head = known.person[place.person_id] if place else None
    if head and folded(head.name) == folded(person.name):
        return head
    if person.external_id in known.person_by_external_id:
        return known.person_by_external_id[person.external_id]
    return known.person_by_email.get(email_key(person.email) or "")


def _refusal(person: WantedPerson, here: KnownPerson | None) -> str | None:
    if here is None:
        return None if person.name else f"Nobody here has the address {person.email}; say the head's name too."
    if here.left_on:
        return f"{here.name} has left. Under People, “left”, you can take {here.name} back."
    if not person.heads_named and person.external_id and here.external_id not in (None, person.external_id):
        return f"The e-mail address {person.email} belongs to {here.name} here, who has another id."
    return None


def _refuse_another_organisation(wanted: Wanted, changes: Changes) -> None:
    """Two organisations number their posts alike; one must not overwrite the other."""
    met = [(wanted.people[key], here) for key, here in changes.people.items() if here.external_id == key]
    strangers = sum(_is_somebody_else(person, here) for person, here in met)
    if len(met) >= ENOUGH_TO_TELL and strangers * 2 > len(met):
        raise Invalid(
            "root",
            f"{len(met):,} ids are known here, but {strangers:,} of them with another job title. This looks like "
            "another organisation: load it below a unit of its own.",
        )


def _is_somebody_else(person: WantedPerson, here: KnownPerson) -> bool:
    if person.job_title and here.job_title:
        return folded(person.job_title) != folded(here.job_title)
    return folded(person.name) != folded(here.name)


def _refuse_taken_addresses(wanted: Wanted, known: Known, changes: Changes) -> bool:
    giving_up = {here.id for key, here in changes.people.items() if _gives_up_address(wanted.people.get(key), here)}
    taken: dict[str, KnownPerson] = {}
    for key, person in wanted.people.items():
        holder = known.person_by_email.get(email_key(person.email) or "")
        here = changes.people.get(key)
        if holder and holder.id not in giving_up and (here is None or here.id != holder.id):
            taken[key] = holder
    for key, holder in taken.items():
        wanted.refuse_person(key, f"The e-mail address {wanted.people[key].email} belongs to {holder.name} here.")
    return bool(taken)


def _gives_up_address(person: WantedPerson | None, here: KnownPerson) -> bool:
    return person is not None and person.email is not None and email_key(person.email) != here.email_key


def _values(person: WantedPerson, here: KnownPerson, *, is_head: bool) -> Values:
    """What differs, as far as the file says anything."""
    values: Values = {}
    if person.name and person.name != here.name:
        values["name"] = person.name
    if person.job_title and person.job_title != here.job_title:
        values["job_title"] = person.job_title
    if person.email and person.email != here.email:
        values |= {"email": person.email, "email_key": email_key(person.email)}
    if person.external_id and here.external_id is None and not person.heads_named:
        values["external_id"] = person.external_id
    if is_head and not here.is_business:
        values["is_business"] = True
    return values
