"""The whole directory as one file, and a list as a workbook: what is in them, and what is not."""

import csv
import datetime
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from initiatives.core.enums import Visibilite
from initiatives.models import Contact, Initiative, Organisme
from initiatives.publishing import dataset
from initiatives.publishing.standards import workbook

from .conftest import SECRETS

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/en"])
NOTHING = {"types": [], "objectifs": [], "description": "", "annee": None, "source": None, "sexe": "", "cible": ""}


def body(answer) -> bytes:
    assert answer.status_code == 200
    return answer.getvalue()


def zip_of(visitor, prefix="") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body(visitor.get(f"{prefix}/donnees/repertoire.zip")))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def base_of(visitor, tmp_path):
    def base(prefix=""):
        file = tmp_path / "repertoire.sqlite"
        file.write_bytes(body(visitor.get(f"{prefix}/donnees/repertoire.sqlite")))
        return closing(sqlite3.connect(file))

    return base


def sheets_of(visitor, path="/initiatives.xlsx") -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(body(visitor.get(path))))
    assert [sheet.freeze_panes for sheet in book] == ["A2"] * 3
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@LANGUAGES
def test_the_zip_holds_what_the_site_gives(visitor, prefix):
    files = zip_of(visitor, prefix)
    assert files["initiatives.csv"] == visitor.get(f"{prefix}/initiatives.csv").getvalue()
    assert files["initiatives.json"] == visitor.get(f"{prefix}/donnees/initiatives.json").getvalue()
    assert json.loads(files["organismes.json"]) == visitor.json(f"{prefix}/organismes.json")
    described = visitor.json(f"{prefix}/initiatives.csv-metadata.json")
    assert json.loads(files["initiatives.csv-metadata.json"]) == described
    package = json.loads(files["datapackage.json"])
    assert package["resources"][0] == visitor.json(f"{prefix}/datapackage.json")["resources"][0]
    assert {one["path"] for one in package["resources"]} == {"initiatives.csv", "initiatives.json", "organismes.json"}
    assert ("README.txt" if prefix else "LISEZMOI.txt") in files
    assert "978-2-550-94247-4" in files["LICENCES.txt"].decode()


@LANGUAGES
def test_the_base_holds_every_column_and_every_list(visitor, base_of, prefix):
    text = visitor.get(f"{prefix}/initiatives.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    with base_of(prefix) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        cursor = base.execute("SELECT * FROM fiches ORDER BY numero")
        assert [column[0] for column in cursor.description] == rows[0]
        for found, printed in zip(cursor, rows[1:], strict=True):
            # A spreadsheet's apostrophe has no place here.
            assert ["" if cell is None else str(cell) for cell in found] == [cell.removeprefix("'") for cell in printed]
        fiches = json.loads(visitor.get(f"{prefix}/donnees/initiatives.json").getvalue())["resultats"]
        types = "SELECT code FROM codes WHERE numero = ? AND colonne = 'types' ORDER BY rang"
        for row in fiches[:20]:
            assert [code for (code,) in base.execute(types, [row["numero"]])] == row["types"]
        for name in ("contacts", "points_entree", "corrections", "porteurs"):
            found = base.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - a name of ours
            assert found == (sum(len(row[name]) for row in fiches),)
        organisations = base.execute("SELECT slug FROM organismes ORDER BY slug").fetchall()
        assert [slug for (slug,) in organisations] == [
            row["slug"] for row in visitor.json(f"{prefix}/organismes.json")["resultats"]
        ]
        label = base.execute("SELECT libelle FROM listes WHERE colonne = 'stade' AND code = 'en-suspens'").fetchone()
        assert label == ("On hold" if prefix else "En suspens",)


def test_the_base_is_searched_by_words_with_or_without_accents(base_of):
    asked = "SELECT rowid FROM fiches_recherche WHERE fiches_recherche MATCH ? ORDER BY rowid"
    with base_of() as base:
        found = base.execute(asked, ["prevention"]).fetchall()
        assert found == base.execute(asked, ["prévention"]).fetchall()
        assert 20 < len(found) < 152


@LANGUAGES
def test_the_workbook_holds_the_list_asked_for(visitor, prefix):
    sheets = list(sheets_of(visitor, f"{prefix}/initiatives.xlsx?region=laval&tri=titre").values())
    headings, *rows = sheets[0]
    assert list(headings) == [name for column in dataset.COLUMNS for name in column.headings()]
    listed = visitor.json(f"{prefix}/initiatives.json", region="laval", tri="titre", par_page=100)["resultats"]
    assert [row[0] for row in rows] == [row["numero"] for row in listed]
    first = dict(zip(headings, rows[0], strict=True))
    assert (first["tous_ages"], first["region_libelle"]) == (listed[0]["tous_ages"], "Laval")
    assert first["annee"] == listed[0]["annee"]
    assert [row[0] for row in sheets[1][1:]] == list(headings)
    assert all(row[1] for row in sheets[1])
    assert len(sheets_of(visitor, "/initiatives.xlsx?par_page=2&page=3")["Fiches"]) == 3
    assert visitor.get("/initiatives.xlsx?page=99").status_code == 404
    assert visitor.refused("/initiatives.xlsx", region="x") == [("region", "x")]


def test_days_are_days_in_a_workbook_and_formulas_are_texts(visitor):
    Initiative.objects.filter(numero=3).update(
        titre="=1+1", description="a\x07b", verifiee_le="2026-01-02", a_verifier_le="2027-01-02"
    )
    headings, *rows = sheets_of(visitor, "/initiatives.xlsx?region=bas-saint-laurent")["Fiches"]
    row = next(dict(zip(headings, row, strict=True)) for row in rows if row[0] == 3)
    assert (row["titre"], row["description"]) == ("'=1+1", "ab")
    assert row["verifiee_le"] == datetime.datetime(2026, 1, 2)
    book = load_workbook(io.BytesIO(body(visitor.get("/initiatives.xlsx"))))
    assert {cell.data_type for line in book.worksheets[0].iter_rows() for cell in line} <= {"n", "s", "b", "d"}


def test_a_workbook_is_not_made_of_everything_there_is(visitor, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_FICHES", 151)
    assert visitor.refused("/initiatives.xlsx") == [("", "")]
    assert visitor.get("/initiatives.xlsx?par_page=100").status_code == 200


def everything(visitor) -> bytes:
    """All that the files say, read out of what wraps it."""
    files = b"".join(zip_of(visitor).values())
    cells = [str(cell) for rows in sheets_of(visitor).values() for row in rows for cell in row]
    return files + body(visitor.get("/donnees/repertoire.sqlite")) + "\n".join(cells).encode()


def test_what_is_not_public_is_in_none(visitor, draft):
    for level in Visibilite.values:
        Contact.objects.create(initiative_id=104, nature="courriel", valeur=f"{level}@exemple.org", visibilite=level)
    Organisme.objects.filter(slug="spvm").update(note_interne="une note que personne ne lit")
    Initiative.objects.filter(numero=12).update(statut="archivee")
    text = everything(visitor)
    assert f"{Visibilite.PUBLIQUE}@exemple.org".encode() in text
    hidden = [f"{level}@exemple.org" for level in Visibilite.values if level != Visibilite.PUBLIQUE]
    archived = Initiative.objects.get(numero=12)
    for secret in [*SECRETS, *hidden, "une note que personne ne lit", draft.slug, archived.slug]:
        assert secret.encode() not in text, secret


def test_nothing_and_a_fiche_with_nothing_are_files_too(visitor, base_of):
    Initiative.objects.exclude(numero=25).update(statut="archivee")
    Initiative.objects.filter(numero=25).update(**NOTHING, lieu="", modalite="", clienteles=[], implications=[])
    Initiative.objects.get(numero=25).liens_porteurs.all().delete()
    for total in (1, 0):
        assert json.loads(zip_of(visitor)["initiatives.json"])["total"] == total
        with base_of() as base:
            assert base.execute("SELECT count(*) FROM fiches").fetchone() == (total,)
        assert len(sheets_of(visitor)["Fiches"]) == total + 1
        Initiative.objects.update(statut="archivee")


@pytest.mark.parametrize(("path", "kind"), [("zip", "application/zip"), ("sqlite", "application/vnd.sqlite3")])
def test_a_file_is_made_once_for_a_version(visitor, path, kind):
    address = f"/donnees/repertoire.{path}"
    first = visitor.get(address)
    assert first.headers["Content-Type"] == kind
    assert first.headers["Content-Disposition"] == f'attachment; filename="repertoire.{path}"'
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(address).getvalue() == first.getvalue()
    assert len(asked) == 1
    assert visitor.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    before = first.getvalue()
    Initiative.objects.filter(numero=3).update(titre="Autrement")
    assert visitor.get(address).getvalue() != before
    discreet = visitor.get(f"{address}?discret=1")
    assert discreet.headers["Content-Disposition"] == f'attachment; filename="document.{path}"'
    assert discreet.getvalue()


def test_a_moment_is_one_for_a_workbook_in_the_hour_of_quebec(visitor):
    Initiative.objects.filter(numero=104).update(modifiee_le="2026-01-02T13:04:05Z", verifiee_le="2026-01-03")
    headings, *rows = sheets_of(visitor)["Fiches"]
    fiche = next(dict(zip(headings, row, strict=True)) for row in rows if row[0] == 104)
    assert str(fiche["modifiee_le"]) == "2026-01-02 08:04:05"
    assert not isinstance(fiche["modifiee_le"], str)
    assert str(fiche["verifiee_le"]).startswith("2026-01-03")
