"""Spreadsheets as editors keep them: names for codes, Excel's own CSV, a model to fill, and the refused lines back."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from initiatives.core.enums import Clientele, Lieu, Regions
from initiatives.keeping.spreadsheet import RefusedError, returning
from initiatives.models import Import, Initiative, Organisme

from .forms import UPLOAD, as_csv, upload, written

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

NEW = ["titre", "region", "stade"]


def refusals(answer):
    return [(row.ligne, row.colonne, row.raison) for row in answer.context["refusees"]]


def wanted(browser, heading, *cells):
    """What one new line means, by column."""
    answer = upload(browser, as_csv([*NEW, *heading], ["Essai", "laval", "en-application", *cells]))
    assert refusals(answer) == []
    return answer.context["creees"][0].wanted


def sheet(content, place=0):
    return load_workbook(io.BytesIO(content)).worksheets[place]


def texts(rows):
    return [[cell.value for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("heading", "typed", "value"),
    [
        ("region", "Laurentides", "laurentides"),
        ("region", "LAURENTIDES", "laurentides"),
        ("region", " cote nord ", "cote-nord"),
        ("region", "Montérégie", "monteregie"),
        ("stade", "En application", "en-application"),
        ("stade", "EN DEVELOPPEMENT", "en-developpement"),
        ("stade", "In operation", "en-application"),
        ("types", "Projet de prévention", ["prevention"]),
        ("types", "outil; FORMATION", ["outil", "formation"]),
        ("types", "Formation, Outil", ["outil", "formation"]),
        ("clienteles", "milieu scolaire | Milieux policiers", ["police", "scolaire"]),
        ("lieu", "milieu scolaire", "scolaire"),
        ("lieu", "dans la communaute", "communaute"),
        ("modalite", "Mentorat/pair-aidance", "mentorat"),
        ("cible", "Autre", "autre"),
        ("sexe", "Tous les sexes", "tous"),
        ("financement", "financé", "finance"),
        ("financement", "Non financé", "non-finance"),
        ("implications", "Proxénète | victimes", ["victime", "proxenete"]),
        (
            "niveaux_risque",
            "Jeunes impliqués dans l'exploitation sexuelle, par le passé ou à l'heure actuelle",
            ["impliques"],
        ),
        ("langue", "Anglais", "en"),
        ("langue_objectifs", "fr", "fr"),
        ("porteurs", "SPVM | pipq", ["spvm", "pipq"]),
        ("objectifs", "Un\nDeux | Trois, et quatre; cinq", ["Un", "Deux", "Trois, et quatre; cinq"]),
    ],
)
def test_a_value_is_its_code_or_its_name_in_any_writing(workshop, heading, typed, value):
    cells = {"titre": "Essai", "region": "laval", "stade": "en-application"} | {heading: typed}
    answer = upload(workshop, as_csv(list(cells), list(cells.values())))
    assert refusals(answer) == []
    assert answer.context["creees"][0].wanted[heading] == value
    assert "Import fait" in written(workshop, answer)


@pytest.mark.parametrize("enum", [Regions, Clientele, Lieu])
def test_every_label_of_a_list_is_its_value(workshop, enum):
    name = {Regions: "region", Clientele: "clienteles", Lieu: "lieu"}[enum]
    rows = [[number, str(label).upper()] for number, (_code, label) in enumerate(enum.choices, start=1)]
    Initiative.objects.update(autre_clientele_mention="", region="estrie", clienteles=[], lieu="")
    answer = upload(workshop, as_csv(["numero", name], *rows))
    assert refusals(answer) == []
    found = [change.wanted[name] for change in answer.context["changees"]]
    codes = [code for code in enum.values if code != "estrie"]
    assert found == ([[code] for code in codes] if name == "clienteles" else codes)


@pytest.mark.parametrize("yes", ["oui", "Oui", "VRAI", "x", "X", "1"])
@pytest.mark.parametrize("no", ["non", "Faux", "0"])
def test_yes_and_no_as_they_are_typed(workshop, yes, no):
    found = wanted(workshop, ["tous_ages", "types_connus", "partenaires_tronques"], yes, no, "")
    assert (found["tous_ages"], found["types_connus"], found["partenaires_tronques"]) == (True, False, False)


class TestNames:
    def test_an_organisation_by_any_of_its_names(self, workshop):
        row = Organisme.objects.create(
            slug="essai",
            nom="Maison, d'Essai",
            sigle="MDE",
            nom_court="La Maison",
            categorie="autre",
            variantes=["M.E."],
        )
        for typed in ("essai", "maison, d'essai", "mde", "La maison", "m.e.", str(row)):
            assert wanted(workshop, ["porteurs"], typed)["porteurs"] == ["essai"]

    def test_a_name_of_several_is_asked_again(self, workshop):
        for slug in ("essai-un", "essai-deux"):
            Organisme.objects.create(slug=slug, nom=slug, sigle="MDE", categorie="autre")
        answer = upload(workshop, as_csv(["numero", "porteurs"], [145, "MDE | inconnu"]))
        assert refusals(answer) == [
            (
                2,
                "porteurs",
                "« MDE » : plusieurs s'appellent ainsi. Écrivez : essai-deux · essai-un. Organisme inconnu : inconnu",
            )
        ]

    def test_a_family_is_written_as_it_was(self, workshop):
        Initiative.objects.filter(numero=1).update(famille="Les Survivantes")
        assert wanted(workshop, ["famille"], "LES SURVIVANTES")["famille"] == "Les Survivantes"
        assert wanted(workshop, ["famille"], "Une autre")["famille"] == "Une autre"

    def test_columns_by_their_names(self, workshop):
        answer = upload(
            workshop,
            as_csv(
                ["Numéro", "ANNEE DE CREATION", "Organismes porteurs", "fréquence", "Type"],
                [145, "1999", "PIPQ", "Chaque mois", "Outil"],
            ),
        )
        assert refusals(answer) == []
        assert answer.context["changees"][0].wanted == {
            "annee": 1999,
            "porteurs": ["pipq"],
            "frequence": "Chaque mois",
            "types": ["outil"],
        }
        twice = upload(workshop, as_csv(["numero", "region", "Région administrative"], [1, "", ""]))
        assert twice.context["erreur"] == "Une colonne est là deux fois : region."


class TestEveryError:
    def test_three_wrong_cells_are_three_problems(self, workshop):
        answer = upload(workshop, as_csv(["numero", "stade", "annee", "region"], [145, "?", "vingt", "Atlantide"]))
        assert [row[:2] for row in refusals(answer)] == [(2, "stade"), (2, "annee"), (2, "region")]
        assert "Stade de développement" in answer.content.decode()

    def test_a_wrong_cell_hides_nothing_beside_it(self, workshop):
        Initiative.objects.filter(numero=145).update(tous_ages=False, age_min=None, age_max=None)
        heading = ["numero", "stade", "titre", "age_min", "age_max", "slug", "statut"]
        answer = upload(workshop, as_csv(heading, [145, "?", "x" * 301, 30, 20, "autre", "Archivée"]))
        assert [row[1] for row in refusals(answer)] == ["stade", "statut", "slug", "titre", ""]
        assert "dépasse" in refusals(answer)[-1][2]

    def test_what_cannot_be_read_is_compared_with_nothing(self, workshop):
        Initiative.objects.filter(numero=145).update(tous_ages=False, age_min=None, age_max=18)
        answer = upload(workshop, as_csv(["numero", "age_min", "age_max"], [145, "30", "?"]))
        assert [row[1] for row in refusals(answer)] == ["age_max"]

    def test_a_new_line_says_what_it_lacks_beside_what_is_wrong(self, workshop):
        answer = upload(workshop, as_csv(["titre", "region"], ["", "Atlantide"]))
        assert [row[1] for row in refusals(answer)] == ["region", "titre", "stade"]

    def test_an_unknown_number_hides_no_wrong_cell(self, workshop):
        answer = upload(workshop, as_csv(["numero", "stade"], [999, "?"]))
        assert [row[1] for row in refusals(answer)] == ["stade", "numero"]


NOTICE = "Lu comme un fichier d'Excel (Windows-1252) : vérifiez les accents."


class TestExcel:
    def test_its_french_csv_is_read_and_said(self, workshop):
        content = "Numéro;Fréquence des activités\r\n145;L’été – 5 €\r\n".encode("cp1252")
        answer = upload(workshop, content)
        assert answer.context["avis"] == [NOTICE]
        assert "Windows-1252" in answer.content.decode()
        assert answer.context["changees"][0].wanted == {"frequence": "L’été – 5 €"}

    def test_utf8_comes_first_and_says_nothing(self, workshop):
        answer = upload(workshop, "numero;frequence\n145;L’été".encode())
        assert (answer.context["avis"], answer.context["changees"][0].wanted) == ([], {"frequence": "L’été"})


class TestModel:
    def content(self, browser):
        answer = browser.get(UPLOAD + "modele/")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="fiches-modele.xlsx"'
        return answer.content

    def test_it_has_the_columns_their_lists_and_what_they_hold(self, workshop):
        content = self.content(workshop)
        (heading,) = texts(sheet(content).iter_rows())
        assert heading[:4] == ["Numéro", "Titre", "Description", "Année de création"]
        second = texts(sheet(content, 1).iter_rows())
        lists = {name: [row[place] for row in second[1:] if row[place]] for place, name in enumerate(second[0])}
        assert lists["Région administrative"] == Regions.labels
        assert lists["Tous les âges"] == ["Oui", "Non"]
        assert len(lists["Organismes porteurs"]) == Organisme.objects.count()
        assert len(self.rules(content)) == len(lists)

    def rules(self, content):
        return sheet(content).data_validations.dataValidation

    def test_a_list_refuses_except_where_several_may_be(self, workshop):
        content = self.content(workshop)
        heading = {cell.value: cell.column_letter for cell in sheet(content)[1]}
        found = {str(rule.sqref): rule for rule in self.rules(content)}
        region = found[f"{heading['Région administrative']}2:{heading['Région administrative']}5001"]
        types = found[f"{heading['Types de projet']}2:{heading['Types de projet']}5001"]
        assert (region.showErrorMessage, types.showErrorMessage) == (True, False)
        title, cells = region.formula1.split("!")
        assert title == "'Valeurs permises'"
        first, last = cells.replace("$", "").split(":")
        assert [row[0].value for row in sheet(content, 1)[first:last]] == Regions.labels

    def test_filled_it_is_read(self, workshop):
        book = load_workbook(io.BytesIO(self.content(workshop)))
        filled = {"Titre": "Essai", "Région administrative": "Laurentides", "Stade de développement": "En suspens"}
        book.worksheets[0].append([filled.get(cell.value) for cell in book.worksheets[0][1]])
        file = io.BytesIO()
        book.save(file)
        answer = upload(workshop, file.getvalue(), "a.xlsx")
        assert refusals(answer) == []
        (change,) = answer.context["creees"]
        assert (change.wanted["region"], change.wanted["stade"]) == ("laurentides", "en-suspens")
        assert (change.wanted["langue"], change.wanted["types_connus"]) == ("fr", True)

    def test_empty_it_says_so(self, workshop):
        answer = upload(workshop, self.content(workshop), "a.xlsx")
        assert answer.context["erreur"] == "Il n'y a aucune ligne sous les titres."


class TestCorrections:
    def ask(self, browser, answer):
        return browser.post(UPLOAD + "refus/", {"refus": answer.context["refus"]})

    def test_the_wrong_lines_come_back_with_what_is_wrong(self, workshop):
        heading = ["numero", "Stade", "annee", "frequence"]
        rows = [145, "?", "vingt", "=1+1"], [144, "En application", "2001", "Lundi"], [143, "", "2001", "'tis"]
        answer = upload(workshop, as_csv(heading, *rows))
        back = self.ask(workshop, answer)
        assert back.headers["Content-Disposition"] == 'attachment; filename="fiches-a-corriger.xlsx"'
        found = sheet(back.content)
        assert texts(found.iter_rows()) == [
            heading,
            ["145", "?", "vingt", "'=1+1"],
            ["143", None, "2001", "''tis"],
        ]
        assert {cell.data_type for row in found.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
        noted = {cell.coordinate: cell.comment.text for row in found.iter_rows() for cell in row if cell.comment}
        assert noted.keys() == {"B2", "C2", "B3"}
        assert noted["C2"] == "Un nombre entier est attendu."
        coloured = {cell.coordinate for row in found.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFDBD6"}
        assert coloured == noted.keys()
        assert [line["numero"] for line in Import.objects.get().lignes] == [144]

    def test_corrected_it_is_sent_as_it_is(self, workshop):
        back = self.ask(workshop, upload(workshop, as_csv(["numero", "stade", "frequence"], [145, "?", "=1+1"])))
        book = load_workbook(io.BytesIO(back.content))
        book.worksheets[0]["B2"] = "En suspens"
        file = io.BytesIO()
        book.save(file)
        (change,) = upload(workshop, file.getvalue(), "a.xlsx").context["changees"]
        assert change.wanted == {"stade": "en-suspens", "frequence": "=1+1"}

    def test_a_column_is_added_only_where_its_empty_cells_empty_nothing(self, workshop):
        back = self.ask(workshop, upload(workshop, as_csv(["titre", "stade"], ["Essai", "En suspens"])))
        assert texts(sheet(back.content).iter_rows()) == [
            ["titre", "stade", "Région administrative"],
            ["Essai", "En suspens", None],
        ]
        assert sheet(back.content)["C2"].comment.text
        answer = upload(workshop, as_csv(["numero", "titre", "stade"], ["", "Essai", "En suspens"], [145, "A", "?"]))
        found = sheet(self.ask(workshop, answer).content)
        assert texts(found.iter_rows())[0] == ["numero", "titre", "stade"]
        assert found["A2"].comment.text.startswith("Région administrative : ")

    def test_what_no_workbook_may_hold_is_left_out(self, workshop):
        content = workshop.post(
            UPLOAD + "refus/",
            {
                "refus": returning.signing.dumps(
                    {"titres": [["titre", "titre"]], "lignes": [[["a\x0bb"], [["", "Non"]]]]},
                    salt=returning.SALT,
                    compress=True,
                )
            },
        ).content
        assert sheet(content)["A2"].value == "ab"

    def test_a_page_of_the_day_before_gives_nothing_back(self, workshop, monkeypatch):
        answer = upload(workshop, as_csv(["numero", "stade"], [145, "?"]))
        later = returning.signing.time.time() + 25 * 3600
        monkeypatch.setattr(returning.signing.time, "time", lambda: later)
        with pytest.raises(RefusedError):
            returning.unpack(answer.context["refus"])

    def test_too_many_lines_are_the_first_that_fit(self, workshop, monkeypatch):
        monkeypatch.setattr(returning, "MAX_PACKED", 400)
        answer = upload(workshop, as_csv(["numero", "stade"], *([number, f"?{number}"] for number in range(1, 41))))
        rows = texts(sheet(self.ask(workshop, answer).content).iter_rows())
        assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, answer.context["rendues"] + 1)]
        assert 0 < answer.context["rendues"] < 40
        assert "premières lignes refusées" in answer.content.decode()

    @pytest.mark.parametrize("sent", ["", "n'importe quoi", "e30:1:x"])
    def test_only_what_was_given_comes_back(self, workshop, sent):
        answer = workshop.post(UPLOAD + "refus/", {"refus": sent}, follow=True)
        assert [str(message) for message in answer.context["messages"]] == [
            "Cette page est trop ancienne : envoyez encore le fichier."
        ]


class TestContacts:
    SENT = "Téléphone : 418 555-0100 : publique : poste 2 | site web : https://example.org:8080/a : réservée"
    READ = [
        {"nature": "telephone", "valeur": "418 555-0100", "precision": "poste 2", "visibilite": "publique"},
        {"nature": "site-web", "valeur": "https://example.org:8080/a", "precision": "", "visibilite": "editeurs"},
    ]

    def contacts(self, fiche):
        return list(fiche.contacts.order_by("pk").values("nature", "valeur", "precision", "visibilite"))

    def test_they_travel_both_ways(self, workshop):
        answer = upload(workshop, as_csv(["numero", "contacts"], [145, self.SENT]))
        assert answer.context["changees"][0].wanted == {"contacts": self.READ}
        written(workshop, answer)
        assert self.contacts(Initiative.objects.get(numero=145)) == self.READ
        data = {"action": "export_xlsx", "_selected_action": [145]}
        content = workshop.post("/admin/initiatives/initiative/", data).content
        cells = dict(zip(*texts(sheet(content).iter_rows()), strict=True))
        assert cells["Contacts"] == (
            "Téléphone : 418 555-0100 : Publique : poste 2"
            " | Site web : https://example.org:8080/a : Réservée à l'équipe éditoriale"
        )
        assert upload(workshop, content, "a.xlsx").context["inchangees"] == 1
        turned = " | ".join(reversed(cells["Contacts"].split(" | ")))
        assert upload(workshop, as_csv(["numero", "contacts"], [145, turned])).context["inchangees"] == 1

    def test_a_new_fiche_has_its_own(self, workshop):
        answer = upload(workshop, as_csv([*NEW, "contacts"], ["Essai", "laval", "En suspens", self.SENT]))
        written(workshop, answer)
        assert self.contacts(Initiative.objects.latest("numero")) == self.READ

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            (
                "pigeon : 12 : publique",
                "Nature : valeur : visibilité. Exemple : « Téléphone : 418 555-0100 : Publique ». Natures : Téléphone",
            ),
            ("téléphone : 418 555-0100", "Visibilités : Publique · À dire aux intervenants seulement · Réservée"),
            (
                "téléphone : 418 555-0100 : publiqe",
                "Visibilités : Publique · À dire aux intervenants seulement · Réservée",
            ),
            ("courriel : a@ : publique | téléphone : non : publique", "Un numéro a trois chiffres"),
            ("courriel : marie.tremblay@example.org : publique", "On dirait la coordonnée d'une personne"),
        ],
    )
    @pytest.mark.parametrize("number", ["145", ""])
    def test_each_is_of_its_kind_and_nobody_s_own(self, workshop, typed, words, number):
        answer = upload(workshop, as_csv(["numero", *NEW, "contacts"], [number, "Essai", "laval", "En suspens", typed]))
        ((_line, column, reason),) = refusals(answer)
        assert (column, words in reason) == ("contacts", True)

    def test_a_person_s_own_may_be_kept_for_editors(self, workshop):
        typed = "courriel : marie.tremblay@example.org : réservée"
        assert wanted(workshop, ["contacts"], typed)["contacts"][0]["visibilite"] == "editeurs"


def test_names_cost_no_query_a_line(workshop):
    def queries(number):
        rows = [[n, "Laurentides", "En suspens", "SPVM", "Outil", "Une famille"] for n in range(1, number + 1)]
        content = as_csv(["numero", "region", "stade", "porteurs", "types", "famille"], *rows)
        with CaptureQueriesContext(connection) as trial:
            upload(workshop, content)
        return len([row for row in trial if "organisme" in row["sql"] and "variantes" in row["sql"]]), len(trial)

    (names, few), (again, many) = queries(2), queries(12)
    assert names == again
    assert few < many


class TestWhatLeavesInWords:
    def export(self, workshop, numbers, kind="xlsx"):
        data = {"action": f"export_{kind}", "_selected_action": numbers}
        return workshop.post("/admin/initiatives/initiative/", data).content

    def cells(self, content):
        return dict(zip(*texts(sheet(content).iter_rows()), strict=True))

    def test_an_editor_reads_words_and_chooses_among_them(self, workshop):
        content = self.export(workshop, [145])
        fiche, cells = Initiative.objects.get(numero=145), self.cells(content)
        assert cells["Région administrative"] == fiche.region_nom
        assert cells["Stade de développement"] == fiche.get_stade_display()
        assert cells["Organismes porteurs"] == " | ".join(row.nom for row in fiche.porteurs)
        assert cells["Types connus"] == "Oui"
        lists = {str(rule.sqref): rule.formula1 for rule in sheet(content).data_validations.dataValidation}
        assert len(lists) > 10
        assert sheet(content, 1).title == "Valeurs permises"

    def test_two_organisations_of_one_name_are_told_apart(self, workshop):
        porteur = Initiative.objects.get(numero=145).porteurs[0]
        Organisme.objects.create(slug="homonyme", nom=porteur.nom, categorie="communautaire")
        content = self.export(workshop, [145])
        assert self.cells(content)["Organismes porteurs"] == porteur.slug
        assert upload(workshop, content, "a.xlsx").context["inchangees"] == 1

    @pytest.mark.parametrize("name", ["Un; deux", "Un | deux", "Un, deux"])
    def test_a_name_that_holds_what_parts_names_comes_back_too(self, workshop, name):
        porteur = Initiative.objects.get(numero=145).porteurs[0]
        Organisme.objects.filter(pk=porteur.pk).update(nom=name)
        assert upload(workshop, self.export(workshop, [145]), "a.xlsx").context["inchangees"] == 1

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_needs_leave_with_the_fiche_and_are_not_changed_there(self, workshop, kind):
        fiche = Initiative.objects.exclude(besoins=[]).earliest("numero")
        content = self.export(workshop, [fiche.pk], kind)
        assert upload(workshop, content, f"a.{kind}").context["inchangees"] == 1
        other = Initiative.objects.exclude(besoins=fiche.besoins).exclude(besoins=[]).earliest("numero")
        answer = upload(workshop, as_csv(["numero", "besoins"], [fiche.pk, " | ".join(other.besoins)]))
        sentence = "Les besoins viennent de leurs règles : ils se changent dans « Besoins »."
        assert refusals(answer) == [(2, "besoins", sentence)]
        answer = upload(workshop, as_csv([*NEW, "Besoins"], ["Essai", "laval", "en-application", "jaser"]))
        assert refusals(answer)[0][1] == "besoins"

    def test_its_queries_do_not_grow(self, workshop):
        def queries(numbers, kind):
            with CaptureQueriesContext(connection) as found:
                self.export(workshop, numbers, kind)
            return len(found)

        for kind in ("csv", "xlsx"):
            assert queries(range(1, 4), kind) == queries(range(1, 60), kind)

    def test_an_organisation_that_is_nearly_written_is_offered(self, workshop):
        Organisme.objects.create(slug="maison-de-l-essai", nom="La Maison de l'Essai", categorie="communautaire")
        answer = upload(workshop, as_csv([*NEW, "porteurs"], ["Essai", "laval", "En suspens", "Maison de lessai"]))
        sentence = "Organisme inconnu : Maison de lessai. Serait-ce maison-de-l-essai?"
        assert refusals(answer) == [(2, "porteurs", sentence)]
