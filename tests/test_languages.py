"""Every sentence that mail says stands in every language, with the same facts in it."""

from __future__ import annotations

import ast
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from crm import paths
from crm.services import languages

CODES = [language.code for language in languages.known() if language.code != languages.ENGLISH]


@dataclass(frozen=True)
class Said:
    """One place in the code that says something."""

    where: str
    sentence: str
    many: str = ""
    facts: frozenset[str] = frozenset()
    #: Its facts are given elsewhere.
    is_later: bool = False


def said() -> Iterator[Said]:
    """All ``say("…")``, ``say.many("…", "…", n)`` and ``later("…")``."""
    for package in ("crm", "views"):
        for file in sorted((paths.ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call):
                    yield from _of_call(node, f"{file.relative_to(paths.ROOT)}:{node.lineno}")
    yield from _of_templates()


def _of_templates() -> Iterator[Said]:
    for file in sorted(paths.TEMPLATES.rglob("*.html")):
        if "say(" in (source := file.read_text()):
            for call in Environment(extensions=["jinja2.ext.do"]).parse(source).find_all(nodes.Call):
                if (
                    isinstance(call.node, nodes.Name)
                    and call.node.name == "say"
                    and isinstance(call.args[0], nodes.Const)
                ):
                    facts = frozenset(word.key for word in call.kwargs)
                    yield Said(f"{file.relative_to(paths.ROOT)}:{call.lineno}", call.args[0].value, facts=facts)


def _of_call(call: ast.Call, where: str) -> Iterator[Said]:
    name = ast.unparse(call.func)
    # In languages.py itself a language says its own sentences.
    is_say = name == "say" or name.endswith(".say") or (name == "self" and "languages.py" in where)
    is_many = name in ("say.many", "self.say.many")
    if not (is_say or is_many or name == "later"):
        return
    assert not isinstance(call.args[0], ast.JoinedStr), f"{where}: an f-string is in no catalogue"
    chosen = call.args[0]
    if isinstance(chosen, ast.IfExp):  # say("…" if … else "…")
        for one in (chosen.body, chosen.orelse):
            yield from _of_call(ast.Call(call.func, [one, *call.args[1:]], call.keywords), where)
        return
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    facts = {str(word.arg) for word in call.keywords} | ({"n"} if is_many else set())
    is_elsewhere = name == "later" or any(word.arg is None for word in call.keywords)  # say("…", **facts)
    if texts:
        yield Said(where, texts[0], texts[1] if is_many else "", frozenset(facts), is_elsewhere)


SAID = list(said())


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def said_in(string: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The forms of an entry."""
    return [string] if isinstance(string, str) else list(string or ())


def test_what_is_said_is_found() -> None:
    assert {"twelve", "{given_name},", "{day}, {time} ({place})"} <= {place.sentence for place in SAID}


@pytest.mark.parametrize("place", SAID, ids=lambda place: place.sentence[:40])
def test_each_sentence_is_given_its_facts(place: Said) -> None:
    if not place.is_later:
        assert fields(place.sentence) | fields(place.many) <= place.facts, place.where


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_stands_in_the_catalogue_with_the_same_facts(code: str) -> None:
    with (paths.LANGUAGES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    missing = []
    for place in SAID:
        found = catalogue.get(place.sentence)
        texts = said_in(found.string) if found else []
        if found is None or found.fuzzy or not all(texts) or bool(place.many) != isinstance(found.id, tuple):
            missing.append(f"{place.where}: {place.sentence!r}")
            continue
        allowed = fields(place.sentence) if place.is_later else place.facts
        assert set().union(*map(fields, texts)) <= allowed, f"{place.where}: {texts} says more than it is told"
        dropped = fields(place.sentence) - {"given_name"} - set().union(*map(fields, texts))
        assert not dropped, f"{place.where}: {texts} leaves out {dropped}"
        if place.many:
            assert found.id == (place.sentence, place.many), place.where
    assert not missing, f"{code}.po lacks:\n" + "\n".join(missing)


@pytest.mark.parametrize("code", CODES)
def test_the_catalogue_holds_nothing_twice_and_nothing_that_is_not_said(code: str) -> None:
    text = (paths.LANGUAGES / f"{code}.po").read_text()
    ids = Counter(line for line in text.splitlines() if line.startswith("msgid ") and line != 'msgid ""')
    assert [line for line, times in ids.items() if times > 1] == []
    with (paths.LANGUAGES / f"{code}.po").open("rb") as file:
        kept = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_po(file, locale=code)}
    assert sorted(kept - {""} - {place.sentence for place in SAID}) == []
