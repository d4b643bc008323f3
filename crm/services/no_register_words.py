"""What the "No" register comes to, in one sentence made from its rows."""

from __future__ import annotations

from crm.services.no_register import Outcome
from crm.services.stretches import Stretch
from crm.stats.wilson import Share

#: What became of a refusal, as lists and filters call it.
OUTCOMES = {
    Outcome.ALTERNATIVE: "With what we offered",
    Outcome.ELSEWHERE: "Bought or done outside",
    Outcome.OURSELVES: "A tool of their own",
    Outcome.OUTSIDE: "Outside or their own tool",
    Outcome.WITHOUT: "Turned out not to matter",
    Outcome.STILL: "Still needed",
    Outcome.SILENT: "Asked, no answer yet",
    Outcome.AHEAD: "Not asked yet",
    Outcome.AGAIN: "Looked at again",
}


def finding(share: Share, stretch: Stretch | None) -> str:
    """ "Of 23 refusals in 2026 4 left without an alternative (17 %, between 7 and 37 %)." """
    when = f" in {stretch.words}" if stretch else ""
    if share.value is None or share.low is None or share.high is None:
        return f"Nothing was refused{when}."
    if share.n == 1:
        left = "without an alternative" if share.hits else "with an alternative"
        return f"The one refusal{when} left {left}."
    spread = f"between {_percent(share.low)} and {_percent(share.high)} %"
    if not share.hits:
        return f"Each of {share.n:,} refusals{when} left with an alternative (without: 0 %, {spread})."
    left = f"{share.hits:,} left without an alternative ({_percent(share.value)} %, {spread})"
    return f"Of {share.n:,} refusals{when} {left}."


def _percent(share: float) -> int:
    return int(100 * share + 0.5)
