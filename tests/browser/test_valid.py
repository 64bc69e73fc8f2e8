"""The Nu HTML checker finds nothing on any page, in both languages. vnu-jar comes from npm (make test-browser)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from .pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

JAR = Path(settings.BASE_DIR, "var", "vnu", "package", "build", "dist", "vnu.jar")


def test_html_is_valid(visitor, tmp_path):
    java = shutil.which("java")
    if java is None or not JAR.exists():
        pytest.skip("No Java or no vnu-jar on this machine: make test-browser fetches the latter with npm")
    names = {}
    for prefix in ("", "/en"):
        for path in PAGES:
            file = tmp_path / f"{len(names)}.html"
            file.write_bytes(visitor.get(prefix + path).content)
            names[file.name] = prefix + path
    command = [java, "-Xss1m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    found = [
        (names[Path(row["url"]).name], row["message"], row.get("extract", ""))
        for row in json.loads(result.stderr)["messages"]
        # A guess from the words of the page: fiches are in French on English pages, and marked so.
        if "appears to be written in" not in row["message"]
    ]
    assert found == [], "\n".join(map(str, found))
