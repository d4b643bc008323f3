"""Statements that are put together once: to say a long question in SQL costs more than the answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from sqlalchemy import Integer, bindparam

from models.base import UtcDateTime

Told = ParamSpec("Told")
Statement = TypeVar("Statement")
#: So many of each kind are kept: the people of one morning.
KEPT = 128
#: The moment of asking, which is another with each request: told when the statement is run.
NOW = bindparam("now", type_=UtcDateTime())
#: One unit of thousands, one person of many: told when the statement is run, too.
UNIT = bindparam("unit", type_=Integer())
PERSON = bindparam("person", type_=Integer())


def put_together_once(make: Callable[Told, Statement]) -> Callable[Told, Statement]:
    """The same statement for the same question. ``make`` reads nothing but its arguments, which are hashable or have a
    ``sight``: all of them, by value, that it may read. What is kept is the question, never an answer."""
    kept: Callable[Told, Statement] = cached(LRUCache(KEPT), key=_question, lock=Lock())(make)
    return kept


def _question(*told: Any, **named: Any) -> Hashable:
    return hashkey(*map(_sight, told), **{name: _sight(one) for name, one in named.items()})


def _sight(told: Any) -> Any:
    return getattr(told, "sight", told)
