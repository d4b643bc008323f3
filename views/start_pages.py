"""The start pages of who has several roles, as links from one to the others."""

from __future__ import annotations

from flask import url_for

from crm.services import home
from models.person import Role
from views import access

WORDS = {
    Role.REP: "My units",
    Role.CIO: "The portfolio",
    Role.BUSINESS: "My IT",
    Role.ADMINISTRATOR: "Administration",
}

StartPage = tuple[str, str, bool, None]


def links(current: Role) -> list[StartPage]:
    """(text, address, whether it is this one, no count); none for who has one start page."""
    own = home.homes_of(access.signed_in().person)
    return [(WORDS[role], _address(role), role is current, None) for role in own] if len(own) > 1 else []


def _address(role: Role) -> str:
    return url_for("portfolio.index") if role is Role.CIO else f"{url_for('home.index')}?as={role.value}"
