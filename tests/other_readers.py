"""Other people's programs that open what we make: left out where they are not installed, but never in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def wanted(command: str, package: str) -> str:
    """The path of the program. Without it the test is skipped; in CI it fails."""
    found = shutil.which(command)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"apt-get install {package}")
    return str(found)
