"""A share of things, such as requests refused, as it may be shown: never without how many, and its range."""

from __future__ import annotations

from crm.stats.scale import PERCENT
from crm.stats.wilson import Share

#: Of fewer things no share is told.
LEAST = 5
TOO_FEW = "too few to tell"


def is_told(share: Share) -> bool:
    return share.n >= LEAST


def percent(share: Share) -> float | None:
    """0 to 100; None where there are too few."""
    return 100 * share.value if share.value is not None and is_told(share) else None


def text(share: Share) -> str:
    """ "15 %", or "?" of too few."""
    value = percent(share)
    return "?" if value is None else PERCENT.text(value)


def behind(share: Share) -> str:
    """What stands beside it: "12 of 80, 9–24 %"; "1 of 3: too few to tell"; "none so far"."""
    if not share.n:
        return "none so far"
    return f"{share.hits:,} of {share.n:,}{span(share)}"


def span(share: Share) -> str:
    """The range alone: ", 9–24 %"; ": too few to tell"."""
    if not is_told(share) or share.low is None or share.high is None:
        return f": {TOO_FEW}"
    return f", {PERCENT.span(100 * share.low, 100 * share.high)}"
