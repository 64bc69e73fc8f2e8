"""Spreadsheets: what leaves comes back the same, and nothing is written before it was shown."""

import csv
import io
import re
import zipfile
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from initiatives.keeping import history, state
from initiatives.keeping.spreadsheet import reading
from initiatives.models import Import, Initiative

from .forms import UPLOAD, address, as_csv, upload, written
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def export(workshop, kind, numbers=None):
    numbers = numbers or list(Initiative.objects.values_list("pk", flat=True))
    data = {"action": f"export_{kind}", "_selected_action": numbers}
    return workshop.post(address(Initiative, "changelist"), data).content


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def refusals(answer):
    return [(row.ligne, row.colonne, row.raison) for row in answer.context["refusees"]]


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_everything_exported_comes_back_unchanged(workshop, kind):
    Initiative.objects.filter(numero=1).update(
        description="=SOMME(A1)", frequence="'@x", note_interne="+1\nligne\r\n-2"
    )
    answer = upload(workshop, export(workshop, kind), f"fiches.{kind}")
    assert (answer.context["creees"], answer.context["changees"], refusals(answer)) == ([], [], [])
    assert answer.context["inchangees"] == 157
    assert "confirmer" not in answer.context


def test_no_cell_is_a_formula(workshop):
    Initiative.objects.filter(numero=1).update(description="=SOMME(A1)", titre="@x")
    row = dict(zip(*lines(export(workshop, "csv", [1])), strict=True))
    assert (row["description"], row["titre"]) == ("'=SOMME(A1)", "'@x")
    sheet = load_workbook(io.BytesIO(export(workshop, "xlsx", [1]))).active
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "inlineStr", "n"}


class TestImport:
    def rows(self):
        return (
            ["numero", "titre", "region", "stade", "types", "objectifs", "porteurs", "annee"],
            [145, "Les Survivantes", "montreal", "en-suspens", "prevention", "Un | Deux", "spvm | pipq", "2001"],
            ["", "Une nouvelle", "laval", "en-application", "outil | formation", "", "", ""],
        )

    def test_the_trial_shows_everything_and_writes_nothing(self, workshop):
        before = state.state_of(fiche())
        answer = upload(workshop, as_csv(*self.rows()))
        text = answer.content.decode()
        (change,) = answer.context["changees"]
        assert [row.champ for row in change.differences] == ["annee", "stade", "objectifs", "types", "porteurs"]
        assert [row.titre for row in answer.context["creees"]] == ["Une nouvelle"]
        assert "Rien n&#x27;est encore écrit" in text or "Rien n'est encore écrit" in text
        assert state.state_of(fiche()) == before
        assert Initiative.objects.count() == 157

    def test_then_everything_is_written_with_its_history(self, workshop):
        answer = upload(workshop, as_csv(*self.rows()))
        assert "Import fait" in written(workshop, answer)
        found = state.state_of(fiche())
        assert (found["stade"], found["objectifs"], found["porteurs"]) == (
            "en-suspens",
            ["Un", "Deux"],
            ["spvm", "pipq"],
        )
        assert found["types"] == ["prevention"]
        assert found["description"]  # a column that is absent changes nothing
        new = Initiative.objects.latest("numero")
        assert (new.titre, new.statut, new.slug, new.types) == (
            "Une nouvelle",
            "brouillon",
            "une-nouvelle",
            ["outil", "formation"],
        )
        assert [row.nature for row in fiche().versions.order_by("rang")] == ["reprise", "import"]
        assert [row.nature for row in new.versions.all()] == ["import"]
        assert "fiches.csv" in fiche().versions.first().motif
        assert "déjà fait" in written(workshop, answer)
        assert Initiative.objects.count() == 158

    def test_what_changed_in_between_stops_it_all(self, workshop, editor):
        answer = upload(workshop, as_csv(*self.rows()))
        with history.change(fiche(), "modification", editor):
            Initiative.objects.filter(numero=145).update(frequence="Entre-temps")
        assert f"a changé depuis l&#x27;essai : {fiche()}. Recommencez." in written(workshop, answer)
        assert Initiative.objects.count() == 157
        assert fiche().stade == "en-application"

    def test_it_is_the_importer_s_alone_to_confirm(self, workshop):
        answer = upload(workshop, as_csv(*self.rows()))
        assert session(account("révision")).post(answer.context["confirmer"]).status_code == 404
        assert Import.objects.get().applique_le is None

    @pytest.mark.parametrize(
        ("heading", "row", "column", "words"),
        [
            ("stade", "en-pause", "stade", "Inconnu : « en-pause ». Permis : En application · En développement · En"),
            ("types", "outil | marteau", "types", "Inconnu : « marteau ». Permis : Outil · Formation · "),
            ("types", "enclume | marteau", "types", "Inconnu : « enclume », « marteau ». Permis : "),
            ("region", "atlantide", "region", "Inconnu : « atlantide ». Permis : Bas-Saint-Laurent · "),
            ("region", "atlantide", "region", "Chaudière-Appalaches… (16 en tout)."),
            ("langue", "latin", "langue", "Inconnu : « latin ». Permis : français · anglais."),
            ("source", "journal", "source", "Inconnu : « journal ». Permis : "),
            ("annee", "vingt", "annee", "nombre entier"),
            ("annee", "3000", "annee", "2100"),
            ("verifiee_le", "hier", "verifiee_le", "date"),
            ("verifiee_le", "2026-02-31", "verifiee_le", "date"),
            ("tous_ages", "peut-être", "tous_ages", "Oui ou non"),
            ("porteurs", "inconnu", "porteurs", "Organisme inconnu"),
            ("statut", "archivee", "statut", "atelier"),
            ("slug", "autre", "slug", "permanente"),
            ("titre", "x" * 301, "titre", "300"),
            ("age_min", "30", "", "dépasse"),
        ],
    )
    def test_each_wrong_cell_is_told_with_its_place(self, workshop, heading, row, column, words):
        Initiative.objects.filter(numero=145).update(tous_ages=False, age_max=20)
        answer = upload(workshop, as_csv(["numero", heading], ["145", row]))
        ((line, where, reason),) = refusals(answer)
        assert (line, where) == (2, column)
        assert words in reason
        assert "confirmer" not in answer.context
        assert not Import.objects.exists()

    def test_doubles_and_strangers(self, workshop):
        heading = ["numero", "titre", "region", "stade", "slug"]
        rows = heading, [145, "A", "laval", "en-application", ""], [145, "B", "laval", "en-application", ""]
        assert refusals(upload(workshop, as_csv(*rows))) == [(3, "numero", "Déjà à la ligne 2.")]
        rows = rows[0], ["", "A", "laval", "en-application", "meme"], ["", "B", "laval", "en-application", "meme"]
        assert refusals(upload(workshop, as_csv(*rows))) == [(3, "slug", "Déjà à la ligne 2.")]
        rows = rows[0], ["", "A", "laval", "en-application", "les-survivantes"]
        assert "une autre fiche" in refusals(upload(workshop, as_csv(*rows)))[0][2]
        assert "numéro" in refusals(upload(workshop, as_csv(rows[0], [999, "A", "laval", "en-application", ""])))[0][2]

    def test_the_good_lines_are_written_alone_where_one_wants_it(self, workshop):
        heading, good, new = self.rows()
        answer = upload(workshop, as_csv(heading, good, [*new[:3], "jamais", *new[4:]]))
        assert "Écrire la bonne ligne seulement" in answer.content.decode()
        assert 'value="Tout écrire"' not in answer.content.decode()
        assert "Import fait : 1 ligne écrite." in written(workshop, answer)
        assert (fiche().stade, Initiative.objects.count()) == ("en-suspens", 157)

    def test_there_is_nothing_to_confirm_where_no_line_is_good(self, workshop):
        answer = upload(workshop, as_csv(["numero", "annee"], [145, "jamais"]))
        assert "confirmer" not in answer.context
        assert not Import.objects.exists()


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(4):
            package.writestr(f"xl/{number}.xml", b"0" * 20_000_000)
    return file.getvalue()


def with_formula():
    book = Workbook()
    book.active.append(["numero", "titre"])
    book.active.append([145, "=1+1"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "vide"),
        ("a.csv", "numero;titre\n145;Été".encode() + b"\x81\xff", "Windows-1252"),
        ("a.csv", "numero;titre\n145;Été\x07".encode("cp1252"), "Windows-1252"),
        ("a.csv", b"numero;titre\n145;a\0b", "UTF-8"),
        ("a.csv", b'numero;titre\n145;"ouvert', "mal form"),
        ("a.csv", b"numero;couleur\n145;bleu", "Colonnes inconnues"),
        ("a.csv", b"numero;numero\n145;145", "deux fois"),
        ("a.csv", b"region\nlaval", "Il manque la colonne"),
        ("a.csv", b"numero\n" + b"1\n" * 5001, "Plus de 5000"),
        ("a.csv", b"x" * 5_000_001, "5 Mo"),
        ("a.xlsx", b"PK\x03\x04 rien", "XLSX lisible"),
        ("a.xlsx", b"numero;titre", "XLSX lisible"),
        ("a.xlsx", bomb(), "énorme"),
        ("a.exe", bytes(range(256)), "UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(workshop, name, content, words):
    answer = upload(workshop, content, name)
    assert answer.status_code == 200
    assert words in answer.context["erreur"]


def test_a_formula_is_refused_with_its_place(workshop):
    answer = upload(workshop, with_formula(), "a.xlsx")
    assert refusals(answer) == [(2, "titre", "Une formule : collez plutôt sa valeur.")]


def workbook(*rows, **parts):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file, "a") as package:
        for name, content in parts.items():
            package.writestr(f"xl/{name}.bin", content)
    return file.getvalue()


def test_cells_of_a_workbook_are_read_as_they_would_be_typed(workshop):
    known = {"tous_ages": False, "age_min": None, "age_max": None, "partenaires_tronques": True}
    Initiative.objects.filter(numero=145).update(**known)
    heading = ["numero", "tous_ages", "partenaires_tronques", "verifiee_le", "annee", "frequence", None, None]
    content = workbook(heading, [145, True, False, datetime(2026, 5, 31, 10, 30), 2001.0, 1.5], [None] * 3)
    (change,) = upload(workshop, content, "A.XLSX").context["changees"]
    assert change.wanted == {
        "tous_ages": True,
        "partenaires_tronques": False,
        "verifiee_le": "2026-05-31",
        "annee": 2001,
        "frequence": "1.5",
    }


def test_a_workbook_with_macros_is_refused(workshop):
    content = workbook(["numero", "titre"], [145, "A"], vbaProject=b"macro")
    assert upload(workshop, content, "a.xlsx").context["erreur"] == "Ce classeur contient des macros : il est refusé."


def test_a_workbook_may_be_as_large_as_the_limit_and_no_larger(workshop, monkeypatch):
    content = workbook(["numero", "titre"], [145, "A"])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = sum(part.file_size for part in package.infolist())
    monkeypatch.setattr(reading, "MAX_UNPACKED", size)
    assert "erreur" not in upload(workshop, content, "a.xlsx").context
    monkeypatch.setattr(reading, "MAX_UNPACKED", size - 1)
    assert "énorme" in upload(workshop, content, "a.xlsx").context["erreur"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_as_many_lines_as_the_limit_and_no_more(workshop, monkeypatch, kind):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    for numbers, refused in (([1, 2], False), ([1, 2, 3], True)):
        rows = [["numero"], *([number] for number in numbers)]
        content = as_csv(*rows) if kind == "csv" else workbook(*rows)
        context = upload(workshop, content, f"a.{kind}").context
        assert context.get("erreur") == ("Plus de 2 lignes : coupez le fichier." if refused else None)
        assert refused or context["inchangees"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            f"numero;{'x' * 45};a;b;c;d;e\n1".encode(),
            f"Colonnes inconnues : « {'x' * 40} », « a », « b », « c », « d ». "
            "Partez de l'export de l'atelier, ou du modèle vide.",
        ),
        (b"", "Le fichier est vide."),
        (b";;\n;;", "Le fichier est vide."),
        (None, "Choisissez un fichier."),
    ],
)
def test_what_is_refused_is_named_and_no_more(workshop, content, sentence):
    answer = workshop.post(UPLOAD) if content is None else upload(workshop, content)
    assert answer.context["erreur"] == sentence


def test_commas_empty_columns_and_empty_lines_are_understood(workshop):
    content = b'\n numero , frequence ,,\n\n145,"Lundi; mardi",,\n146,,,\n'
    (change,) = [row for row in upload(workshop, content).context["changees"] if row.numero == 145]
    assert (change.ligne, change.wanted) == (4, {"frequence": "Lundi; mardi"})


@pytest.mark.parametrize(("typed", "kept"), [("'tis", "'tis"), ("''tis", "'tis"), ("'=1", "=1"), ("'", "'")])
def test_an_apostrophe_is_taken_away_only_where_it_protects(workshop, typed, kept):
    (change,) = upload(workshop, as_csv(["numero", "frequence"], [145, typed])).context["changees"]
    assert change.wanted == {"frequence": kept}


def test_a_value_that_does_not_exist_is_named_in_short(workshop):
    answer = upload(workshop, as_csv(["numero", "stade", "porteurs"], [145, "x" * 70, "y" * 70]))
    assert refusals(answer) == [
        (2, "stade", f"Inconnu : « {'x' * 60} ». Permis : En application · En développement · En suspens."),
        (2, "porteurs", f"Organisme inconnu : {'y' * 60}"),
    ]


def test_empty_cells_empty_what_can_be(workshop):
    Initiative.objects.filter(numero=145).update(verifiee_le="2026-01-01", age_min=12, age_max=17, tous_ages=False)
    names = ["verifiee_le", "age_min", "frequence", "objectifs", "types_connus", "tous_ages", "note_interne"]
    (change,) = upload(workshop, as_csv(["numero", *names], [145] + [""] * len(names))).context["changees"]
    emptied = {"verifiee_le": None, "age_min": None, "frequence": "", "objectifs": []}
    assert {name: value for name, value in change.wanted.items() if name in emptied} == emptied


class TestAddresses:
    @pytest.fixture
    def trial(self, workshop):
        rows = [153, "nouvelle-adresse", ""], ["", "autre-adresse", "pipq | spvm | pipq"]
        heading = ["numero", "slug", "porteurs", "titre", "region", "stade"]
        titles = [fiche(153).titre, "Une autre"]
        lines = [[*row, title, "laval", "en-application"] for row, title in zip(rows, titles, strict=True)]
        answer = upload(workshop, as_csv(heading, *lines))
        assert refusals(answer) == []
        return answer

    def test_a_draft_may_be_given_one_and_its_porteurs(self, workshop, trial, editor):
        assert "Import fait : 2 lignes écrites." in written(workshop, trial)
        new = Initiative.objects.latest("numero")
        assert (fiche(153).slug, new.slug) == ("nouvelle-adresse", "autre-adresse")
        assert list(new.liens_porteurs.order_by("rang").values_list("organisme__slug", "rang")) == [
            ("pipq", 1),
            ("spvm", 2),
        ]
        version, row = new.versions.get(), Import.objects.get()
        assert (version.par, version.motif) == (editor, f"Import n° {row.pk} : fiches.csv")
        assert (row.par, row.nom, row.applique_le is None) == (editor, "fiches.csv", False)

    @pytest.mark.parametrize("taken", ["nouvelle-adresse", "autre-adresse"])
    def test_taken_in_between_it_stops_everything(self, workshop, trial, taken):
        Initiative.objects.filter(numero=154).update(slug=taken)
        page = written(workshop, trial)
        assert ("existe déjà" in page, "Import fait" in page) == (True, False)
        assert Initiative.objects.count() == 157
        assert fiche(153).slug != "nouvelle-adresse"
        assert Import.objects.get().applique_le is None


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_an_export_is_a_file_in_the_order_of_the_numbers(workshop, kind, content_type):
    data = {"action": f"export_{kind}", "_selected_action": [12, 3, 7]}
    answer = workshop.post(address(Initiative, "changelist") + "?o=-1", data)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="fiches.{kind}"'
    rows = (
        lines(answer.content)
        if kind == "csv"
        else [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content))["Initiatives"]]
    )
    assert [row[0] for row in rows] == [{"csv": "numero", "xlsx": "Numéro"}[kind], "3", "7", "12"]


def test_the_public_csv_says_which_export_to_use(workshop, visitor):
    content = b"".join(visitor.get("/initiatives.csv").streaming_content)
    assert "Partez de l'export de l'atelier" in upload(workshop, content).context["erreur"]


@pytest.mark.parametrize("missing", ["add_initiative", "change_initiative"])
def test_an_import_adds_and_changes(workshop, missing):
    editor = account("rédaction")
    editor.groups.clear()
    wanted = {"view_initiative", "add_initiative", "change_initiative"}
    editor.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    answer = upload(session(editor), as_csv(["numero", "frequence"], [145, "Chaque mois"]))
    assert (answer.status_code, answer.context["title"]) == (200, "Importer un tableur")
    editor.user_permissions.set(Permission.objects.filter(codename__in=wanted - {missing}))
    assert session(editor).get(UPLOAD).status_code == 403
    assert session(editor).post(answer.context["confirmer"]).status_code == 403
    assert Import.objects.get().applique_le is None
    assert workshop.get(answer.context["confirmer"]).status_code == 404


def test_the_trial_counts_what_does_not_change(workshop):
    rows = [145, "Chaque mois"], [144, fiche(144).frequence], ["", "Nouveau"], [143, "x" * 201], [999, "x"]
    context = upload(workshop, as_csv(["numero", "frequence"], *rows)).context
    assert {name: context[name] for name in ("essai", "inchangees", "creees")} == {
        "essai": True,
        "inchangees": 1,
        "creees": [],
    }
    assert [row.numero for row in context["changees"]] == [145]
    assert [row.ligne for row in context["refusees"]] == [4, 4, 4, 5, 6]
    codes = [row[0] for row in context["colonnes"]]
    assert [*codes[:-1], "besoins", codes[-1]] == lines(export(workshop, "csv", [1]))[0]
    assert codes[-1] == "version"
    assert address(Initiative, "importer") == UPLOAD


def test_an_import_is_looked_at(workshop):
    answer = upload(workshop, as_csv(["numero", "frequence"], [145, "Un"], [144, "Deux"]), "n" * 190 + ".csv")
    row = Import.objects.get()
    assert (row.nom, len(row.lignes)) == ("n" * 190 + ".csv", 2)
    screen = workshop.get(address(Import, "changelist")).context["cl"].model_admin
    assert screen.nombre(row) == 2
    done = written(workshop, answer)
    assert [re.findall(r"(\d) lignes sur 2", done), "Import fait : 2 lignes écrites." in done] == [["0", "2"], True]
    again = written(workshop, answer)
    assert ("Cet import est déjà fait." in again, "Import fait" in again, UPLOAD in again) == (True, False, True)


def test_who_may(workshop):
    assert session(account("rédaction")).get(UPLOAD).status_code == 200
    browser = session(account("administration"))
    assert "importer/" in browser.get(address(Initiative, "changelist")).content.decode()


def test_each_new_row_costs_the_same_few_queries(workshop):
    heading = ["titre", "region", "stade", "types", "objectifs", "description"]

    def queries(number):
        rows = [
            [f"Fiche {number} {n}", "laval", "en-application", "outil", "Un | Deux", "Texte"] for n in range(number)
        ]
        with CaptureQueriesContext(connection) as trial:
            answer = upload(workshop, as_csv(heading, *rows))
        with CaptureQueriesContext(connection) as writing:
            written(workshop, answer)
        return len(trial), len(writing)

    few, many = queries(5), queries(25)
    assert Initiative.objects.count() == 157 + 30
    assert [(b - a) / 20 for a, b in zip(few, many, strict=True)] == [4, 4]


def test_each_changed_row_costs_the_same_few_queries(workshop):
    """While an import writes, its fiches are locked: what costs nothing there holds nobody up."""

    def queries(numbers):
        answer = upload(workshop, as_csv(["numero", "frequence"], *([number, f"Essai {number}"] for number in numbers)))
        with CaptureQueriesContext(connection) as writing:
            written(workshop, answer)
        return len([row for row in writing if "SAVEPOINT" not in row["sql"]])

    few, many = queries(range(1, 4)), queries(range(4, 12))
    assert (many - few) / 5 == 1


def test_a_fiche_that_has_a_history_is_written_too(workshop, editor):
    with history.change(fiche(), "modification", editor):
        Initiative.objects.filter(numero=145).update(frequence="Avant")
    assert "Import fait" in written(workshop, upload(workshop, as_csv(["numero", "frequence"], [145, "Chaque mois"])))
    assert list(fiche().versions.order_by("rang").values_list("nature", flat=True)) == [
        *("reprise", "modification", "import"),
    ]


def test_whoever_leaves_the_page_undoes_the_import(workshop, monkeypatch):
    """Nothing is half written, and the places of slow work are free again."""
    monkeypatch.setattr("initiatives.keeping.spreadsheet.applying.BATCH", 1)
    page = upload(workshop, as_csv(["numero", "frequence"], [145, "Chaque mois"], [146, "Le soir"]))
    answer = workshop.post(page.context["confirmer"])
    pieces = iter(answer.streaming_content)
    while "1 lignes sur 2" not in next(pieces).decode():
        pass
    assert Initiative.objects.filter(frequence="Chaque mois").count() == 1
    answer._iterator.close()  # as the server does, but for the connection, which is the test's
    assert Initiative.objects.filter(frequence__in=["Chaque mois", "Le soir"]).count() == 0
    assert Import.objects.get().applique_le is None
    assert "Import fait : 2 lignes écrites." in written(workshop, page)
