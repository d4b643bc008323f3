"""The command ``crm``, also as ``python -m crm``."""

from __future__ import annotations

from crm import cli
from crm.app import build_app


def main() -> None:
    cli.group(prog_name="crm", obj=cli.Maker(build_app))


if __name__ == "__main__":
    main()
