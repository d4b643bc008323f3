"""Calendars read back by ical.js, which Thunderbird uses: what one library wrote, another must understand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).with_name("calendars")
HOW_TO_INSTALL = "ical.js needs Node: apt-get install nodejs npm"

Reader = Callable[[str], Any]


@pytest.fixture(scope="session")
def second_reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """``second_reader(text)``: what ical.js finds in a calendar, as tests/calendars/read.mjs tells it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO_INSTALL)
    folder = tmp_path_factory.mktemp("ical.js") / "calendars"
    shutil.copytree(FILES, folder)
    subprocess.run([npm, "ci", "--silent"], cwd=folder, check=True)

    def read(text: str) -> Any:
        done = subprocess.run(
            [node, "read.mjs"], cwd=folder, input=text.encode(), capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return read
