"""The content of a pack as JSON and back again, so that each form of it says the same for ever."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from crm.documents import content
from crm.documents.content import Pack
from models.base import Json

#: Which block it is, where there are several.
KIND = "block"
BLOCKS: dict[str, type] = {block.__name__: block for block in get_args(content.Block)}


def to_json(pack: Pack) -> Json:
    return cast(Json, _told(pack))


def from_json(kept: Json) -> Pack:
    """Of what :func:`to_json` gave; what a later version added has its default."""
    return cast(Pack, _read(Pack, kept))


def _told(value: Any) -> Any:
    if is_dataclass(value):
        told = {field.name: _told(getattr(value, field.name)) for field in fields(value)}
        return {KIND: type(value).__name__, **told} if type(value).__name__ in BLOCKS else told
    if isinstance(value, tuple):
        return [_told(part) for part in value]
    return value.value if isinstance(value, StrEnum) else value


def _read(kind: Any, told: Any) -> Any:
    """A value of this type."""
    if kind == content.Block:
        return _read(BLOCKS[told[KIND]], told)
    if get_origin(kind) in (Union, types.UnionType):
        rest = next(part for part in get_args(kind) if part is not type(None))
        return None if told is None else _read(rest, told)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in told)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], value) for name, value in told.items() if name in hints})
    return kind(told)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
