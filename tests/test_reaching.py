"""Whoever can be reached from a fiche or an organisation, nearest first; whom to call then, and what to say to them."""

import csv
import html
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.core.enums import Modalite, Regions, Type
from initiatives.importer.load import load_directory
from initiatives.models import Contact, Initiative, Organisme, PointEntree, Porteur, Sondage
from initiatives.publishing import saying

from .conftest import pdf_text
from .forms import address, form_data

pytestmark = pytest.mark.django_db

DIRECTION = "cisss-de-laval-direction-programme-jeunesse"
FICHE, NUMBER = "les-survivantes", 145
TITLED = ": « Les Survivantes »."
PUT_IN_TOUCH = (
    "Qui peut vous mettre en lien",
    "211 Services sociaux et communautaires Quelqu'un cherche le service avec vous. "
    "811 Info-Social Choisissez Info-Social : on peut vous diriger vers un service.",
)
IN_ENGLISH = (
    "Who can put you in touch",
    "211 Social and community services Somebody looks for the service with you. "
    "811 Info-Social Choose Info-Social: they can direct you to a service.",
)


def contact(holder, nature="courriel", valeur="info@example.org", precision="", visibilite="publique"):
    whose = {"organisme" if isinstance(holder, Organisme) else "initiative": holder}
    return Contact.objects.create(**whose, nature=nature, valeur=valeur, precision=precision, visibilite=visibilite)


def organisme(slug) -> Organisme:
    return Organisme.objects.get(slug=slug)


def carried_by(*slugs):
    """The fiche of the tests, and who carries it."""
    Porteur.objects.filter(initiative=NUMBER).delete()
    for rang, slug in enumerate(slugs, 1):
        Porteur.objects.create(initiative_id=NUMBER, organisme=organisme(slug), rang=rang)
    return Initiative.objects.get(pk=NUMBER)


def text_of(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</d[dt]>|<br>|</p>", " ", part))).split())


def joindre(visitor, path: str) -> str:
    """What a page says under « Joindre »."""
    page = visitor.page(path)
    part = page[page.index('id="joindre"') :]
    return text_of(part[part.index("</h2>") : part.index("</section>")])


def of_fiche(visitor, language="") -> str:
    return joindre(visitor, f"{language}/initiatives/{FICHE}/")


def in_document(visitor, language="") -> str:
    """The same in the fiche's document, whose section has the same title."""
    text = pdf_text(visitor.get(f"{language}/initiatives/{FICHE}.pdf").content)
    title, after = ("Get in touch ", " Where this record") if language else ("Joindre ", " D'où vient")
    return text[text.rindex(title) + len(title) : text.index(after)]


def compared(visitor, language="", other=54) -> list[str]:
    """What the comparison says in the first column: how to reach, and what to say."""
    page = visitor.page(f"{language}/selection/", f=[NUMBER, other])
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>', page, re.DOTALL)
    return [text_of(cell) for _label, cell in rows[-2:]]


def data(visitor, language="") -> dict:
    return visitor.json(f"{language}/initiatives/{FICHE}.json")


def cells(visitor, path="/initiatives.csv", **parameters) -> dict:
    body = visitor.get(path, parameters).getvalue().decode("utf-8-sig")
    return next(row for row in csv.DictReader(io.StringIO(body), delimiter=";") if row["numero"] == str(NUMBER))


@pytest.fixture
def whole():
    """A short fiche with contacts of its own, two porteurs with theirs, one of which is part of another."""
    Initiative.objects.filter(pk=NUMBER).update(description="", objectifs=[])
    fiche = carried_by("pipq", DIRECTION)
    contact(organisme("cisss-de-laval"), "site-web", "https://laval.example.org/")
    contact(organisme(DIRECTION), "adresse", "1, rue d'essai")
    contact(organisme("pipq"), precision="le jour")
    contact(fiche, "courriel", "aide@example.org")
    contact(fiche, "telephone", "418 555-0100", "accueil")
    return fiche


class TestChain:
    @pytest.mark.parametrize(
        ("language", "colon", "rows", "what", "say"),
        [
            (
                "",
                " :",
                [
                    ("L'initiative", "Téléphone 418 555-0100 (accueil) Courriel aide@example.org"),
                    ("Projet Intervention Prostitution Québec (PIPQ)", "Courriel info@example.org (le jour)"),
                    ("Direction programme jeunesse du CISSS de Laval", "Adresse 1, rue d'essai"),
                    (
                        "CISSS de Laval, dont fait partie Direction programme jeunesse du CISSS de Laval",
                        "Site web https://laval.example.org/",
                    ),
                    PUT_IN_TOUCH,
                ],
                "Quoi dire",
                "Appelez le 211 et dites : je cherche à joindre PIPQ, à Montréal, pour des témoignages de survivantes "
                + TITLED,
            ),
            (
                "/en",
                ":",
                [
                    ("The initiative", "Telephone 418 555-0100 (accueil) Email aide@example.org"),
                    ("Projet Intervention Prostitution Québec (PIPQ)", "Email info@example.org (le jour)"),
                    ("Direction programme jeunesse du CISSS de Laval", "Address 1, rue d'essai"),
                    (
                        "CISSS de Laval, which includes Direction programme jeunesse du CISSS de Laval",
                        "Website https://laval.example.org/",
                    ),
                    IN_ENGLISH,
                ],
                "What to say",
                "Call 211 and say: I am trying to reach PIPQ, in Montréal, about survivors' testimonies: "
                "“Les Survivantes”.",
            ),
        ],
    )
    def test_nearest_first_wherever_a_fiche_is_said(self, visitor, whole, language, colon, rows, what, say):
        said = " ".join(f"{label} {ways}" for label, ways in [*rows, (what, say)])
        assert of_fiche(visitor, language) == in_document(visitor, language) == said
        assert compared(visitor, language) == [" ".join(f"{label}{colon} {ways}" for label, ways in rows[:-1]), say]

    def test_each_is_a_link(self, visitor, whole):
        page = visitor.page(f"/initiatives/{FICHE}/")
        part = page[page.index('id="joindre"') :]
        assert re.findall('href="([^"]+)"', part[: part.index("</section>")]) == [
            *("tel:4185550100", "mailto:aide@example.org", "mailto:info@example.org", "https://laval.example.org/"),
            *("tel:211", "tel:811"),
        ]

    def test_as_data(self, visitor, whole):
        row = data(visitor)
        assert [tuple(found.values()) for found in row["contacts"]] == [
            ("initiative", None, "telephone", "418 555-0100", "accueil"),
            ("initiative", None, "courriel", "aide@example.org", ""),
            ("porteur", "pipq", "courriel", "info@example.org", "le jour"),
            ("porteur", DIRECTION, "adresse", "1, rue d'essai", ""),
            ("parent", "cisss-de-laval", "site-web", "https://laval.example.org/", ""),
        ]
        assert list(row["contacts"][0]) == ["de", "organisme", "nature", "valeur", "precision"]
        assert row["points_entree"] == [
            {
                "nom": "Services sociaux et communautaires",
                "telephone": "211",
                "note": "Quelqu'un cherche le service avec vous.",
            },
            {
                "nom": "Info-Social",
                "telephone": "811",
                "note": "Choisissez Info-Social : on peut vous diriger vers un service.",
            },
        ]
        assert row["a_dire"].startswith("Appelez le 211 et dites : je cherche à joindre PIPQ, à Montréal, ")
        assert visitor.json(q='"survivantes"', region="montreal")["resultats"][0] == row
        english = data(visitor, "/en")
        assert english["contacts"] == row["contacts"]
        assert english["points_entree"][0]["nom"] == "Social and community services"
        assert english["a_dire"].startswith("Call 211 and say: I am trying to reach PIPQ, in Montréal, ")

    def test_as_cells(self, visitor, whole):
        for path in ("/initiatives.csv", "/selection.csv"):
            row = cells(visitor, path, f=NUMBER)
            assert row["contacts"] == (
                "Téléphone : 418 555-0100 (accueil) | Courriel : aide@example.org | "
                "PIPQ, Courriel : info@example.org (le jour) | "
                "Direction programme jeunesse du CISSS de Laval, Adresse : 1, rue d'essai | "
                "CISSS de Laval, Site web : https://laval.example.org/"
            )
            assert row["points_entree"] == "Services sociaux et communautaires : 211 | Info-Social : 811"
            assert row["a_dire"] == data(visitor)["a_dire"]
        row = cells(visitor, "/en/initiatives.csv")
        assert row["contacts"].startswith("Telephone: 418 555-0100 (accueil) | Email: aide@example.org | PIPQ, Email: ")
        assert row["points_entree"] == "Social and community services: 211 | Info-Social: 811"
        Contact.objects.all().delete()
        assert cells(visitor)["contacts"] == ""

    def test_each_organisation_once(self, visitor):
        """A parent that carries the fiche too, and that both its directions are part of."""
        carried_by(DIRECTION, "cisss-de-laval", "cisss-de-laval-direction-sante-mentale-et-dependance")
        contact(organisme("cisss-de-laval"))
        assert [(row["de"], row["organisme"]) for row in data(visitor)["contacts"]] == [("porteur", "cisss-de-laval")]
        carried_by(DIRECTION, "cisss-de-laval-direction-sante-mentale-et-dependance")
        assert [(row["de"], row["organisme"]) for row in data(visitor)["contacts"]] == [("parent", "cisss-de-laval")]


class TestPublicAlone:
    def test_what_is_for_editors_is_nowhere(self, visitor, whole):
        """Each holder has a number that conftest refuses on any answer."""
        for holder in (whole, organisme("pipq"), organisme(DIRECTION), organisme("cisss-de-laval")):
            contact(holder, "municipalite", "418 555-0142", visibilite="editeurs")
            contact(holder, "telephone", "418 555-0142", visibilite="editeurs")
        for language in ("", "/en"):
            assert of_fiche(visitor, language) == in_document(visitor, language)
            assert len(data(visitor, language)["contacts"]) == 5
            compared(visitor, language)
            cells(visitor, f"{language}/initiatives.csv")
            for slug in ("pipq", DIRECTION, "cisss-de-laval"):
                assert "@example.org" in joindre(visitor, f"{language}/organismes/{slug}/") or slug != "pipq"

    @pytest.mark.parametrize("slug", ["service-de-police-de-levis", "jamais-joint"])
    def test_a_hidden_parent_is_nowhere(self, visitor, slug):
        """Known by a draft alone, or a milieu that was never reached."""
        hidden = Organisme.objects.filter(slug=slug).first()
        if hidden is None:
            hidden = Organisme.objects.create(slug=slug, nom="Jamais joint", categorie="communautaire")
            Sondage.objects.filter(nom="Ciasf").update(organisme=hidden)
        contact(hidden, valeur="hidden@example.org")
        Organisme.objects.filter(slug="spvm").update(fait_partie_de=hidden)
        assert data(visitor)["contacts"] == []
        for said in (of_fiche(visitor), in_document(visitor), joindre(visitor, "/organismes/spvm/"), cells(visitor)):
            assert "hidden@" not in str(said)

    def test_a_contact_of_an_organisation_made_public_in_the_workshop_shows_on_its_fiches(self, visitor, workshop):
        url = address(Organisme, "change", organisme("spvm").pk)
        given = form_data(workshop.get(url))
        assert given["contacts-0-valeur"] == "418 555-0142"
        given |= {"contacts-0-valeur": "prenom.nom@example.org", "contacts-0-nature": "courriel"}
        given |= {"contacts-0-visibilite": "publique"}
        assert "coordonnée d&#x27;une personne" in workshop.post(url, given).content.decode()
        assert "prenom.nom" not in of_fiche(visitor)
        given["contacts-0-valeur"] = "info@example.org"
        assert workshop.post(url, given).status_code == 302
        assert of_fiche(visitor).startswith(
            "Service de police de la Ville de Montréal (SPVM) Courriel info@example.org (réservé) Qui peut"
        )
        assert data(visitor)["contacts"][0]["valeur"] == "info@example.org"


class TestNothingKnown:
    def test_the_source_gives_none(self, visitor):
        say = (
            "Appelez le 211 et dites : je cherche à joindre le SPVM, à Montréal, pour des témoignages de survivantes "
            + TITLED
        )
        none = "Aucun numéro ni adresse n'est connu, et le répertoire n'en invente pas."
        assert of_fiche(visitor) == in_document(visitor) == f"{none} {' '.join(PUT_IN_TOUCH)} Quoi dire {say}"
        assert compared(visitor) == [none, say]
        assert data(visitor)["contacts"] == []

    def test_a_fiche_without_a_source(self, visitor):
        Initiative.objects.filter(pk=NUMBER).update(source=None)
        none = "Aucun numéro ni adresse n'est connu, et le répertoire n'en invente pas."
        assert of_fiche(visitor).startswith(f"{none} Qui ")

    def test_no_entry_point_either(self, visitor):
        PointEntree.objects.update(actif=False)
        none = "Aucun numéro ni adresse n'est connu, et le répertoire n'en invente pas."
        say = "Dites : je cherche à joindre le SPVM, à Montréal, pour des témoignages de survivantes " + TITLED
        assert of_fiche(visitor) == in_document(visitor) == f"{none} Quoi dire {say}"
        assert compared(visitor) == [none, say]
        assert (data(visitor)["points_entree"], cells(visitor)["points_entree"]) == ([], "")
        assert data(visitor, "/en")["a_dire"].startswith("Say: I am trying to reach the SPVM, in Montréal, about ")


def test_an_organisation(visitor):
    none = "Aucun numéro ni adresse n'est connu, et le répertoire n'en invente pas."
    say = "Appelez le 211 et dites : je cherche à joindre la Direction programme jeunesse du CISSS de Laval."
    path = f"/organismes/{DIRECTION}/"
    assert joindre(visitor, path) == f"{none} {' '.join(PUT_IN_TOUCH)} Quoi dire {say}"
    contact(organisme("cisss-de-laval"))
    parent = "CISSS de Laval, dont fait partie Direction programme jeunesse du CISSS de Laval"
    assert joindre(visitor, path) == f"{parent} Courriel info@example.org {' '.join(PUT_IN_TOUCH)} Quoi dire {say}"
    contact(organisme(DIRECTION), valeur="direction@example.org")
    own = "Direction programme jeunesse du CISSS de Laval Courriel direction@example.org"
    assert (
        joindre(visitor, path) == f"{own} {parent} Courriel info@example.org {' '.join(PUT_IN_TOUCH)} Quoi dire {say}"
    )
    english = joindre(visitor, f"/en{path}")
    assert english.endswith(
        f"{' '.join(IN_ENGLISH)} What to say Call 211 and say: "
        "I am trying to reach the Direction programme jeunesse du CISSS de Laval."
    )


class TestEntryPoints:
    def new(self, **fields):
        given = {"slug": "essai", "nom_fr": "Guichet", "nom_en": "Counter", "telephone": "450 555-0177"}
        point = PointEntree(**given | {"provenance": "Essai"} | fields)
        point.full_clean()
        point.save()
        return point

    def numbers(self, visitor, slug=FICHE) -> list[str]:
        return [row["telephone"] for row in visitor.json(f"/initiatives/{slug}.json")["points_entree"]]

    def test_only_public_short_numbers_are_delivered_for_every_region(self):
        rows = PointEntree.objects.values_list("telephone", "region", "actif")
        assert list(rows) == [("211", None, True), ("811", None, True)]
        assert {label for row in PointEntree.objects.all() for label in (row.provenance,)} == {
            "numéro public (pages du service 211)",
            "numéro public (pages des CISSS sur Info-Social)",
        }

    def test_those_of_the_region_come_first_and_are_called(self, visitor):
        self.new(region_id="montreal")
        self.new(slug="partout", telephone="450 555-0178", ordre=1)
        assert self.numbers(visitor) == ["450 555-0177", "450 555-0178", "211", "811"]
        assert self.numbers(visitor, "mobilis") == ["450 555-0178", "211", "811"]
        said = of_fiche(visitor)
        assert "Qui peut vous mettre en lien 450 555-0177 Guichet 450 555-0178 Guichet 211 Services" in said
        assert "Quoi dire Appelez le 450 555-0177 et dites : je cherche" in said
        assert "450 555-0177" in joindre(visitor, "/organismes/spvm/")
        everywhere = joindre(visitor, f"/organismes/{Organisme.objects.publics().filter(region=None)[0].slug}/")
        assert "450 555-0177" not in everywhere
        assert "Appelez le 450 555-0178" in everywhere

    def test_a_change_is_seen_at_once(self, visitor):
        visitor.page(f"/initiatives/{FICHE}/")
        self.numbers(visitor)
        PointEntree.objects.filter(slug="211").update(actif=False)
        assert "211" not in of_fiche(visitor)
        assert self.numbers(visitor) == ["811"]

    def test_a_retired_one_is_not_brought_back(self, visitor):
        PointEntree.objects.filter(slug="211").update(actif=False, nom_fr="Autre")
        load_directory()
        assert list(PointEntree.objects.values_list("slug", "actif", "nom_fr")) == [
            ("211", False, "Autre"),
            ("811", True, "Info-Social"),
        ]

    def test_made_and_changed_in_the_workshop(self, visitor, workshop):
        url = address(PointEntree, "add")
        given = form_data(workshop.get(url)) | {
            "nom_fr": "Guichet d'ici",
            "nom_en": "Counter here",
            "telephone": "450 555-0177",
            "provenance": "Essai",
            "region": "montreal",
            "note_fr": "Sans rendez-vous.",
        }
        assert workshop.post(url, given).status_code == 302
        point = PointEntree.objects.get(region="montreal")
        assert point.slug == "guichet-d-ici"
        assert "450 555-0177 Guichet d'ici Sans rendez-vous. 211" in of_fiche(visitor)
        assert "450 555-0177 Counter here 211" in of_fiche(visitor, "/en")
        url = address(PointEntree, "change", point.pk)
        assert workshop.post(url, form_data(workshop.get(url)) | {"telephone": "450 555-0188"}).status_code == 302
        assert self.numbers(visitor)[0] == "450 555-0188"
        history = workshop.get(address(PointEntree, "history", point.pk)).content.decode()
        assert "téléphone" in history.lower()

    def test_it_has_a_number(self):
        with pytest.raises(ValidationError):
            self.new(telephone="")


class TestWordsToSay:
    def say(self, visitor, language="", **fields) -> str:
        if fields:
            Initiative.objects.filter(pk=NUMBER).update(**fields)
        call, _colon, said = data(visitor, language)["a_dire"].partition(" : " if not language else ": ")
        assert call == ("Call 211 and say" if language else "Appelez le 211 et dites")
        return said.replace(": “Les Survivantes”" if language else " : « Les Survivantes »", "")

    @pytest.mark.parametrize(
        ("slug", "french", "english"),
        [
            ("pipq", "PIPQ", "PIPQ"),
            ("spvm", "le SPVM", "the SPVM"),
            ("maison-kekpart", "la Maison Kekpart", "the Maison Kekpart"),
            ("uqam", "l'UQAM", "the UQAM"),
            ("l-anonyme", "L'Anonyme", "L'Anonyme"),
        ],
    )
    def test_who(self, visitor, slug, french, english):
        carried_by(slug)
        assert self.say(visitor, region="gaspesie", modalite="") == (
            f"je cherche à joindre {french}, en Gaspésie, pour un projet d'intervention."
        )
        assert (
            self.say(visitor, "/en") == f"I am trying to reach {english}, in Gaspésie, about an intervention project."
        )

    def test_nobody_carries_it(self, visitor):
        """A porteur that is only printed may name a person."""
        carried_by()
        fields = {"titre": "Vers <l'aide>", "porteur_mention": "Une Personne", "modalite": "hebergement"}
        assert self.say(visitor, region="outaouais", **fields) == (
            "je cherche à joindre l'initiative « Vers <l'aide> », en Outaouais, pour de l'hébergement."
        )
        assert self.say(visitor, "/en") == (
            "I am trying to reach the initiative “Vers <l'aide>”, in Outaouais, about a place to stay."
        )
        page = visitor.page(f"/en/initiatives/{FICHE}/")
        assert 'reach the initiative “<span lang="fr">Vers &lt;l&#x27;aide&gt;</span>”, in Outaouais' in page

    @pytest.mark.parametrize(
        ("town", "french", "english"),
        [
            ("Québec", ", à Québec", ", in Québec"),
            ("Le Bic", ", au Bic", ", in Le Bic"),
            ("Les Escoumins", ", aux Escoumins", ", in Les Escoumins"),
        ],
    )
    def test_in_the_town_that_is_known(self, visitor, town, french, english):
        fiche = carried_by("pipq", "spvm")
        contact(organisme("spvm"), "municipalite", "Ailleurs")
        assert ", à Montréal, pour" in self.say(visitor)
        contact(organisme("pipq"), "municipalite", town)
        assert self.say(visitor, modalite="", types=[]) == f"je cherche à joindre PIPQ{french}."
        assert self.say(visitor, "/en") == f"I am trying to reach PIPQ{english}."
        contact(fiche, "municipalite", "Laval")
        assert self.say(visitor) == "je cherche à joindre PIPQ, à Laval."

    def test_what_the_name_says_is_not_said_again(self, visitor):
        carried_by("service-de-police-de-laval")
        assert self.say(visitor, region="laval", modalite="ateliers") == (
            "je cherche à joindre le Service de police de Laval, pour un atelier."
        )
        carried_by("table-de-concertation-en-exploitation-sexuelle-de-lanaudiere")
        assert self.say(visitor, modalite="autre", types=["concertation"]) == (
            "je cherche à joindre la Table de concertation en exploitation sexuelle de Lanaudière, à Laval."
        )

    @pytest.mark.parametrize(
        ("modalite", "types", "said"),
        [
            ("ateliers", ["formation"], ", pour un atelier."),
            ("sans-objet", ["formation"], ", pour une formation."),
            ("autre", ["formation", "outil"], "."),
            ("", [], "."),
        ],
    )
    def test_what_for(self, visitor, modalite, types, said):
        carried_by("pipq")
        assert self.say(visitor, modalite=modalite, types=types) == f"je cherche à joindre PIPQ, à Montréal{said}"

    @pytest.mark.parametrize(
        ("titre", "said"),
        [
            ("Les Survivantes", " : « Les Survivantes »."),
            ("Atelier « Choisis le bon gang »", " : Atelier « Choisis le bon gang »."),
            ("PIPQ", "."),
            ("Programme AIMER (Affirmation - Image de soi - Mettre ses limites - Être)", " : « Programme AIMER »."),
        ],
    )
    def test_which_one_of_theirs(self, visitor, titre, said):
        """As one says it on the phone: a long title to its first pause, none that the name says already."""
        carried_by("pipq")
        Initiative.objects.filter(pk=NUMBER).update(titre=titre, modalite="", types=[])
        dire = data(visitor)["a_dire"]
        assert dire == f"Appelez le 211 et dites : je cherche à joindre PIPQ, à Montréal{said}"

    def test_every_region_and_every_kind_of_help_is_said(self):
        assert list(saying.WHERE) == list(Regions)
        assert set(saying.WHAT) == {*Modalite, *Type} - {Modalite.AUTRE, Modalite.SANS_OBJET}

    def test_an_organisation_of_the_whole_of_quebec_is_nowhere_in_particular(self, visitor):
        Organisme.objects.filter(slug="pipq").update(region=None)
        said = joindre(visitor, "/organismes/pipq/")
        assert said.endswith("Quoi dire Appelez le 211 et dites : je cherche à joindre PIPQ.")


def test_a_card_leads_to_how_to_reach(visitor):
    page = visitor.page("/initiatives/", q="survivantes", region="montreal", f=[54], discret="1")
    assert re.search(r'<a href="/initiatives/les-survivantes/\?f=54&amp;discret=1#joindre">\s*Comment joindre<', page)
    assert 'id="joindre"' in visitor.page(f"/initiatives/{FICHE}/")
    english = " ".join(visitor.page("/en/initiatives/", q="survivantes", region="montreal").split())
    named = 'How to reach<span class="lecteur">: <span lang="fr">Les Survivantes</span></span>'
    assert f'<a href="/en/initiatives/les-survivantes/#joindre"> {named} </a>' in english


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (f"/initiatives/{FICHE}.json", 6),  # version, fiche, porteurs, sources, corrections, ways in
        (
            "/initiatives.json?region=laval",
            11,
        ),  # and fiches, counts, names of organisations and of needs, numbers: no index
        ("/selection/?f=145&f=54", 5),  # and help lines
        ("/selection.csv?f=145&f=54", 7),  # and numbers
    ],
)
def test_it_costs_the_same_whatever_is_known(visitor, whole, from_the_database, path, queries):
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            visitor.get(path)
        counts.append(len(asked))
        Contact.objects.all().delete()
    assert counts == [queries, queries]
