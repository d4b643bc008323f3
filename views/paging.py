"""Which page of a list an address asks for."""

from __future__ import annotations

from flask import request

LAST = 100_000


def page_number() -> int:
    """``?page=``, from 1; anything else is the first page."""
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= LAST else 1
