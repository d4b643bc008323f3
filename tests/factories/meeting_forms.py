"""The form of a meeting as a browser sends it, and what stands in it when it comes back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.services import clock
from models import Meeting, MeetingKind
from tests.cast import Cast


def today() -> date:
    return clock.local_date(datetime.now(UTC), "Europe/Lisbon")


def the_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What a browser sends when little was typed: three blank actions, one blank request."""
    blank = {f"actions-{row}-{name}": "" for row in range(3) for name in ("text", "owner_id", "due_on")}
    return {
        "form_key": "a key",
        "review_id": "",
        "held_on": today().isoformat(),
        "kind": "touchpoint",
        "attendees": [str(cast.head.id), str(cast.rep.id)],
        "minutes": "Month-end went *well*.",
        "internal_notes": "",
        **blank,
        "requests-0-title": "",
        "requests-0-business_need": "",
        "requests-0-requester_id": "",
        "requests-0-kind": "standard",
        **changes,
    }


def log_path(cast: Cast) -> str:
    return f"/units/{cast.finance.id}/meetings/new"


def kept_meeting(session: Session, cast: Cast, **changes: Any) -> Meeting:
    columns = {
        "unit_id": cast.finance.id,
        "kind": MeetingKind.TOUCHPOINT,
        "held_on": today(),
        "logged_by_id": cast.rep.id,
    }
    meeting = Meeting(**{**columns, "minutes": "It went well.", "logged_at": datetime.now(UTC), **changes})
    session.add(meeting)
    session.commit()
    return meeting


def is_ticked(page: str, name: str, value: object) -> bool:
    found = re.search(rf'<input type="(?:checkbox|radio)"[^>]*name="{name}" value="{value}"[^>]*>', page)
    assert found, f"{name} {value} is not offered"
    return " checked" in found[0]


def chosen(page: str, name: str) -> str | None:
    select_element = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    assert select_element, f"no {name}"
    options: list[str] = re.findall(r"<option[^>]*>", select_element[1])
    values = [re.search(r'value="([^"]*)"', option) for option in options if " selected" in option]
    return values[0][1] if values and values[0] else None
