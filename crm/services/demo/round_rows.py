"""Rows of rounds, links and answers, with what is usual in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.services import asking
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from models.question import Instrument
from models.rating import Audience, Confidentiality, Invitation, Response, Round
from models.unit import BusinessUnit


def add_round(rows: Rows, unit: Unit, opened_at: datetime, **differs: Any) -> int:
    """A round by name, of head and key users, unless told otherwise."""
    usual = {
        "unit_id": unit.id,
        "instrument": Instrument.PULSE,
        "set_id": None,
        "audience": Audience.PEOPLE,
        "occasion": None,
        "project_id": None,
        "confidentiality": Confidentiality.NAMED,
        "scores_shown": True,
        "comments_shown": True,
        "is_settled": False,
        "scores_from": 1,
        "comments_from": 1,
        "opened_at": opened_at,
        "closes_at": asking.closing(row_of(unit), opened_at),
        "asked_by_id": None,
    }
    return rows.add(Round, **(usual | differs))


def row_of(unit: Unit) -> BusinessUnit:
    """The unit as the rest of the application knows it; of no session."""
    return BusinessUnit(name=unit.name, time_zone=unit.time_zone)


def add_invitation(rows: Rows, round_id: int, who: Known, token_hash: str, *, is_used: bool = False) -> int:
    """``is_used``: of a round without links from answer to person."""
    return rows.add(Invitation, round_id=round_id, person_id=who.id, token_hash=token_hash, is_used=is_used)


def add_response(rows: Rows, unit: Unit, round_id: int, **differs: Any) -> int:
    usual = {"invitation_id": None, "comment": "", "corrected_at": None}
    return rows.add(Response, round_id=round_id, unit_id=unit.id, **(usual | differs))
