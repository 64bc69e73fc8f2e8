"""The catalogue and what pages say to engines, as their shapes and their types read them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

SHAPES = ["shapes", "range", "deprecateduris"]
# Each with the type of schema-dts that its block must be.
PAGES = ["/", "/donnees/", "/initiatives/les-survivantes/", "/organismes/spvm/", "/en/initiatives/les-survivantes/"]
BLOCK = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)


def block(site: str, path: str) -> dict:
    with urlopen(f"{site}{path}", timeout=60) as answer:
        found = BLOCK.findall(answer.read().decode())
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize(("name", "kind"), [("catalogue.jsonld", "json-ld"), ("catalogue.ttl", "turtle")])
def test_the_catalogue_is_dcat_ap(fetched, profile, tool, name, kind, shapes):
    code, printed = tool("pyshacl", "-s", profile(f"dcat-ap-3.0.1/{shapes}.ttl"), "-df", kind, fetched(f"/{name}"))
    assert code == 0, printed


def test_a_catalogue_without_a_title_is_not(fetched, profile, tool, tmp_path):
    text = fetched("/catalogue.ttl").read_text()
    wrong = tmp_path / "catalogue.ttl"
    wrong.write_text(text.replace("dct:title", "dct:alternative"))
    assert "dct:title" in text
    assert tool("pyshacl", "-s", profile("dcat-ap-3.0.1/shapes.ttl"), "-df", "turtle", wrong)[0] != 0


def typed(node: Path, folder: Path, blocks: list[dict]) -> str:
    """What the compiler of TypeScript says of these blocks, each declared to be what schema.org knows; nothing where
    it knows all that they say."""
    lines = ['import type { Graph, Thing, WithContext } from "schema-dts";']
    lines += [
        f"export const block{rank}: {'Graph' if '@graph' in one else 'WithContext<Thing>'} = {json.dumps(one)};"
        for rank, one in enumerate(blocks)
    ]
    (folder / "blocks.ts").write_text("\n".join(lines))
    (folder / "node_modules").symlink_to(node / "node_modules")
    options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "blocks.ts"]
    done = subprocess.run(
        [node / "node_modules/.bin/tsc", *options], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    return done.stdout + done.stderr


def test_what_pages_say_to_engines_is_schema_org(site, node, tmp_path):
    assert typed(node, tmp_path, [block(site, path) for path in PAGES]) == ""


def test_what_schema_org_does_not_know_is_refused(site, node, tmp_path):
    wrong = block(site, "/initiatives/les-survivantes/")
    told = wrong["@graph"][0] if "@graph" in wrong else wrong
    told["couleurPreferee"] = "bleu"
    assert "couleurPreferee" in typed(node, tmp_path, [wrong])


@pytest.fixture
def faults(site, node, profile, tmp_path):
    """Gives what engines find wrong in each of these pages: schema.org's terms, and what Google asks of them."""

    def found(pages: list[str]) -> list[list[str]]:
        script = tmp_path / "engines.mjs"
        shutil.copy(Path(__file__).with_name("engines.mjs"), script)
        (tmp_path / "node_modules").symlink_to(node / "node_modules")
        files = []
        for rank, page in enumerate(pages):
            files.append(tmp_path / f"{rank}.html")
            files[-1].write_text(page)
        terms = profile("schemaorg-30.0/schemaorg-all-https.jsonld")
        command = ["node", script, terms, *files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    return found


def test_engines_find_no_fault_in_pages_and_find_those_put_there(site, faults):
    pages = []
    for path in PAGES:
        with urlopen(f"{site}{path}", timeout=60) as answer:
            pages.append(answer.read().decode())
    wrong = pages[0].replace('"@type":"WebSite"', '"@type":"WebSite","couleurPreferee":"bleu"')
    *found, of_the_wrong = faults([*pages, wrong])
    assert found == [[] for _page in pages]
    assert any("couleurPreferee" in fault for fault in of_the_wrong)
