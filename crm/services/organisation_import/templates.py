"""A file to start from, of each kind: the header, and two rows that show how it is meant."""

from __future__ import annotations

import codecs
import csv
import io

from crm.services.organisation_import.columns import Kind

ROWS: dict[Kind, list[list[str]]] = {
    Kind.UNITS: [
        ["Code", "Name", "Parent", "Head", "Head's e-mail", "Time zone"],
        ["CORP", "Corporate services", "", "Ann Example", "ann@organisation.example", "Europe/Berlin"],
        ["FIN", "Finance", "CORP", "Ben Example", "", ""],
    ],
    Kind.PERSONNEL: [
        ["Id", "Reports to", "Unit", "Job title", "Name", "E-mail"],
        ["1", "", "Corporate services", "Chief operating officer", "Ann Example", "ann@organisation.example"],
        ["2", "1", "Finance", "Director of finance", "Ben Example", ""],
    ],
}


def csv_of(kind: Kind) -> bytes:
    """With a byte order mark, without which Excel takes UTF-8 for something else."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(ROWS[kind])
    return codecs.BOM_UTF8 + out.getvalue().encode()
