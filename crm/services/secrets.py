"""Long random values for links and sessions: given out once, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, as text that fits into an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored. The token has so much chance in it that a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
