"""A file that left a while ago: what others published since is not undone; and what an import did is read again."""

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook

from initiatives.keeping import history
from initiatives.models import Contact, Import, Initiative

from .forms import address, as_csv, upload, written
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PHONE = {"nature": "telephone", "valeur": "418 555-0100", "precision": "", "visibilite": "publique"}


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


def export(browser, kind="csv", numbers=(145,)):
    sent = {"action": f"export_{kind}", "_selected_action": numbers}
    return browser.post(address(Initiative, "changelist"), sent).content


def changed(content, **cells):
    """The CSV with these cells typed over, in its one line."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    row = dict(zip(*rows, strict=True)) | cells
    return as_csv(list(row), list(row.values()))


def publish(editor, numero=145, **values):
    """What a colleague publishes."""
    with history.change(fiche(numero), "modification", editor) as row:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))


def refusals(answer):
    return [(row.ligne, row.colonne, row.raison) for row in answer.context["refusees"]]


class TestSince:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_what_nobody_touched_in_the_file_is_not_undone(self, workshop, editor, kind):
        """Fails where a cell is compared with what the fiche says now alone."""
        content = export(workshop, kind)
        publish(editor, frequence="Chaque mois", description="Ce que la collègue a publié")
        Contact.objects.create(initiative=fiche(), **PHONE)
        with history.change(fiche(), "modification", editor):
            pass
        answer = upload(workshop, content, f"a.{kind}")
        assert (answer.context["changees"], refusals(answer), answer.context["inchangees"]) == ([], [], 1)
        assert "confirmer" not in answer.context

    def test_what_was_typed_is_written_and_the_rest_is_kept_and_told(self, workshop, editor):
        content = changed(export(workshop), lieu="scolaire")
        publish(editor, frequence="Chaque mois")
        answer = upload(workshop, content)
        (change,) = answer.context["changees"]
        assert (change.wanted, change.depuis) == ({"lieu": "scolaire"}, ["Fréquence des activités"])
        page = answer.content.decode()
        assert "Changé par d'autres depuis que le fichier est sorti, et gardé :" in page.replace("&#x27;", "'")
        assert "Import fait" in written(workshop, answer)
        assert (fiche().lieu, fiche().frequence) == ("scolaire", "Chaque mois")

    def test_a_cell_that_both_changed_is_refused_with_both(self, workshop, editor):
        content = changed(export(workshop), frequence="Chaque jour", lieu="scolaire")
        publish(editor, frequence="Chaque mois")
        answer = upload(workshop, content)
        said = (
            "Changé entre-temps : la fiche dit « Chaque mois », le fichier « Chaque jour ». Recopiez la fiche, ou "
            "corrigez-la dans l'atelier."
        )
        assert refusals(answer) == [(2, "frequence", said)]
        assert answer.context["changees"] == []
        # What the fiche says is no change: the line is then written.
        again = upload(workshop, changed(content, frequence="Chaque mois"))
        assert (refusals(again), again.context["changees"][0].wanted) == ([], {"lieu": "scolaire"})

    def test_both_changed_it_alike(self, workshop, editor):
        content = changed(export(workshop), frequence="Chaque mois")
        publish(editor, frequence="Chaque mois")
        answer = upload(workshop, content)
        assert (refusals(answer), answer.context["changees"]) == ([], [])

    def test_a_status_decided_since_is_no_reason_to_refuse(self, workshop, editor):
        content = changed(export(workshop), lieu="scolaire")
        publish(editor, statut="archivee")
        answer = upload(workshop, content)
        assert (refusals(answer), answer.context["changees"][0].wanted) == ([], {"lieu": "scolaire"})

    def test_needs_that_follow_from_what_was_published_are_no_reason_either(self, workshop, editor):
        row = Initiative.objects.publiees().filter(types=["outil"]).exclude(besoins=[]).first()
        content = export(workshop, numbers=[row.pk])
        publish(editor, row.pk, types=[], modalite="", clienteles=[])
        assert fiche(row.pk).besoins != row.besoins
        assert refusals(upload(workshop, content)) == []

    @pytest.mark.parametrize(
        ("version", "words"),
        [("999", "Cette fiche n'a pas de version 999."), ("x", "Un nombre entier est attendu.")],
    )
    def test_a_version_that_is_none_is_refused(self, workshop, version, words):
        answer = upload(workshop, as_csv(["numero", "frequence", "version"], [145, "Chaque mois", version]))
        assert refusals(answer) == [(2, "version", words)]

    def test_without_the_column_one_is_warned(self, workshop):
        """Fails where a line that says nothing of its version is not counted."""
        answer = upload(workshop, as_csv(["numero", "frequence"], [145, "Un"], [144, "Deux"], ["", "Trois"]))
        assert answer.context["sans_version"] == 2
        assert "ne disent pas quelle version" in answer.content.decode()
        with_it = upload(workshop, changed(export(workshop), lieu="scolaire"))
        assert with_it.context["sans_version"] == 0
        assert "ne dit pas quelle version" not in with_it.content.decode()

    def test_the_refused_lines_come_back_with_their_version(self, workshop, editor):
        content = changed(export(workshop), frequence="Chaque jour")
        publish(editor, frequence="Chaque mois")
        page = upload(workshop, content)
        back = workshop.post(address(Initiative, "refus"), {"refus": page.context["refus"]}).content
        again = upload(workshop, back, "a.xlsx")
        assert [row[1] for row in refusals(again)] == ["frequence"]

    def test_the_model_has_no_such_column(self, workshop):
        sheet = load_workbook(io.BytesIO(workshop.get(address(Initiative, "modele")).content)).active
        assert "Version lue (à laisser)" not in [cell.value for cell in sheet[1]]


def book(*rows, merged=()):
    sheet = (file := Workbook()).active
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


class TestMergedCells:
    def test_what_they_hide_is_refused_with_words(self, workshop):
        rows = ["numero", "frequence", "description"], [144, "Un", "Texte"], [145, "Deux", "Autre"]
        answer = upload(workshop, book(*rows, merged=["C2:C3"]), "a.xlsx")
        words = "Des cellules fusionnées : défusionnez-les, et écrivez la valeur de chacune."
        assert refusals(answer) == [(3, "description", words)]
        assert [row.numero for row in answer.context["changees"]] == [144]
        answer = upload(workshop, book(*rows, merged=["B2:C3"]), "a.xlsx")
        assert [row[:2] for row in refusals(answer)] == [(2, "description"), (3, "frequence"), (3, "description")]

    def test_beyond_the_columns_they_hide_nothing(self, workshop):
        rows = ["numero", "frequence"], [145, "Deux"]
        answer = upload(workshop, book(*rows, merged=["E2:Z99"]), "a.xlsx")
        assert (refusals(answer), len(answer.context["changees"])) == ([], 1)


class TestCells:
    def test_spaces_around_are_nothing(self, workshop):
        cells = [" Table de concertation ", "laval", "en-application", "\u00a0Un texte\n", "  "]
        answer = upload(workshop, as_csv(["titre", "region", "stade", "description", "frequence"], cells))
        wanted = answer.context["creees"][0].wanted
        assert (wanted["titre"], wanted["description"]) == ("Table de concertation", "Un texte")
        assert wanted["frequence"] == ""

    def test_a_line_of_spaces_is_no_line(self, workshop):
        answer = upload(workshop, as_csv(["numero", "frequence"], [145, "Un"], [" ", " "]))
        assert (len(answer.context["changees"]), refusals(answer)) == (1, [])

    def test_spaces_that_the_base_has_already_are_no_change(self, workshop):
        Initiative.objects.filter(pk=145).update(frequence=" Chaque mois ")
        answer = upload(workshop, export(workshop))
        assert (answer.context["changees"], refusals(answer)) == ([], [])

    @pytest.mark.parametrize(
        ("column", "typed", "words"),
        [
            ("verifiee_le", "31/02/2026", "« 31/02/2026 » n'est pas une date : année-mois-jour, comme 2024-01-15."),
            ("contacts", "418 555-0101", "Exemple : « Téléphone : 418 555-0100 : Publique »."),
        ],
    )
    def test_what_is_expected_has_an_example(self, workshop, column, typed, words):
        ((_line, _column, reason),) = refusals(upload(workshop, as_csv(["numero", column], [145, typed])))
        assert words in reason

    def test_the_example_is_one(self, workshop):
        answer = upload(workshop, as_csv(["numero", "contacts"], [145, "Téléphone : 418 555-0100 : Publique"]))
        assert refusals(answer) == []

    def test_an_unknown_number_is_said_again(self, workshop):
        answer = upload(workshop, as_csv(["numero", "frequence"], [9999, "Un"]))
        assert refusals(answer) == [(2, "numero", "Aucune fiche n'a le numéro « 9999 ».")]


class TestReadAgain:
    def imported(self, workshop):
        upload(workshop, as_csv(["numero", "frequence"], [145, "Chaque mois"]))
        new = ["Une table d'essai", "laval", "en-application"]
        answer = upload(workshop, as_csv(["titre", "region", "stade"], new))
        return written(workshop, answer), Import.objects.first()

    def test_after_it_one_sees_its_fiches(self, workshop):
        """Fails where what was made is not kept with the import."""
        page, row = self.imported(workshop)
        made = Initiative.objects.latest("numero")
        listed = f"{address(Initiative, 'changelist')}?import={row.pk}"
        assert f'href="{listed}"' in page
        assert [fiche.pk for fiche in workshop.get(listed).context["cl"].result_list] == [made.pk]
        whole = workshop.get(f"{address(Initiative, 'changelist')}?import=99999").context["cl"]
        assert whole.result_count == Initiative.objects.count()

    def test_its_page_is_in_words_with_its_fiches(self, workshop):
        _page, row = self.imported(workshop)
        text = workshop.get(address(Import, "change", row.pk)).content.decode()
        made = Initiative.objects.latest("numero")
        assert f'href="{address(Initiative, "change", made.pk)}"' in text
        assert ("<dd>Laval</dd>" in text, "<dd>En application</dd>" in text, "&quot;valeurs&quot;" in text) == (
            *(True, True, False),
        )
        older = Import.objects.last()
        text = workshop.get(address(Import, "change", older.pk)).content.decode()
        assert f'href="{address(Initiative, "change", 145)}"' in text
        assert "Chaque mois" in text
        assert f"import={older.pk}" not in text  # not written yet

    def test_nobody_is_led_to_accounts_that_are_closed(self, workshop):
        _page, row = self.imported(workshop)
        for role in ("rédaction", "administration"):
            page = session(account(role)).get(address(Import, "change", row.pk)).content.decode()
            assert ("/admin/auth/user/" in page.split("<main")[-1], str(row.par) in page) == (False, True)

    def test_of_many_lines_the_first(self, workshop, monkeypatch):
        monkeypatch.setattr("initiatives.admin.spreadsheet.SHOWN", 1)
        upload(workshop, as_csv(["numero", "frequence"], [145, "Un"], [144, "Deux"], [143, "Trois"]))
        text = workshop.get(address(Import, "change", Import.objects.first().pk)).content.decode()
        assert text.count("<dt>") == 1
        assert "Et 2 autres lignes." in text
