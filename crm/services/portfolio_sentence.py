"""The one sentence that stands first: what needs you, and what changed for real. Made from facts alone.

The page, the weekly mail and the board pack say it in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crm.services import words

#: So many are named of what slips, of what else needs a look, and of what is better.
SLIPPING, OTHERS, BETTER = 2, 2, 2


@dataclass(frozen=True)
class Lede:
    """The finding, which is bold, then why."""

    finding: str
    rest: str

    @property
    def text(self) -> str:
        return f"{self.finding} {self.rest}".strip()


@dataclass(frozen=True)
class Signal:
    """A relationship that goes one way for real. ``because``: what moved it, the most first, as said in passing."""

    unit_id: int
    name: str
    because: Sequence[str] = field(default_factory=tuple)
    #: Whether it began with the newest week.
    is_new: bool = False


@dataclass(frozen=True)
class Need:
    """A relationship that needs attention; ``said`` follows its name: "has had no rep since 1 October"."""

    unit_id: int
    name: str
    said: str


@dataclass(frozen=True)
class Known:
    """All that the sentence is made of. ``slipping`` and ``better`` hold the first of as many as are counted."""

    total: int
    #: How many need you, those that slip among them.
    needing: int
    slipping: Sequence[Signal] = field(default_factory=tuple)
    slipping_in_all: int = 0
    needs: Sequence[Need] = field(default_factory=tuple)
    better: Sequence[Signal] = field(default_factory=tuple)
    better_in_all: int = 0
    #: A relationship whose last rating rose, when nothing is better for real.
    rated_higher: Need | None = None
    #: Whether relationships were left out.
    is_part: bool = False
    #: The day of the past it is about: what needs attention is known of today alone.
    past: date | None = None


def of(known: Known, today: date) -> Lede:
    """The sentence; never empty."""
    if not known.total:
        return Lede("No relationship is here yet." if not known.is_part else "No relationship matches.", "")
    rest = [_slips(known), *_named(known), _improves(known), _higher(known)]
    return Lede(_finding(known, today), " ".join(sentence for sentence in rest if sentence))


def _finding(known: Known, today: date) -> str:
    here = " here" if known.is_part else ""
    everyone = words.counted(known.total, "relationship")
    if known.past:
        return _then(known, f"{everyone}{here}", words.day(known.past, today))
    if known.total == 1:
        return f"The only relationship here needs {'you' if known.needing else 'nothing from you'} today."
    if not known.needing:
        return words.capital(f"none of {everyone}{here} needs you today.")
    if known.needing == known.total:
        return words.capital(f"all {everyone}{here} need you.")
    need = "needs" if known.needing == 1 else "need"
    return words.capital(f"{words.number(known.needing)} of {everyone}{here} {need} you.")


def _then(known: Known, everyone: str, day: str) -> str:
    if known.total == 1:
        return f"On {day} the only relationship here was {'slipping' if known.slipping_in_all else 'not slipping'}."
    if not known.slipping_in_all:
        return f"On {day} none of {everyone} was slipping."
    was = "was" if known.slipping_in_all == 1 else "were"
    return f"On {day} {words.number(known.slipping_in_all)} of {everyone} {was} slipping."


def _slips(known: Known) -> str:
    shown = known.slipping[:SLIPPING]
    if not shown:
        return ""
    more = known.slipping_in_all - len(shown)
    said = [_slip(shown[0], known)]
    said += [
        f"{one.name} {'was' if known.past else 'is'} slipping too{'' if more else _because(one)}." for one in shown[1:]
    ]
    if more > 0:
        said.append(words.capital(f"{words.number(more)} more {_be(more, known)} slipping."))
    return " ".join(said)


def _slip(one: Signal, known: Known) -> str:
    if known.past:
        return f"{one.name} was slipping{_because(one)}."
    begun = "has begun to slip this week" if one.is_new else "is slipping"
    return f"{one.name} {begun}, and that is not noise{_because(one)}."


def _be(many: int, known: Known) -> str:
    if known.past:
        return "was" if many == 1 else "were"
    return "is" if many == 1 else "are"


def _because(one: Signal) -> str:
    return f": {one.because[0]}" if one.because else ""


def lower(cause: str) -> str:
    """As it goes on inside a sentence: a small letter, unless the word is a name or a quotation."""
    return cause[:1].lower() + cause[1:]


def _named(known: Known) -> Sequence[str]:
    """Who else needs a look: each a sentence, and how many more there are."""
    if known.past:
        return ()
    slipping = {one.unit_id for one in known.slipping}
    others = [one for one in known.needs if one.unit_id not in slipping]
    shown = others[:OTHERS]
    said = [f"{one.name} {one.said}." for one in shown]
    more = known.needing - len(shown) - known.slipping_in_all
    if shown and more > 0:
        said.append(words.capital(f"{words.number(more)} more {'needs' if more == 1 else 'need'} a look."))
    return said


def _improves(known: Known) -> str:
    shown = known.better[:BETTER]
    if not shown:
        return ""
    more = known.better_in_all - len(shown)
    names = [one.name for one in shown] + ([f"{words.number(more)} more"] if more > 0 else [])
    many = 1 if known.better_in_all == 1 else len(names)
    return f"{words.listed(names)} {_be(many, known)} clearly better."


def _higher(known: Known) -> str:
    if known.better or known.rated_higher is None or known.past:
        return ""
    return f"{known.rated_higher.name} {known.rated_higher.said}."
