"""The words of a text that say what it is about, in English and German, cut down to what their forms have in common."""

from __future__ import annotations

import re
import unicodedata

#: So many words say what a text is about; a word is told by so many letters.
MOST, LONGEST = 12, 30
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(r"(?<=\w{4})(ungen|ung|ings|ing|en|es|ed|e|n|s)$")
#: Words that every text holds; of one letter or two they are left out anyway.
_ENGLISH = """
    able about after again all already also always and any anybody are ask asked asks back because been before being
    between both but can cannot could did does done each else even ever every everybody few first for from get gets
    give given gives goes good had has have help her here him his how however into its just keep know last less like
    long look made make makes many may might more most much must need needed needs never new next nobody not nothing
    now off often once one only other our out over own per please put same see several she should since some
    somebody something still such take takes than that the their them then there these they thing things this those
    three time too two under until use used uses using very want wanted wants was way well were what when where
    whether which while who whole why will wish with without work would year yet you your
"""
_GERMAN = """
    aber alle allem allen aller alles als also andere anderen auch auf aus bei beim bereits bis bitte brauche
    brauchen braucht dabei damit dann darf das dass dem den denn der des deshalb die dies diese diesem diesen dieser
    dieses doch dort durch ein eine einem einen einer eines etwas euch euer fehlt fur gegen gibt haben hat hatte
    heute hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ist jede jedem jeden jeder jedes jetzt kann kein
    keine keinem keinen keiner konnen konnte konnten machen macht man mehr mein meine mich mir mit mochte mochten
    mussen muss nach neu neue neuen nicht nichts noch nun nur oder ohne schon sehr sein seine seit selbst sich sie
    sind soll sollen sollte sollten sondern sonst uber und uns unser unsere unserem unseren unserer unter viel viele
    vom von vor war waren warum was weil welche wenn wer werden wie wieder will wir wird wollen wunsch wunschen
    wurde wurden zum zur zwei zwischen
"""
_STOPPED = frozenset((_ENGLISH + _GERMAN).split())


def _latin(start: int, end: int) -> dict[int, str]:
    plain = {code: unicodedata.normalize("NFKD", chr(code))[0] for code in range(start, end)}
    return {code: letter for code, letter in plain.items() if letter.isascii() and letter.isalpha()}


#: The same letters as in migration 0024: marks do not matter.
_LETTERS = _latin(0xC0, 0x250) | _latin(0x1E00, 0x1F00)


def words(text: str) -> list[str]:
    """All of them, in small letters without marks: letters and digits only, whatever was typed between them."""
    composed = unicodedata.normalize("NFC", text).translate(_LETTERS).lower()
    return [word[:LONGEST] for word in _WORD.findall(composed)]


def stem(word: str) -> str:
    """What the word has in common with its other forms: "reports" and "reporting" are "report"."""
    return _ENDINGS.sub("", word)


def telling(text: str) -> list[str]:
    """The stems of the first words that say what the text is about, each once: "We need a report" is about "report"."""
    said = (stem(word) for word in words(text[:5000]) if len(word) > 2 and word not in _STOPPED)
    return list(dict.fromkeys(said))[:MOST]
