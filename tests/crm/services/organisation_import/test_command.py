"""The command that loads an organisation: what it says when a column has to be said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from crm.cli import group
from crm.maker import Maker


@pytest.mark.parametrize(
    ("header", "ending"),
    [("code,label", "unit name. --column name=HEADER"), ("code,unit,name", "Say which. --column name=HEADER")],
)
def test_a_column_to_be_said_is_answered_by_an_option_that_the_message_names(
    app: Flask, tmp_path: Path, header: str, ending: str
) -> None:
    file = tmp_path / "units.csv"
    file.write_text(header + "\n1,A" + ",B" * (header.count(",") - 1) + "\n", encoding="utf-8")
    result = CliRunner().invoke(group, ["import", "organisation", str(file)], obj=Maker(lambda _: app))
    assert result.exit_code == 1
    assert result.output.strip().endswith(ending)


def test_the_help_lists_the_meanings_of_columns() -> None:
    said = CliRunner().invoke(group, ["import", "organisation", "--help"]).output
    for line in ("  head_email Head's e-mail", "  superior   Reports to (id)"):
        assert line in said
