"""The pages, in both languages: what they say, to whom, and within which budget."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import override

from initiatives.core.enums import Regions
from initiatives.core.versioned import ANSWERS, data_version
from initiatives.finding.index import present, reading
from initiatives.models import Besoin, Contact, Initiative, LigneAide, Organisme
from initiatives.templatetags.repertoire import lien
from initiatives.urls import urlpatterns
from initiatives.views.machines import PAGES as PLACES

from .browser.pages import PAGES as OPENED

pytestmark = pytest.mark.django_db

# Every address of a page that asks for no name, and one of each that does.
ADDRESSES = [
    pattern.name
    for pattern in urlpatterns
    if str(pattern.pattern).endswith("/") or not str(pattern.pattern)
    if not hasattr(pattern.callback, "is_public_data")
]
NAMED = {
    **dict.fromkeys(["initiative", "signaler"], "les-survivantes"),
    "region": "laval",
    "organisme": "pipq",
}
BY_LETTER = {
    "verification",
    "verification-fiche",
    "verification-retirer",
    "verification-silence",
}  # test_campaigns: their addresses come by e-mail
FRAMED = {"integrer"}  # in a page of another site, which has its own language and its own way out: test_embed
PAGES = [
    reverse(name, args=[NAMED[name]] if name in NAMED else []) for name in ADDRESSES if name not in BY_LETTER | FRAMED
]
# What says nothing before somebody writes or chooses.
NOT_FOR_ENGINES = {"trouver", "porteurs", "proposer", "merci", "selection", "signaler", "signaler-site"}
NOT_FOR_ENGINES |= BY_LETTER | FRAMED


def test_no_page_is_forgotten(visitor):
    """By the sitemap, nor by the checks in a browser; each has a title of its own."""
    assert {*PLACES, "initiative", "region", "organisme"} == {*ADDRESSES} - NOT_FOR_ENGINES
    opened = {resolve(path.partition("?")[0]).url_name for path in OPENED if path != "/nulle-part/"}
    assert {*ADDRESSES} - BY_LETTER - opened == set()
    titles = [re.search(r"<title>([^<]+)</title>", visitor.page(path))[1].strip() for path in PAGES]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("path", PAGES)
def test_both_languages(visitor, path):
    french, english = visitor.page(path), visitor.page(f"/en{path}")
    assert '<html lang="fr-CA">' in french
    assert '<html lang="en">' in english
    assert f'href="/en{path}" lang="en"' in french
    assert f'href="{path}" lang="fr-CA"' in english
    assert "Quick exit" in english


@pytest.mark.parametrize("path", PAGES)
def test_unknown_parameters_are_ignored_outside_the_list(visitor, path):
    expected = 400 if path in ("/initiatives/", "/porteurs/") else 200
    assert visitor.get(path, {"inconnu": "1"}).status_code == expected


@pytest.mark.parametrize("language", ["fr-ca", "en"])
@pytest.mark.parametrize("prefix", ["/", "/sous/", "/autre/"])
def test_a_link_is_the_address_that_django_finds(language, prefix):
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        with override(language):
            for name in ("initiative", "region", "organisme", "signaler", "initiative-json", "verification"):
                for key in ("mobilis", "a_B-9", "-"):
                    assert lien({}, name, key) == reverse(name, args=[key])
            assert lien({}, "accueil") == reverse("accueil")
            assert lien({}, "verification", "a:b c") == reverse("verification", args=["a:b c"])
            for args in (["deux mots"], ["a/b"], [""], ["é"], ["a\n"]):
                with pytest.raises(NoReverseMatch):
                    lien({}, "initiative", *args)
            with pytest.raises(NoReverseMatch):
                lien({}, "accueil", "mobilis")
    finally:
        set_script_prefix(before)


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/", 4),
        ("/aide/", 3),
        ("/besoins/", 3),
        ("/initiatives/les-survivantes/", 4),
        ("/initiatives/travail-de-rue-piamp/", 4),
        ("/regions/", 4),
        ("/regions/montreal/", 8),
        ("/organismes/", 3),
        ("/porteurs/", 2),
        ("/organismes/pipq/", 6),
        ("/portrait/", 5),
        ("/portrait/regions/?region=laval", 4),
        ("/strategies/", 5),
    ],
)
def test_budgets(visitor, path, budget):
    with CaptureQueriesContext(connection) as queries:
        visitor.page(path)
    assert len(queries) == budget, [query["sql"][:80] for query in queries]


@pytest.mark.parametrize(("path", "budget"), [("/", 6), ("/en/", 6), ("/besoins/", 5)])
def test_what_counts_a_few_facets_makes_no_index(visitor, monkeypatch, path, budget):
    """After a write a statement counts them; the page is the one that the index makes, and says what was written."""
    monkeypatch.setattr(present, "_INDEX", reading.Index())
    Initiative.objects.filter(numero__in=[1, 60, 61]).update(statut="archivee")
    Initiative.objects.filter(numero__in=[2, 62]).update(clienteles=[], modalite="", region="gaspesie")
    Besoin.objects.filter(slug="dormir").update(nom_fr="Dormir <là>", nom_en="Sleep <there>")
    with CaptureQueriesContext(connection) as queries:
        page = visitor.page(path)
    assert len(queries) == budget, [query["sql"][:80] for query in queries]
    assert present._INDEX.version == -1
    assert "&lt;" in page
    visitor.page("/initiatives/")
    assert present._INDEX.version == data_version()
    ANSWERS.clear()
    assert visitor.page(path) == page


def test_home_says_what_it_is_and_counts_truly(visitor):
    page = visitor.page("/")
    assert "Le répertoire rassemble 152 initiatives, décrites par la recension provinciale de 2022" in page
    assert page.index("1 888 933-9007") < page.index("<h1")
    Initiative.objects.filter(numero=1).update(source=None)
    assert "Le répertoire rassemble 152 initiatives, dont 151 décrites" in visitor.page("/")
    links = re.findall(r'href="(/initiatives/\?clientele=[\w-]+)">.*?<span class="compte">(\d+)<', page)
    assert len(links) == 8
    for address, number in links:
        found = visitor.json(address.replace("/initiatives/?", "/initiatives.json?"))["total"]
        assert found == int(number)


class TestFiche:
    def test_what_decides_comes_before_the_rest(self, visitor):
        page = visitor.page("/initiatives/les-survivantes/")
        assert page.index("Pour qui") < page.index("<h2>Objectifs")
        for text in ("En application", "Tous les âges", "Dans la communauté", "SPVM", "Témoignages de survivantes"):
            assert text in page

    def test_provenance_and_freshness(self, visitor):
        page = visitor.page("/initiatives/les-survivantes/")
        assert "978-2-550-94247-4" in page
        assert "fiche 145" in page
        assert "Faits recueillis de mars 2020 à janvier 2021" in page
        assert "Jamais vérifiée depuis" in page
        Initiative.objects.filter(numero=145).update(verifiee_le="2026-03-04")
        assert "Vérifiée le 4 mars 2026" in visitor.page("/initiatives/les-survivantes/")
        assert "March 2020 to January 2021" in visitor.page("/en/initiatives/les-survivantes/")

    def test_absence_of_contact_is_said(self, visitor):
        assert "Aucun numéro ni adresse n&#x27;est connu" in visitor.page("/initiatives/les-survivantes/")

    def test_only_public_contacts_show(self, visitor):
        fiche = Initiative.objects.get(numero=145)
        Contact.objects.create(initiative=fiche, nature="courriel", valeur="interne@example.org")
        assert "interne@example.org" not in visitor.page("/initiatives/les-survivantes/")
        Contact.objects.create(initiative=fiche, nature="telephone", valeur="211", visibilite="publique")
        page = visitor.page("/initiatives/les-survivantes/")
        assert 'href="tel:211"' in page.split("Joindre")[1]
        assert "interne@example.org" not in page

    def test_a_hostile_address_is_no_link(self, visitor):
        fiche = Initiative.objects.get(numero=145)
        Contact.objects.create(
            initiative=fiche, nature="site-web", valeur="JavaScript: alert(1)", visibilite="publique"
        )
        page = visitor.page("/initiatives/les-survivantes/")
        assert "JavaScript: alert(1)" in page
        assert 'href="javascript' not in page.lower()

    def test_unknown_types_and_cut_lists_are_said(self, visitor):
        assert "la source a perdu les cases" in visitor.page("/initiatives/travail-de-rue-le-bras/")
        cut = Initiative.objects.get(numero=46)
        assert "liste tronquée dans la source" in visitor.page(cut.get_absolute_url())
        nobody = Initiative.objects.get(numero=146)
        assert "Clientèle non précisée dans la source" in visitor.page(nobody.get_absolute_url())

    def test_suspended_never_looks_like_in_operation(self, visitor):
        page = visitor.page(Initiative.objects.get(numero=42).get_absolute_url())
        assert 'class="etat en-suspens"' in page
        assert re.search(r"En suspens</span>\s*<span class=\"mention\">\(.*covid", page)
        assert 'class="etat en-application"' not in page

    def test_language_is_marked(self, visitor):
        page = visitor.page(Initiative.objects.get(numero=53).get_absolute_url())
        assert '<p><span lang="en">The goal of the program' in page
        assert "written in French" in visitor.page("/en/initiatives/les-survivantes/")

    def test_text_is_escaped(self, visitor):
        Initiative.objects.filter(numero=145).update(titre="<b>x</b>", description="<script>1</script>")
        page = visitor.page("/initiatives/les-survivantes/")
        assert "&lt;b&gt;x&lt;/b&gt;" in page
        assert '<span lang="fr">&lt;script&gt;1&lt;/script&gt;</span>' in page

    def test_corrections_are_shown(self, visitor):
        page = visitor.page(Initiative.objects.get(numero=36).get_absolute_url())
        assert "« l&#x27;aideleur » → « l&#x27;aide leur »" in page

    def test_draft_is_not_found(self, visitor, draft):
        assert visitor.get(draft.get_absolute_url()).status_code == 404


class TestTerritory:
    def test_sixteen_regions_and_an_honest_zero(self, visitor):
        page = visitor.page("/regions/")
        assert re.findall(r'<li class="region">\s*<h2>\s*<a href="/regions/([\w-]+)/"', page) == Regions.values
        assert page.count("Aucun sondage réalisé") == 1
        gaspesie = visitor.page("/regions/gaspesie/")
        assert "n'a sondé personne ici" in html.unescape(gaspesie)
        assert "0 initiative<" in gaspesie
        assert gaspesie.count('<a class="ligne" href="tel:911">') == 1
        assert gaspesie.index('href="tel:911"') < gaspesie.index("</main>")
        assert "/regions/bas-saint-laurent/" in gaspesie

    def test_only_the_surveyed_are_public(self, visitor):
        text = visitor.page("/regions/") + visitor.page("/organismes/")
        for name in ("Stella", "tatoué", "RÉZO", "Macadam", "ASTTEQ", "Femmes autochtones", "ambivalents"):
            assert name not in text

    def test_organisations_known_by_a_draft_alone_are_hidden(self, visitor, draft):
        assert "Lévis" not in visitor.page("/organismes/")
        assert visitor.get("/organismes/service-de-police-de-levis/").status_code == 404

    def test_organisation_page(self, visitor):
        page = visitor.page("/organismes/pipq/")
        assert page.count('class="vignette"') == 11
        assert "Sondé par la recension" in page
        directions = visitor.page("/organismes/cisss-de-laval/")
        assert "/organismes/cisss-de-laval-direction-programme-jeunesse/" in directions

    def test_a_parent_known_by_a_draft_alone_is_hidden(self, visitor):
        hidden = Organisme.objects.get(slug="service-de-police-de-levis")
        Organisme.objects.filter(slug="pipq").update(fait_partie_de=hidden)
        assert "Lévis" not in visitor.page("/organismes/pipq/")
        assert "Fait partie de" in visitor.page("/organismes/cisss-de-laval-direction-programme-jeunesse/")

    def test_the_directions_are_those_of_this_organisation_that_are_public(self, visitor):
        Organisme.objects.filter(slug__in=["service-de-police-de-levis", "centre-designe-de-laval"]).update(
            fait_partie_de=Organisme.objects.get(slug="pipq")
        )
        related = visitor.page("/organismes/pipq/").split("Ses directions :")[1].split("</p>")[0]
        assert re.findall(r'href="([^"]+)"', related) == ["/organismes/centre-designe-de-laval/"]
        page = visitor.page("/organismes/centre-designe-de-laval/")
        assert re.findall(r'Fait partie de : <a href="([^"]+)"', page) == ["/organismes/pipq/"]
        assert "Ses directions" not in page

    def test_surveyed_without_fiche(self, visitor):
        organisme = Organisme.objects.get(slug="centre-designe-de-laval")
        assert "aucune fiche du rapport" in visitor.page(organisme.get_absolute_url())


class TestHelp:
    def test_lines_are_those_of_the_sources(self, visitor):
        page = visitor.page("/aide/")
        for number in ("911", "811", "211", "1 888 933-9007", "1-833-900-1010"):
            assert number in page
        assert "canadianhumantraffickinghotline.ca/fr/" in page

    def test_staff_retire_and_order_lines(self, visitor):
        LigneAide.objects.filter(slug="211").update(active=False)
        assert "tel:211" not in visitor.page("/aide/")


class TestMachines:
    def test_robots(self, visitor):
        assert "Disallow: /admin/" in visitor.get("/robots.txt").content.decode()

    def test_sitemap_holds_every_public_page_and_no_draft(self, visitor, draft):
        text = visitor.get("/sitemap.xml").content.decode()
        assert text.count("<loc>http://testserver/initiatives/") == 153  # the list and 152 fiches
        assert text.count("<loc>http://testserver/en/initiatives/") == 153
        assert draft.slug not in text

    def test_each_page_names_its_other_language(self, visitor):
        page = visitor.page("/en/regions/laval/")
        assert '<link rel="alternate" hreflang="fr-CA" href="http://testserver/regions/laval/">' in page
        assert '<link rel="alternate" hreflang="en" href="http://testserver/en/regions/laval/">' in page


class TestDiscreet:
    def test_titles_are_neutral_and_links_carry_it(self, visitor):
        page = visitor.page("/initiatives/les-survivantes/", discret="1")
        assert "<title>Page d'information</title>" in page or "<title>Page d&#x27;information</title>" in page
        assert 'data-discret="1"' in page
        assert '/regions/?discret=1"' in page
        assert 'href="/initiatives/les-survivantes/"' in page  # the way out of it

    def test_the_page_that_says_so(self, visitor):
        page = visitor.page("/aide/navigation-discrete/")
        assert "n'efface pas l'historique" in page
        assert 'href="?discret=1"' in page
