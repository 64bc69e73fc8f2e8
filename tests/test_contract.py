"""What strangers rely on: names and codes are only added, what leaves is told a year before, and a copy is kept in step
by the very program that the documentation gives."""

import io
import json
import re
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from initiatives.finding.filters import InitiativeFilter
from initiatives.models import Contact, Initiative, Organisme
from initiatives.publishing import dataset

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("contract.json")
DATA = ["/initiatives.json", "/initiatives.csv", "/initiatives/mobilis.json", "/donnees/initiatives.json"]


def promised() -> dict:
    """What is public now: the codes of each column, and the parameters of the list."""
    columns = {column.name: list(column.enum.values) if column.enum else [] for column in dataset.COLUMNS}
    return {"colonnes": columns, "parametres": sorted(InitiativeFilter.base_filters)}


def test_what_was_promised_is_still_there():
    """A name or a code that is missing breaks somebody's program. To add: write the new file, and read the difference.

    json.dump(promised(), open("tests/contract.json", "w"), indent=1, ensure_ascii=False)
    """
    kept, now = json.loads(KEPT.read_text("utf-8")), promised()
    assert set(kept["parametres"]) <= set(now["parametres"])
    names = list(now["colonnes"])
    assert [name for name in names if name in kept["colonnes"]] == list(kept["colonnes"])
    for name, codes in kept["colonnes"].items():
        assert set(codes) <= set(now["colonnes"][name]), name
    assert kept == now, "Something new is public: add it to tests/contract.json."


def test_a_column_that_will_leave_says_so_a_year_before(visitor, monkeypatch):
    for path in DATA:
        assert "Deprecation" not in visitor.get(path).headers
    place = next(place for place, column in enumerate(dataset.COLUMNS) if column.name == "a_dire")
    leaving = replace(dataset.COLUMNS[place], leaves=date(2026, 11, 29))
    monkeypatch.setattr(dataset, "COLUMNS", [*dataset.COLUMNS[:place], leaving, *dataset.COLUMNS[place + 1 :]])
    for path in DATA:
        answer = visitor.get(path, {"exact": "1"} if path == "/initiatives.json" else {"discret": ""})
        b"".join(answer)
        assert answer.headers["Deprecation"] == "@1795910400"
        assert answer.headers["Sunset"] == "Mon, 29 Nov 2027 00:00:00 GMT"
        assert '<http://testserver/donnees/#stabilite>; rel="deprecation"' in answer.headers["Link"]
    assert dataset.schema()["properties"]["a_dire"]["deprecated"] is True


@pytest.fixture
def program(visitor, monkeypatch, tmp_path):
    """Runs the program of docs/donnees.md against this site; gives its copy, and how many addresses it read."""
    text = Path(settings.BASE_DIR, "docs", "donnees.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    copy, read = tmp_path / "copie.json", []
    source = source.replace("https://repertoire.example", "http://testserver").replace("copie.json", str(copy))

    def opened(address):
        answer = visitor.get(address.removeprefix("http://testserver"))
        read.append(address)
        if answer.status_code >= 400:
            raise urllib.error.HTTPError(address, answer.status_code, "", None, None)
        return io.BytesIO(answer.getvalue())

    def run() -> tuple[dict, int]:
        read.clear()
        exec(source, {})  # noqa: S102
        return json.loads(copy.read_text())["fiches"], len(read)

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    return run


def everything(visitor) -> dict:
    rows = json.loads(visitor.get("/donnees/initiatives.json").getvalue())["resultats"]
    return {str(row["numero"]): row for row in rows}


def test_the_program_of_the_documentation_keeps_a_copy_in_step(visitor, program, draft):
    copy, addresses = program()
    assert (copy == everything(visitor), len(copy), addresses) == (True, 152, 1)
    assert program() == (copy, 1)  # nothing changed: one question
    Initiative.objects.filter(pk=draft.pk).update(statut="publiee", titre="Une nouvelle")
    Initiative.objects.filter(pk=104).update(titre="Autrement", objectifs=["Un", "Deux"])
    Initiative.objects.filter(pk=103).update(statut="archivee")
    Initiative.objects.filter(pk=102).update(statut="archivee", fusionnee_dans=101)
    Contact.objects.create(
        organisme=Organisme.objects.get(slug="pipq"), nature="courriel", valeur="a@exemple.org", visibilite="publique"
    )
    copy, addresses = program()
    assert copy == everything(visitor)
    assert {"102", "103"}.isdisjoint(copy)
    assert copy[str(draft.pk)]["titre"] == "Une nouvelle"
    assert addresses < 20
    assert program() == (copy, 1)


def test_the_program_begins_again_on_another_database(visitor, program, tmp_path):
    program()
    (tmp_path / "copie.json").write_text(json.dumps({"marque": "999999", "fiches": {"9": {}}}))
    copy, _addresses = program()
    assert copy == everything(visitor)
