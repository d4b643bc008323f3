"""Rapport: the relationship CRM for the account managers of internal IT."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from crm.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, made from the given settings or from the environment."""
    from crm.app import build_app

    return build_app(settings)
