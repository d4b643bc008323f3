"""Who is head and who is a member where: what ends today and what begins, so that history is kept."""

from __future__ import annotations

from datetime import date

from crm.services.organisation_import.changes import Changes, NewPlace
from crm.services.organisation_import.known import Known, KnownPlace
from crm.services.organisation_import.wanted import Wanted
from models.unit import Part


def compare(wanted: Wanted, known: Known, changes: Changes, time_zone: str) -> None:
    """``time_zone``: that of new units which do not say theirs."""
    comparison = _Comparison(wanted, known, changes, time_zone)
    for code, key in wanted.heads.items():
        comparison.head(code, key)
    for key, code in wanted.members.items():
        comparison.member(code, key)
    if wanted.places_people:
        for key, code in [*wanted.members.items(), *((key, code) for code, key in wanted.heads.items())]:
            comparison.end_elsewhere(code, key)


class _Comparison:
    def __init__(self, wanted: Wanted, known: Known, changes: Changes, time_zone: str) -> None:
        self.wanted = wanted
        self.known = known
        self.changes = changes
        self.time_zone = time_zone
        self.ended: set[int] = set()

    def head(self, code: str, key: str) -> None:
        unit, person = self.changes.units.get(code), self.changes.people.get(key)
        head = self.known.head_of.get(unit.id) if unit else None
        if head and person and head.person_id == person.id:
            self.changes.heads_kept += 1
            return
        for place in [head, *self._places(code, key)]:
            if place:
                self._end(place)
        planned = self.known.next_head_on.get(unit.id) if unit else None
        self.changes.beginning.append(NewPlace(code, key, Part.HEAD, self._today(code), until=planned))

    def member(self, code: str, key: str) -> None:
        """A head who is not replaced, and a key user, are in the unit already."""
        if self._places(code, key):
            self.changes.members_kept += 1
        else:
            self.changes.beginning.append(NewPlace(code, key, Part.MEMBER, self._today(code)))

    def end_elsewhere(self, code: str, key: str) -> None:
        """Whoever the file places in this unit is no longer a member of another one of the same tree."""
        unit, person = self.changes.units.get(code), self.changes.people.get(key)
        for place in self.known.places_of.get(person.id, ()) if person else ():
            is_here = unit is not None and place.unit_id == unit.id
            in_tree = self.wanted.tree.holds(self.known.unit[place.unit_id].code)
            if place.part is Part.MEMBER and in_tree and not is_here:
                self._end(place)

    def _places(self, code: str, key: str) -> list[KnownPlace]:
        """The person's places in the unit that go on."""
        unit, person = self.changes.units.get(code), self.changes.people.get(key)
        if unit is None or person is None:
            return []
        held = self.known.places_of.get(person.id, ())
        return [place for place in held if place.unit_id == unit.id and place.id not in self.ended]

    def _end(self, place: KnownPlace) -> None:
        if place.id not in self.ended:
            self.ended.add(place.id)
            self.changes.ending.append((place, self.known.today_in(place.unit_id)))

    def _today(self, code: str) -> date:
        here = self.changes.units.get(code)
        zone = self.wanted.units[code].time_zone or (here.time_zone if here else self.time_zone)
        return self.known.today(zone)
