"""Who is meant by "@mar": beginnings of names and full names, without regard to accents and case. Never a guess."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm.services.capture.characters import HIDDEN, tidy, words
from crm.services.capture.found import Named

NOBODY = "nobody"
ME = "me"
#: Choices offered with a question.
MOST_CHOICES = 6
#: Unknown names for which the nearest are looked up, per note.
MOST_LOOKED_UP = 12
_LONGEST_NAME = 120
_LONGEST_WORD = 60

_TOKEN = re.compile(r"\S+")
_AFTER_NAME = ".,;:!?)]}\"'’”»" + HIDDEN
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*)#([0-9]{1,9})$", re.DOTALL)
Words = tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """ "@mar" in a text, from ``start`` (its "@") to ``end``, and whom it may mean."""

    start: int
    end: int
    word: str
    people: tuple[Named, ...]
    is_nobody: bool = False

    @property
    def is_sure(self) -> bool:
        return self.is_nobody or len(self.people) == 1

    @property
    def person_id(self) -> int | None:
        return self.people[0].id if len(self.people) == 1 else None


class Names:
    """Everybody who may be meant, in an index: asking costs the same however many there are."""

    def __init__(self, people: Sequence[Named], me: int | None = None) -> None:
        self._people = people
        self._words = [words(one.name) for one in people]
        self._by_id = {one.id: place for place, one in enumerate(people)}
        self._me = self._by_id.get(me) if me is not None else None
        self._full: dict[Words, list[int]] = defaultdict(list)
        for place, name in enumerate(self._words):
            self._full[name].append(place)
        self._sorted = sorted((word, place) for place, name in enumerate(self._words) for word in set(name))
        self._longest = max([1, *map(len, self._words)])
        #: Beginnings of two words and more, which another word may follow.
        self._going_on = {name[:end] for name in self._full for end in range(2, len(name))}
        self._known: dict[Words, tuple[Named, ...]] = {}
        self._pairs: dict[str, list[int]] = {}
        self._looked_up = 0

    def at(self, folded: str, start: int, end: int) -> Mention | None:
        """The mention that begins with the "@" at ``start``, if there is one."""
        tokens = list(_tokens(folded, start + 1, min(end, start + _LONGEST_NAME), self._longest))
        if not tokens or folded[start + 1 : tokens[0][0]].strip(HIDDEN):
            return None
        for many in range(len(tokens), 1, -1):
            said = tuple(word for token in tokens[:many] for word in words(token[2]))
            if len(said) >= many and words(tokens[many - 1][2]) and said in self._full:
                return self._mention(folded, start, tokens[many - 1][1], self._in_full(said))
        return self._one_word(folded, start, *tokens[0][1:])

    def _one_word(self, folded: str, start: int, end: int, word: str) -> Mention | None:
        if len(word) > _LONGEST_WORD or not words(word):
            return None
        if words(word) == (NOBODY,):
            return Mention(start, end, word, (), is_nobody=True)
        return self._mention(folded, start, end, self.called(word))

    def _mention(self, folded: str, start: int, end: int, people: tuple[Named, ...]) -> Mention:
        return Mention(start, end, folded[start + 1 : end].replace(HIDDEN, ""), people)

    def called(self, name: str) -> tuple[Named, ...]:
        """Everybody who may be meant by this name or beginning of one. "#7" at its end tells namesakes apart."""
        numbered = _NUMBERED.match(name)
        if numbered and (place := self._by_id.get(int(numbered[2]))) is not None:
            return (self._people[place],) if _fits(words(numbered[1]), self._words[place]) else ()
        said = words(name)
        if said == (ME,) and self._me is not None:
            return (self._people[self._me],)
        if said not in self._known:
            self._known[said] = self._find(said)
        return self._known[said]

    def _find(self, said: Words) -> tuple[Named, ...]:
        if len(said) > 1 and said in self._full:
            return self._in_full(said)
        return tuple(self._people[place] for place in self._beginning(said)) if said else ()

    def _in_full(self, said: Words) -> tuple[Named, ...]:
        return tuple(self._people[place] for place in self._full[said])

    def _beginning(self, said: Words) -> list[int]:
        first = bisect_left(self._sorted, (said[0], -1))
        places = set()
        while first < len(self._sorted) and self._sorted[first][0].startswith(said[0]):
            places.add(self._sorted[first][1])
            first += 1
        return sorted(place for place in places if _fits(said, self._words[place]))

    def nearest(self, word: str) -> tuple[Named, ...]:
        """Whose names look most like this one."""
        self._looked_up += 1
        if self._looked_up > MOST_LOOKED_UP:
            return ()
        index = self._index_of_pairs()
        shared = Counter(place for pair in _pairs(words(word[:_LONGEST_WORD])) for place in index.get(pair, ()))
        best = sorted(shared, key=lambda place: (-shared[place], self._people[place].name, place))
        return tuple(self._people[place] for place in best[:MOST_CHOICES])

    def _index_of_pairs(self) -> dict[str, list[int]]:
        if not self._pairs:
            for place, name in enumerate(self._words):
                for pair in _pairs(name):
                    self._pairs.setdefault(pair, []).append(place)
        return self._pairs

    def written(self, person: Named) -> str:
        """The name that means this person and nobody else: "Mara Klein", or "mara.klein#7" where names clash."""
        own = self._words[self._by_id[person.id]]
        if (
            len(own) > 1
            and own not in self._going_on
            and self._full[own] == [self._by_id[person.id]]
            and _is_plain(person.name, own)
        ):
            return person.name
        return f"{'.'.join(own)}#{person.id}"

    def name_of(self, person_id: int) -> Named:
        return self._people[self._by_id[person_id]]


def _tokens(folded: str, start: int, end: int, most: int) -> Iterator[tuple[int, int, str]]:
    """Words as typed with their places, without what follows a name: "Klein," is Klein."""
    while start < end and folded[start] == HIDDEN:
        start += 1
    for count, found in enumerate(_TOKEN.finditer(folded, start, end)):
        if count == most or (count and "@" in found[0]):
            return
        word = found[0].rstrip(_AFTER_NAME)
        word = _POSSESSIVE.sub("", word)
        yield found.start(), found.start() + len(word), word


def _fits(said: Words, name: Words) -> bool:
    """Whether each word said begins a word of the name, in order: "m.klein" fits Mara Klein."""
    rest = iter(name)
    return all(any(word.startswith(part) for word in rest) for part in said)


def _pairs(name: Words) -> set[str]:
    return {word[at : at + 2] for word in name for at in range(max(len(word) - 1, 1))} | {f"^{w[0]}" for w in name}


def _is_plain(name: str, own: Words) -> bool:
    """Whether the name, typed as it is, reads as itself."""
    tokens = list(_tokens(name, 0, len(name), len(own) + 1))
    said = tuple(word for token in tokens for word in words(token[2]))
    reads = said == own and all(words(token[2]) for token in tokens) and tokens[-1][1] == len(name)
    return reads and name == tidy(name) and not {":", "@"} & set(name)
