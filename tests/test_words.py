"""What a fiche says, whatever it lacks: the same words everywhere, and every output of it in both languages."""

import html
import re
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.core.enums import NatureContact, Visibilite
from initiatives.hearing import contributions
from initiatives.keeping import moderation
from initiatives.models import Contact, Initiative, Organisme, Porteur, Proposition, Source

from .conftest import pdf_text
from .forms import address, form_data

pytestmark = pytest.mark.django_db
LANGUAGES = ["", "/en"]
WHOLE = {
    "titre": "Une fiche entière",
    "description": "Ce qui se fait.",
    "annee": 2019,
    "stade": "en-suspens",
    "stade_mention": "En suspens (travaux)",
    "porteur_mention": "Porteur imprimé",
    "partenaires": "Partenaire A\nPartenaire B",
    "partenaires_tronques": True,
    "financement": "finance",
    "financement_source": "Une fondation",
    "clienteles": ["jeunes", "parents"],
    "autre_clientele_mention": "Parents d'accueil",
    "age_min": 12,
    "age_max": 17,
    "age_mention": "12 à 17 ans",
    "sexe": "feminin",
    "implications": ["victime"],
    "niveaux_risque": ["a-risque"],
    "objectifs": ["Un premier but", "Un second but"],
    "composantes": "Mentorat\nGroupe",
    "frequence": "Chaque semaine",
    "pour_en_savoir_plus": "Un guide",
    "types": ["intervention"],
    "lieu": "communaute",
    "modalite": "ateliers",
    "cible": "autre",
    "cible_mention": "Fugue",
    "famille": "Une famille",
    "region_id": "laval",
    "verifiee_le": date(2026, 5, 1),
    "a_verifier_le": date(2027, 5, 1),
}
REQUIRED = {"titre", "stade", "region_id"}
OPTIONAL = [name for name in (*WHOLE, "source", "langue_objectifs") if name not in ("titre", "stade", "region_id")]
# A mention of clienteles needs one ticked, and a year leaves no place for its mention.
TOGETHER = {"clienteles": ["autre_clientele_mention"]}
NONSENSE = re.compile(
    r"\bNone\b|\[\]|<(h\d|d[dt]|p|li|td|strong)\b[^>]*>\s*</\1>|(?:[:,·]|\(\s*\))\s*</(?:dd|dt|p|li|td)>"
)


def published(editor, **fields) -> Initiative:
    fiche = Initiative.objects.create(**fields)
    moderation.publish(fiche, editor, "Elle existe.")
    fiche.refresh_from_db()
    return fiche


def sane(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    assert [found[0] for found in NONSENSE.finditer(main)] == []
    return main


def check_outputs(visitor, workshop, fiche):
    """Everything that speaks of this fiche alone."""
    for language in LANGUAGES:
        sane(visitor.page(f"{language}/initiatives/{fiche.slug}/"))
        sane(visitor.page(f"{language}/initiatives/{fiche.slug}/signaler/"))
        assert visitor.json(f"{language}/initiatives/{fiche.slug}.json")["numero"] == fiche.numero
    preview = workshop.get(reverse("admin:initiatives_initiative_apercu", args=[fiche.numero]))
    assert preview.status_code == 200
    sane(preview.content.decode())


def check_lists(visitor, workshop, fiches):
    """Everything that holds several of them."""
    numbers = [fiche.numero for fiche in fiches]
    for language in LANGUAGES:
        for parameters in ({}, {"q": "fiche"}, {"tri": "titre", "q": "entière", "exact": "1"}):
            sane(visitor.page(f"{language}/initiatives/", region="laval", par_page=100, **parameters))
            found = visitor.json(f"{language}/initiatives.json", region="laval", par_page=100, **parameters)
            assert {row["numero"] for row in found["resultats"]} >= set(numbers)
        for path in (
            f"{language}/regions/laval/",
            f"{language}/organismes/pipq/",
            f"{language}/",
            f"{language}/regions/",
        ):
            sane(visitor.page(path))
        for start in range(0, len(numbers), 4):
            chosen = numbers[start : start + 4]
            page = sane(visitor.page(f"{language}/selection/", f=chosen))
            assert len(re.findall(r'<th scope="col">\s*<a', page)) == (len(chosen) if len(chosen) > 1 else 0)
        for path in (f"{language}/selection.csv", f"{language}/initiatives.csv"):
            response = visitor.get(path, {"f": numbers, "region": "laval"} if "init" in path else {"f": numbers})
            assert (response.status_code, b"None" in response.getvalue()) == (200, False)
        text = read_pdf(visitor, f"{language}/selection.pdf", f=numbers)
        assert [int(number) for number in re.findall(r"· Initiative (?:n°|[Nn]o\.) (\d+) ", text)] == numbers
    for kind in ("csv", "xlsx"):
        data = {"action": f"export_{kind}", "_selected_action": numbers}
        assert workshop.post(address(Initiative, "changelist"), data).status_code == 200


def read_pdf(visitor, path, **parameters) -> str:
    response = visitor.get(path, parameters)
    assert response.status_code == 200, path
    text = pdf_text(response.content)
    assert re.findall(r"None(?! of these records)", text) == []
    return text


def test_a_fiche_with_nothing_but_what_is_required(visitor, workshop, editor):
    fiche = published(editor, titre="Une fiche nue", stade="en-application", region_id="laval")
    other = published(editor, titre="Une autre fiche, aussi nue que entière", stade="en-suspens", region_id="laval")
    Porteur.objects.create(initiative=other, organisme=Organisme.objects.get(slug="pipq"))
    check_outputs(visitor, workshop, fiche)
    for language in LANGUAGES:
        read_pdf(visitor, f"{language}/initiatives/{fiche.slug}.pdf")
    check_lists(visitor, workshop, [other])


@pytest.mark.parametrize("first", range(4))  # the fields in four hands of cards
def test_a_fiche_with_any_field_emptied_in_the_workshop(visitor, workshop, editor, first):
    source = Source.objects.get(slug="recension-2022")
    fiches = {name: published(editor, **WHOLE, source=source) for name in OPTIONAL[first::4]}
    whole = form_data(workshop.get(address(Initiative, "change", next(iter(fiches.values())).pk)))
    for name, fiche in fiches.items():
        data = {field: fiche.pk if field.endswith("-initiative") else value for field, value in whole.items()}
        for emptied in (name, *TOGETHER.get(name, [])):
            if isinstance(data.get(emptied), list | bool):
                del data[emptied]
            else:
                data[emptied] = ""
        response = workshop.post(address(Initiative, "change", fiche.pk), data)
        assert response.status_code == 302, (name, response.context["errors"])
        fiche.refresh_from_db()
        assert getattr(fiche, name) in ("", None, [], False) or name == "a_verifier_le", name
        for language in LANGUAGES:
            sane(visitor.page(f"{language}/initiatives/{fiche.slug}/"))
    check_lists(visitor, workshop, list(fiches.values()))


def main_text(page: str) -> str:
    """What the page says between its header and its footer."""
    text = re.sub(r"<[^>]+>", "", re.sub(r"<br>|</(?:li|p|dt|dd|div|td|th|h\d)>", " ", sane(page)))
    return " ".join(html.unescape(text).split())


def said_of(visitor, fiche, language="") -> list[str]:
    """What is said of a fiche on its page, on its card, in its document and beside another fiche."""
    other = Initiative.objects.get(numero=54)
    pages = [f"{language}/initiatives/{fiche.slug}/", f"{language}/selection/?f={fiche.numero}"]
    compared = main_text(visitor.page(f"{language}/selection/", f=[fiche.numero, other.numero]))
    document = read_pdf(visitor, f"{language}/initiatives/{fiche.slug}.pdf")
    return [*(main_text(visitor.page(path)) for path in pages), document, compared]


class TestWhoIsAccepted:
    @pytest.fixture
    def fiche(self, editor):
        clienteles = ["jeunes", "parents", "police"]
        return published(
            editor, titre="Pour plusieurs", stade="en-application", region_id="laval", clienteles=clienteles, age_min=14
        )

    def test_every_clientele_is_told_without_a_mention(self, visitor, fiche):
        page, card, document, compared = said_of(visitor, fiche)
        for said in (page, document):
            assert "Pour qui Jeunes : 14 ans et plus Parents, Milieux policiers Où" in said
        assert "Accepte Jeunes : 14 ans et plus Parents, Milieux policiers Aide" in card
        assert "Jeunes, Parents, Milieux policiers" in compared
        page, card, document, compared = said_of(visitor, fiche, "/en")
        for said in (page, document):
            assert "Who it is for Young people: ages 14 and over Parents, Police" in said
        assert "Young people: ages 14 and over Parents, Police" in card
        assert "Young people, Parents, Police" in compared

    def test_a_mention_is_told_beside_the_labels_and_not_twice(self, visitor, fiche):
        Initiative.objects.filter(pk=fiche.pk).update(autre_clientele_mention="Grands-parents")
        for said in said_of(visitor, fiche)[0:3:2]:
            assert "Jeunes : 14 ans et plus Parents, Milieux policiers Grands-parents Où" in said
        Initiative.objects.filter(pk=fiche.pk).update(
            clienteles=["parents"], autre_clientele_mention="Parents.", age_min=None
        )
        for said in said_of(visitor, fiche)[0:3:2]:
            assert "Pour qui Parents Où" in said

    def test_of_the_report_what_was_printed_stays(self, visitor):
        page, card, document, _compared = said_of(visitor, Initiative.objects.get(numero=54))
        printed = "Parents, praticiens et gestionnaires du réseau de la santé et des services sociaux"
        for said in (page, document):
            assert (
                "Jeunes : 12 à 24 ans, tous les sexes Implication : victime Parents, Santé et services sociaux "
                f"{printed} Où" in said
            )
        assert "Jeunes : 12 à 24 ans, tous les sexes Parents, Santé et services sociaux" in card

    @pytest.mark.parametrize(("numero", "who"), [(57, "12 à 24 ans, filles"), (140, "18 à 25 ans, femmes")])
    def test_girls_or_women(self, visitor, numero, who):
        for said in said_of(visitor, Initiative.objects.get(numero=numero))[:3]:
            assert f"Jeunes : {who}" in said


class TestBornHere:
    @pytest.fixture
    def fiche(self, editor):
        """A proposition made a draft, then published as it came."""
        answers = {"titre": "Venue du terrain", "stade": "en-suspens", "region": "gaspesie"}
        proposition = Proposition.objects.create(jeton="x", reponses=answers | {"porteur_mention": "Maison du Phare"})
        draft = contributions.to_draft(proposition, editor)
        moderation.publish(draft, editor, "Vérifiée au téléphone.")
        draft.refresh_from_db()
        return draft

    def test_the_porteur_typed_is_shown_while_none_is_linked(self, visitor, fiche):
        page, card, document, compared = said_of(visitor, fiche)
        assert "Qui l'offre Maison du Phare Sorte d'aide" in page
        assert "Qui l'offre Maison du Phare Sorte d'aide" in document
        assert "Venue du terrain Maison du Phare · Gaspésie Stade ○ En suspens" in card
        assert "Maison du Phare" in compared
        Porteur.objects.create(initiative=fiche, organisme=Organisme.objects.get(slug="pipq"))
        for said in said_of(visitor, fiche):
            assert "Maison du Phare" not in said

    def test_it_names_its_own_source(self, visitor, fiche):
        made, changed = (timezone.make_aware(datetime(2026, 5, day, 9)) for day in (1, 2))
        Initiative.objects.filter(pk=fiche.pk).update(creee_le=made)
        for said in said_of(visitor, fiche)[0:3:2]:
            assert (
                "Proposée par le formulaire public, puis relue par l'équipe du répertoire. "
                "Inscrite ici le 1er mai 2026. Jamais vérifiée depuis. Jamais modifiée ici." in said
            )
            assert not re.search(r"la source|Faits recueillis|Modifiée ici", said)
        Initiative.objects.filter(pk=fiche.pk).update(modifiee_le=changed)
        for said in said_of(visitor, fiche)[0:3:2]:
            assert "Modifiée ici le 2 mai 2026." in said
        for said in said_of(visitor, fiche, "/en")[0:3:2]:
            assert "Suggested through the public form, then reviewed by the directory's team." in said
            assert "This record is written in French." in said
            assert "its source" not in said

    def test_written_by_the_team(self, visitor, editor):
        fiche = published(editor, titre="De l'équipe", stade="en-application", region_id="laval")
        for said in said_of(visitor, fiche)[0:3:2]:
            assert "Inscrite par l'équipe du répertoire. Inscrite ici le" in said
            assert "la source" not in said
            for words in ("Clientèle non précisée", "Qui l'offre Non précisé Sorte d'aide", "Pas de description."):
                assert words in said

    def test_a_fiche_of_the_report_speaks_of_its_source(self, visitor):
        page, _card, document, _compared = said_of(visitor, Initiative.objects.get(numero=96))
        for said in (page, document):
            assert "Clientèle non précisée dans la source" in said
            assert "Aucun numéro ni adresse n'est connu" in said
            assert "Proposée" not in said


def test_a_contact_is_said_on_page_and_document(visitor):
    contact = {"nature": NatureContact.TELEPHONE, "valeur": "418 555-0100", "visibilite": Visibilite.PUBLIQUE}
    fiche = Initiative.objects.get(numero=145)
    Contact.objects.create(initiative=fiche, precision="le soir", **contact)
    page, _card, document, _compared = said_of(visitor, fiche)
    assert "Joindre L'initiative Téléphone 418 555-0100 (le soir) Qui peut" in page
    assert "Joindre L'initiative Téléphone 418 555-0100 (le soir) Qui peut" in document
    organisme = Organisme.objects.get(slug="pipq")
    assert "Aucun numéro ni adresse n'est connu" in main_text(visitor.page("/organismes/pipq/"))
    Contact.objects.create(organisme=organisme, **contact)
    page = main_text(visitor.page("/organismes/pipq/"))
    assert "Joindre Projet Intervention Prostitution Québec (PIPQ) Téléphone 418 555-0100 Qui peut" in page
