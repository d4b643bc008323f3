"""Branches of the tree of units."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Select, literal, select

from models.unit import BusinessUnit


@lru_cache(maxsize=1000)
def branch(root_id: int) -> Select[tuple[int]]:
    """A unit and all below it. The same object each time, so that a statement may ask for it in several places."""
    own = select(literal(root_id).label("id")).cte("branch", recursive=True)
    below = own.union(select(BusinessUnit.id).join(own, BusinessUnit.parent_id == own.c.id))
    return select(below.c.id)
