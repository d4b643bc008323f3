"""What an address says behind its question mark."""

from __future__ import annotations

from flask import request


def chosen_id(name: str) -> int | None:
    """The id of a row; None for anything else."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def back_or(default: str) -> str:
    """Where to go after a button that stands on several pages: ``?back=``, when it is a path of this application."""
    path = request.args.get("back", "")
    return path if is_own_path(path) else default


def is_own_path(path: str) -> bool:
    """Whether it is a path of this application, and not an address elsewhere."""
    return path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
