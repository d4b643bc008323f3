"""Which minutes the unit may read, in which version, and what those who were there said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.services.demo.deck import Deck
from crm.services.demo.era import Era, office_hour
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.secrets import hashed
from models.minutes import MinutesReply, MinutesVersion, Reply

#: Minutes of so many days may wait to be shared; a few were corrected the day after.
LATELY = timedelta(days=14)
UNSHARED, CORRECTED, CONFIRMS = 0.55, 0.04, 0.75
TOKEN_BYTES = 32
REASONS = (
    "The last point was missing.",
    "Added what was said at the end.",
    "The end had not been saved.",
    "The last lines were in my notebook only.",
)


@dataclass(frozen=True)
class Draft:
    """Minutes as written, before they are anywhere."""

    text: str
    on: date
    lead: Known
    logged_at: datetime


class Sharing:
    """Shares one unit's minutes, one meeting after the other."""

    def __init__(self, rows: Rows, unit: Unit, era: Era) -> None:
        self._rows, self._unit, self._era = rows, unit, era
        self._rng = unit.chance("sharing")
        self._reasons = Deck(self._rng, REASONS)

    def versions(self, draft: Draft) -> int:
        """How many versions there will be: mostly one."""
        waits, corrected = self._rng.random() < UNSHARED, self._rng.random() < CORRECTED
        if draft.on + LATELY > self._era.today and waits and not self._unit.story.objection:
            return 0
        return 2 if corrected and "\n\n" in draft.text and draft.on < self._era.ago(1) else 1

    def share(self, meeting_id: int, draft: Draft, versions: int) -> int:
        """The id of the newest version, 0 where there is none."""
        newest = 0
        for number in range(1, versions + 1):
            is_last = number == versions
            later = self._era.instant(draft.on + timedelta(days=1), office_hour(self._rng), self._unit.zone)
            newest = self._rows.add(
                MinutesVersion,
                meeting_id=meeting_id,
                unit_id=self._unit.id,
                number=number,
                text=draft.text if is_last else draft.text.rpartition("\n\n")[0],
                reason="" if number == 1 else self._reasons.draw(),
                shared_at=draft.logged_at if number == 1 else later,
                shared_by_id=draft.lead.id,
            )
        return newest

    def ask(self, version_id: int, draft: Draft, present: Sequence[Known]) -> None:
        """Those who were there and have an address: mostly they confirm."""
        for who in present:
            if who.email and who.email in self._of_the_business(draft.on):
                self._reply(version_id, draft, who)

    def _of_the_business(self, day: date) -> set[str | None]:
        return {who.email for who in (self._unit.head(day), *self._unit.users)}

    def _reply(self, version_id: int, draft: Draft, who: Known) -> None:
        confirms, token = self._rng.random() < CONFIRMS, self._rng.randbytes(TOKEN_BYTES).hex()
        later = draft.on + timedelta(days=self._rng.randint(1, 3))
        objects = bool(self._unit.story.objection) and who is self._unit.users[0]
        replied = objects or (confirms and later < self._era.today)
        answer = Reply.OBJECTED if objects else Reply.CONFIRMED
        self._rows.add(
            MinutesReply,
            version_id=version_id,
            person_id=who.id,
            token_hash=hashed(token),
            reply=answer if replied else Reply.WAITING,
            said=self._unit.story.objection if objects else "",
            replied_at=self._era.instant(later, office_hour(self._rng), self._unit.zone) if replied else None,
        )
