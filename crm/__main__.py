"""The command ``crm``, also as ``python -m crm``."""

from __future__ import annotations

from crm import cli
from crm.app import build_app
from crm.maker import Maker


def main() -> None:
    cli.group(prog_name="crm", obj=Maker(build_app))


if __name__ == "__main__":
    main()
