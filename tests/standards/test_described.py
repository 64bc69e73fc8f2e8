"""What describes the open data, as the tools of its standards read it, and what they refuse."""

import json
import re
import shutil
import zipfile

import pytest

PREFIXES = pytest.mark.parametrize("prefix", ["", "/en"])


@PREFIXES
def test_the_description_is_openapi(fetched, tool, prefix):
    code, printed = tool("openapi-spec-validator", fetched(f"{prefix}/openapi.json"))
    assert code == 0, printed


def test_a_description_that_says_nothing_of_its_answers_is_not(fetched, tool, tmp_path):
    told = json.loads(fetched("/openapi.json").read_text())
    del told["info"]["version"]
    wrong = tmp_path / "openapi.json"
    wrong.write_text(json.dumps(told))
    assert tool("openapi-spec-validator", wrong)[0] != 0


def test_every_address_answers_as_it_is_described(site, tool, tmp_path):
    """Thousands of requests, right and wrong, under every check that there is."""
    options = [
        "--checks",
        "all",
        "--max-examples",
        10,
        "--seed",
        1,
        "--workers",
        2,
        "--continue-on-failure",
        "--no-color",
    ]
    code, printed = tool("schemathesis", "run", f"{site}/openapi.json", *options, cwd=tmp_path)
    assert code == 0, printed
    assert int(re.search(r"(\d+) generated", printed)[1]) > 1000, printed


@PREFIXES
def test_the_file_is_a_package_for_frictionless(fetched, tool, prefix):
    fetched(f"{prefix}/initiatives.csv")
    package = fetched(f"{prefix}/datapackage.json")
    code, printed = tool("frictionless", "validate", package.name, cwd=package.parent)
    assert code == 0, printed
    assert "INVALID" not in printed


@PREFIXES
def test_the_zip_is_a_package_by_itself(fetched, tool, tmp_path, prefix):
    with zipfile.ZipFile(fetched(f"{prefix}/donnees/repertoire.zip")) as archive:
        archive.extractall(tmp_path)
    code, printed = tool("frictionless", "validate", "datapackage.json", cwd=tmp_path)
    assert code == 0, printed
    assert "INVALID" not in printed
    code, printed = tool("csvwvalidate", "initiatives.csv-metadata.json", cwd=tmp_path)
    assert (code, printed.strip()) == (0, "OK")


def test_datasette_opens_the_base_and_searches_it(fetched, tool):
    base = fetched("/donnees/repertoire.sqlite")

    def asked(path: str) -> dict:
        code, printed = tool("datasette", base, "--get", path)
        assert code == 0, printed
        return json.loads(printed[printed.index("{") :])

    tables = {table["name"]: table for table in asked("/repertoire.json")["tables"]}
    assert tables["fiches"]["count"] == 152
    assert tables["fiches"]["fts_table"] == "fiches_recherche"
    assert tables["porteurs"]["foreign_keys"]["outgoing"]
    # Datasette shapes what it says of a row; how many there are is enough here.
    assert 0 < asked("/repertoire/fiches.json?_search=fugue")["filtered_table_rows_count"] < 152
    assert asked("/repertoire/fiches.json?region=laval")["filtered_table_rows_count"] == 17


@PREFIXES
def test_the_file_is_a_table_of_the_web(fetched, tool, prefix):
    fetched(f"{prefix}/initiatives.csv")
    described = fetched(f"{prefix}/initiatives.csv-metadata.json")
    code, printed = tool("csvwvalidate", described.name, cwd=described.parent)
    assert (code, printed.strip()) == (0, "OK")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'"montreal"', b'"montrea1"'),
        (b'\r\n"12";', b'\r\n"douze";'),
        (b'\r\n"12";', b'\r\n"11";'),
        (b'"outil | prevention"', b'"outil, prevention"'),
        (b'"en-suspens"', b'""'),
    ],
)
def test_a_wrong_cell_is_refused(fetched, tool, tmp_path, right, wrong):
    """Or the descriptions would say nothing."""
    content = fetched("/initiatives.csv").read_bytes()
    assert right in content
    (tmp_path / "initiatives.csv").write_bytes(content.replace(right, wrong, 1))
    for name in ("datapackage.json", "initiatives.csv-metadata.json"):
        shutil.copy(fetched(f"/{name}"), tmp_path)
    _code, printed = tool("frictionless", "validate", "datapackage.json", cwd=tmp_path)
    assert "INVALID" in printed
    if wrong != b'\r\n"11";':  # csvw looks for no key that is there twice
        code, printed = tool("csvwvalidate", "initiatives.csv-metadata.json", cwd=tmp_path)
        assert (code, printed.strip()) != (0, "OK")
