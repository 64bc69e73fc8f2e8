"""What the validators are given: a started site, its documents as files, the schemas that their publishers keep."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

BASE = Path(__file__).resolve().parents[2]
# Data of their publishers, beside the project and no part of it.
PROFILE = BASE.parent / "shared" / "standards"


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the started site."""
    return os.environ["STANDARDS_SITE"]


@pytest.fixture(scope="session")
def fetched(site, tmp_path_factory):
    """Gives the file that holds what an address answers, its name kept: a validator finds beside it what it names."""
    folder = tmp_path_factory.mktemp("site")

    def fetch(path: str) -> Path:
        file = folder / path.lstrip("/")
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with urlopen(f"{site}{path}", timeout=60) as answer:
                file.write_bytes(answer.read())
        return file

    return fetch


@pytest.fixture(scope="session")
def profile():
    """Gives a file of the profile, whose folder is beside the project; the test is skipped without it."""

    def find(name: str) -> Path:
        if not PROFILE.exists():
            pytest.skip("The folder ../shared/standards is not beside the project: its schemas are not ours to copy.")
        return PROFILE / name

    return find


@pytest.fixture(scope="session")
def node() -> Path:
    """Where the validators of npm are installed."""
    return Path(os.environ["STANDARDS_NODE"])


@pytest.fixture(scope="session")
def tool():
    """Runs a command of the environment; gives its code, and all that it printed."""

    def run(name: str, *arguments, cwd: Path | None = None) -> tuple[int, str]:
        command = [Path(sys.executable).parent / name, *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)
        return done.returncode, done.stdout + done.stderr

    return run
