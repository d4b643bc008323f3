"""Which column means what: guessed from the words of the header, unless somebody said so."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from crm.errors import Invalid

#: From this share of common letters on, a header may be a known word misspelt. "haed" and "head" have 0.75.
ALIKE = 0.75


class Kind(enum.StrEnum):
    """What a file lists."""

    UNITS = "units"
    PERSONNEL = "personnel"


@dataclass(frozen=True)
class Meaning:
    """What a column can say. ``words``: headers that say it, in small letters without punctuation."""

    key: str
    label: str
    required: bool
    words: frozenset[str]


def _meaning(key: str, label: str, words: str, *, required: bool = False) -> Meaning:
    return Meaning(key, label, required, frozenset(words.split(", ")))


MEANINGS: dict[Kind, tuple[Meaning, ...]] = {
    Kind.UNITS: (
        _meaning(
            "code",
            "Unit code",
            "code, unit code, id, unit id, key, unit key, number, unit number, org code, org unit code, org id, "
            "organisation code, organization code, department code, department id, business unit code, short name",
            required=True,
        ),
        _meaning(
            "name",
            "Unit name",
            "name, unit, unit name, business unit, business unit name, department, department name, division, "
            "organisation, organization, organisation name, organization name, org unit, org unit name, title",
            required=True,
        ),
        _meaning(
            "parent",
            "Code of the unit above",
            "parent, parent code, parent id, parent key, parent unit, parent unit code, parent unit id, parent number, "
            "parent department, parent organisation, parent organization, belongs to, above, unit above, "
            "code of the unit above, superior unit",
        ),
        _meaning(
            "head",
            "Head's name",
            "head, heads name, head name, head of unit, unit head, name of head, manager, manager name, unit manager, "
            "head of department, department head, director",
        ),
        _meaning(
            "head_email",
            "Head's e-mail",
            "heads email, head email, email, mail, email address, email of head, manager email, heads email address, "
            "head mail, heads mail, unit head email, director email",
        ),
        _meaning("time_zone", "Time zone", "time zone, timezone, tz, zone"),
    ),
    Kind.PERSONNEL: (
        _meaning(
            "id",
            "Person's or post's id",
            "id, post id, person id, position id, employee id, staff id, personnel id, worker id, user id, key, "
            "personnel number, employee number, staff number, post number, position number, person number, "
            "unique id, post unique reference, employee no, personnel no, emp id",
            required=True,
        ),
        _meaning(
            "superior",
            "Reports to (id)",
            "parent id, reports to, reports to id, reports to post, reports to senior post, manager id, supervisor id, "
            "superior, superior id, line manager id, line manager, manager, supervisor, parent, parent post, "
            "parent post id, manager number, supervisor number, manager employee id, reports to employee id, "
            "reports to position id, boss id",
            required=True,
        ),
        _meaning(
            "unit",
            "Unit",
            "unit, unit name, business unit, department, division, organisation unit, organization unit, org unit, "
            "organisational unit, organizational unit, team, department name, business unit name, directorate",
            required=True,
        ),
        _meaning("job_title", "Job title", "job title, title, position, post, post title, position title, role, job"),
        _meaning(
            "name",
            "Name",
            "name, full name, person, employee, employee name, person name, display name, worker, worker name, "
            "name of post holder, post holder, holder, staff name",
        ),
        _meaning("email", "E-mail", "email, mail, email address, work email, business email, contact email"),
    ),
}


@dataclass(frozen=True)
class Columns:
    """Where each meaning is found: its place in a row, from 0."""

    kind: Kind
    places: Mapping[str, int]

    def has(self, key: str) -> bool:
        return key in self.places


@dataclass(frozen=True)
class Guess:
    """What the header seems to say. ``doubtful``: meanings that several columns could have; nothing is taken then."""

    kind: Kind
    chosen: dict[str, str]
    doubtful: dict[str, list[str]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Meaning]:
        return [meaning for meaning in MEANINGS[self.kind] if meaning.required and meaning.key not in self.chosen]


def words(header: str) -> str:
    """A header's words: "parentId", "PARENT_ID" and "Parent-ID" are all "parent id"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header.replace("’", "'").replace("'", ""))
    plain = " ".join(re.sub(r"[\W_]+", " ", spaced).casefold().split())
    return re.sub(r"\be mail\b", "email", plain)


def kind_of(header: tuple[str, ...]) -> Kind:
    """A personnel list says who reports to whom, and in which unit; anything else is taken as a list of units."""
    guess = guess_columns(header, Kind.PERSONNEL)
    found = guess.chosen.keys() | guess.doubtful.keys()
    is_personnel = {"id", "superior", "unit"} <= found and bool({"name", "job_title"} & found)
    return Kind.PERSONNEL if is_personnel else Kind.UNITS


def guess_columns(header: tuple[str, ...], kind: Kind) -> Guess:
    """Each header has one meaning at most; a meaning that two headers could have is asked, never guessed."""
    chosen: dict[str, str] = {}
    doubtful: dict[str, list[str]] = {}
    for meaning in MEANINGS[kind]:
        candidates = [name for name in header if words(name) in meaning.words]
        if len(candidates) == 1:
            chosen[meaning.key] = candidates[0]
        elif candidates:
            doubtful[meaning.key] = candidates
    return Guess(kind, chosen, doubtful, _unused(header, chosen))


def resolve(header: tuple[str, ...], kind: Kind, said: Mapping[str, str]) -> tuple[Columns, list[str]]:
    """The columns to read, and the headers that are not used. What was said wins over what is guessed.

    ``said``: meaning -> header, "" for "none". Raises Invalid(meaning, why) for what has to be asked.
    """
    for key in said:
        if key not in {meaning.key for meaning in MEANINGS[kind]}:
            known = ", ".join(meaning.key for meaning in MEANINGS[kind])
            raise Invalid("columns", f"Nothing in a list of {kind} is called “{key}”; these are: {known}.")
    spoken_for = {key: _own_spelling(header, key, name) for key, name in said.items() if name}
    guess = guess_columns(tuple(name for name in header if name not in spoken_for.values()), kind)
    chosen = spoken_for | {key: name for key, name in guess.chosen.items() if key not in said}
    for key, candidates in guess.doubtful.items():
        if key not in said:
            raise Invalid(key, f"{_listed(candidates)} could each be this. Say which.")
    for meaning in MEANINGS[kind]:
        if meaning.required and meaning.key not in chosen:
            raise Invalid(meaning.key, f"Say which column holds this: {meaning.label[0].lower()}{meaning.label[1:]}.")
    _refuse_double_use(kind, chosen)
    places = {key: header.index(name) for key, name in chosen.items()}
    return Columns(kind, places), _unused(header, chosen)


def misspelt(columns: Columns, unused: list[str]) -> dict[str, str]:
    """Unused headers that are nearly a word for something not found yet: header -> that word."""
    known = [
        word for meaning in MEANINGS[columns.kind] if not columns.has(meaning.key) for word in sorted(meaning.words)
    ]
    likely = {name: _most_alike(words(name), known) for name in unused if words(name) not in known}
    return {name: word for name, word in likely.items() if word}


def _most_alike(said: str, known: list[str]) -> str:
    shares = {word: SequenceMatcher(None, said, word).ratio() for word in known}
    best = max(shares, key=shares.__getitem__, default="")
    return best if shares.get(best, 0) >= ALIKE else ""


def _own_spelling(header: tuple[str, ...], key: str, name: str) -> str:
    for own in header:
        if own.casefold() == " ".join(name.split()).casefold():
            return own
    raise Invalid(key, f"The header has no column “{name}”.")


def _refuse_double_use(kind: Kind, chosen: dict[str, str]) -> None:
    used: dict[str, str] = {}
    known = {meaning.key: meaning for meaning in MEANINGS[kind]}
    for key, name in chosen.items():
        if name in used:
            raise Invalid(key, f"The column “{name}” is already the {known[used[name]].label.lower()}.")
        used[name] = key


def _unused(header: tuple[str, ...], chosen: Mapping[str, str]) -> list[str]:
    taken = set(chosen.values())
    return [name for name in header if name not in taken]


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]
