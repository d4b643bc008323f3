"""What stands around every page. A stand-in until the real one lands: no navigation, nobody signed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask

from models.person import Person


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    url: str
    icon: str
    label: str
    current: bool = False
    count: int | None = None
    main: bool = False


@dataclass(frozen=True)
class UnitLink:
    """One of a person's units, in the side bar."""

    url: str
    name: str
    icon: str | None = None
    note: str | None = None
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """All that base.html and lone.html read."""

    organisation: str
    person: Person | None = None
    nav: list[Place] = field(default_factory=list)
    tabs: list[Place] = field(default_factory=list)
    units_title: str = "Your units"
    units: list[UnitLink] = field(default_factory=list)
    demonstration: bool = False


def init_app(app: Flask) -> None:
    @app.context_processor
    def shell() -> dict[str, object]:
        return {"shell": Shell("Rapport")}
