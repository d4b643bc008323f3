"""The wheel is whole: it starts where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crm import paths

START = """
from crm import create_app, paths
from crm.config import Settings
from crm import schema
app = create_app(Settings(database_url="sqlite:///here.db", secret_key="x" * 40))
schema.upgrade(app.extensions["database"].engine)
client = app.test_client()
assert client.get("/setup").status_code == 200
assert client.get("/static/css/tokens.css").status_code == 200
print(paths.ROOT)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=paths.ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, tracked.stdout.split("\0")):
        if (paths.ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((paths.ROOT / name).read_bytes())
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_templates_static_files_migrations_and_languages(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder, ending in (
        ("templates", "*.html"),
        ("static", "*.*"),
        ("migrations", "*.py"),
        ("crm/languages", "*.po"),
    ):
        for file in (paths.ROOT / folder).rglob(ending):
            assert str(file.relative_to(paths.ROOT)) in inside
    assert not any(name.startswith("tests") for name in inside)


def test_the_wheel_starts_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    environment = {"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin"}
    started = subprocess.run(
        [sys.executable, "-c", START], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
    assert Path(started.stdout.strip()) == site
    helped = subprocess.run(
        [sys.executable, "-m", "crm", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("serve", "db", "people", "import", "demo", "jobs"):
        assert command in helped.stdout
