"""The one sentence in the reader's language: in English word for word that of the page, else the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.services import portfolio_sentence, words
from crm.services.languages import ENGLISH, Language
from crm.services.portfolio_sentence import BETTER, OTHERS, SLIPPING, Known, Lede


def of(known: Known, say: Language, today: date) -> Lede:
    """Of today, never of the past. Why it is so stands on the page: causes are told in English alone."""
    if say.code == ENGLISH or not known.total:
        return portfolio_sentence.of(known, today)
    rest = [*_slips(known, say), _others(known, say), _better(known, say)]
    return Lede(words.capital(_finding(known, say)), " ".join(sentence for sentence in rest if sentence))


def _finding(known: Known, say: Language) -> str:
    total = say.many("{n} relationship", "{n} relationships", known.total)
    if not known.needing:
        return say("none of {total} needs you today.", total=total)
    if known.needing == 1:
        return say("one of {total} needs you.", total=total)
    return say("{needing} of {total} need you.", needing=say.number(known.needing), total=total)


def _slips(known: Known, say: Language) -> list[str]:
    shown = known.slipping[:SLIPPING]
    first = [say("{name} is slipping, and that is not noise.", name=one.name) for one in shown[:1]]
    more = known.slipping_in_all - len(shown)
    rest = [say("{name} is slipping too.", name=one.name) for one in shown[1:]]
    if more > 0:
        rest.append(words.capital(say.many("{n} more is slipping.", "{n} more are slipping.", more)))
    return [*first, *rest]


def _others(known: Known, say: Language) -> str:
    """Who else needs a look, by name."""
    slipping = {one.unit_id for one in known.slipping}
    shown = [one.name for one in known.needs if one.unit_id not in slipping][:OTHERS]
    return _all_of(say, shown, known.needing - len(shown) - known.slipping_in_all, is_better=False)


def _better(known: Known, say: Language) -> str:
    shown = [one.name for one in known.better[:BETTER]]
    return _all_of(say, shown, known.better_in_all - len(shown), is_better=True)


def _all_of(say: Language, names: Sequence[str], more: int, *, is_better: bool) -> str:
    if not names:
        return ""
    whole = say.listed([*names, *([say.many("{n} more", "{n} more", more)] if more > 0 else [])])
    if len(names) == 1 and more <= 0:
        return say("{name} is clearly better.", name=whole) if is_better else say("{name} needs a look.", name=whole)
    return say("{names} are clearly better.", names=whole) if is_better else say("{names} need a look.", names=whole)
