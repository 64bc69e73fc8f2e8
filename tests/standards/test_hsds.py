"""HSDS as its own tools and its own contract read it: every service, every organization, and every address."""

import json
import re
from pathlib import Path
from urllib.request import urlopen

import pytest

HSDS = "https://raw.githubusercontent.com/openreferral/specification"
LISTS = {"services": "service", "organizations": "organization"}


def read(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return answer.read().decode()


@pytest.fixture(scope="session", params=["", "/en"])
def records(request, site, tmp_path_factory):
    """Every record of a list, whole, each in a file, in either language."""
    folder = tmp_path_factory.mktemp("hsds")

    def written(name: str) -> list[Path]:
        lines = read(f"{site}{request.param}/hsds/{name}?full=true&format=ndjson").splitlines()
        files = [folder / f"{name}-{rank}.json" for rank in range(len(lines))]
        for file, line in zip(files, lines, strict=True):
            file.write_text(line, "utf-8")
        return files

    return written


@pytest.mark.parametrize(("name", "least"), [("services", 152), ("organizations", 60)])
def test_every_record_is_what_hsds_says(records, profile, tool, name, least):
    files = records(name)
    assert len(files) >= least
    schema = profile(f"hsds-3.1/compiled/{LISTS[name]}.json")
    code, printed = tool("check-jsonschema", "--schemafile", schema, *files)
    assert code == 0, printed


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"status": "', '"status": "x'), ('"url": "http', '"url": "pas une adresse'), ('"id": "', '"id": "no')],
)
def test_a_wrong_service_is_refused(site, profile, tool, tmp_path, right, wrong):
    text = read(f"{site}/hsds/services?full=true&format=ndjson").splitlines()[0]
    assert right in text
    (tmp_path / "wrong.json").write_text(text.replace(right, wrong, 1), "utf-8")
    schema = profile("hsds-3.1/compiled/service.json")
    assert tool("check-jsonschema", "--schemafile", schema, tmp_path / "wrong.json")[0] == 1


def test_our_description_is_openapi(fetched, tool):
    for prefix in ("", "/en"):
        code, printed = tool("openapi-spec-validator", fetched(f"{prefix}/hsds/openapi.json"))
        assert code == 0, printed


def asked(tool, site: str, document, folder, *options) -> int:
    """How many requests were made, all of them answered as the document says."""
    common = ["--seed", 1, "--workers", 2, "--continue-on-failure", "--no-color"]
    code, printed = tool("schemathesis", "run", document, "--url", f"{site}/hsds", *common, *options, cwd=folder)
    assert code == 0, printed
    return int(re.search(r"(\d+) generated", printed)[1])


def test_every_address_answers_as_we_describe_it(site, tool, tmp_path):
    assert asked(tool, site, f"{site}/hsds/openapi.json", tmp_path, "--checks", "all", "--max-examples", 10) > 300


def contract(site: str, profile) -> dict:
    """HSDS's own OpenAPI document with what it leaves open: where its schemas are, an identifier that exists, and that
    an answer may be an error. POST is optional there, and no service has a public address in the source."""
    text = profile("hsds-3.1/openapi.json").read_text("utf-8")
    document = json.loads(text.replace('"datetime"', '"date-time"'))
    kept = {}
    for path, item in document["paths"].items():
        if "service_at_locations" in path:
            continue
        item.pop("post", None)
        responses = item["get"]["responses"]
        for shape in nested(responses):
            if str(shape.get("$ref", "")).startswith(HSDS):
                shape["$ref"] = local(shape["$ref"], profile)
        for code in ("400", "404"):
            responses[code] = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}
        noun = path.split("/")[1]
        for parameter in item.get("parameters", []):
            if parameter["name"] == "id":
                first = json.loads(read(f"{site}/hsds/{noun}?per_page=1"))["contents"][0]
                parameter["schema"] = {"type": "string", "enum": [first["id"]]}
        kept[path] = item
    document["paths"] = kept
    document["components"]["schemas"]["Page"]["required"] = list(
        document["components"]["schemas"]["Page"]["properties"]
    )
    return document


def nested(value):
    """Every object below a value, itself included."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nested(below)


def local(address: str, profile) -> str:
    """The same schema beside the project; that of a list is that of what it lists."""
    name = address.partition("/schema/")[2].replace("_list.json", ".json")
    return profile(f"hsds-3.1/{name}").as_uri()


def test_every_address_answers_as_hsds_describes_it(site, profile, tool, tmp_path):
    """Under the checks that a contract silent about errors leaves: what is answered, of what kind, and no failure."""
    document = tmp_path / "hsds.json"
    document.write_text(json.dumps(contract(site, profile)), "utf-8")
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    assert asked(tool, site, document, tmp_path, "--checks", checks, "--max-examples", 10) > 100
