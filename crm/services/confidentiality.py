"""What may be shown of a round: named answers always; of a group that was promised to stay unknown, only enough."""

from __future__ import annotations

from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM
from models.rating import Confidentiality


def shows_score(confidentiality: Confidentiality, answers: int) -> bool:
    """Whether the score may be shown."""
    return confidentiality is Confidentiality.NAMED or answers >= SCORES_FROM


def shows_comments(confidentiality: Confidentiality, answers: int) -> bool:
    """Whether comments may be shown."""
    return confidentiality is Confidentiality.NAMED or answers >= COMMENTS_FROM


def shows_names(confidentiality: Confidentiality) -> bool:
    """Whether it may be said who answered what."""
    return confidentiality is Confidentiality.NAMED
