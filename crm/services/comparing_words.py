"""What a comparison says first: the finding, then who stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.services import words
from crm.services.comparing import Compared, Heard, Line, Periods, Show, Wanted
from crm.services.comparing.wanted import in_words
from crm.services.tallies import Tally

#: How many are named.
NAMED = 3


@dataclass(frozen=True)
class Lede:
    """The sentence under the title."""

    finding: str
    rest: str


def of_lines(found: Compared, show: Show, wanted: Wanted) -> Lede:
    """ "Finance really fell; none of 12 units rose." """
    one = {Show.UNITS: "unit", Show.SERVICES: "service", Show.REPS: "rep"}[show]
    if not found.together.n:
        return Lede(f"Nothing was said in {wanted.when}.", "")
    rest = f"{words.capital(in_words(wanted))}. {_together(found.together)}"
    if not found.fell and not found.rose:
        return Lede("No change that is real." if show is Show.REPS else f"No {one} really changed.", rest)
    of = "the units of " if show is Show.REPS else ""
    moved = [_moved(found.fell, "fell", of), _moved(found.rose, "rose", of)]
    return Lede(f"{words.capital('; '.join(part for part in moved if part))}.", rest)


def _moved(lines: Sequence[Line], how: str, of: str) -> str:
    """ "Finance and Legal really fell"."""
    if not lines:
        return ""
    names = [line.name for line in lines[:NAMED]]
    more = len(lines) - len(names)
    return f"{of}{words.listed([*names, f'{words.number(more)} more'] if more else names)} really {how}"


def of_periods(found: Periods, wanted: Wanted) -> Lede:
    if found.chart is None:
        return Lede(f"Nothing was said in {wanted.when}.", "")
    verdict = found.chart.verdict
    return Lede(f"{verdict.finding}.", f"{words.capital(wanted.when)}. {_together(found.together)}")


def of_responses(found: Heard, wanted: Wanted) -> Lede:
    share = found.together
    if share.value is None:
        return Lede(f"Nobody was asked in {wanted.when}.", "")
    finding = f"{share.hits:,} of {share.n:,} asked answered: {round(100 * share.value)} %."
    return Lede(finding, f"{words.capital(wanted.when)}, in rounds that have closed. Those least heard come first.")


def _together(tally: Tally) -> str:
    return f"Together {tally.told().sentence}."
