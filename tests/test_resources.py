"""The resources: what other documents name, in our words, by public; beside a fiche; and edited in the workshop."""

import csv
import io
import re
from html import unescape
from itertools import chain

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from initiatives.core.enums import PublicRessource
from initiatives.importer.build import FIXTURES, read_json
from initiatives.keeping import merging
from initiatives.models import Initiative, Ressource, Version

from .forms import address, form_data
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

DELIVERED = [row["fields"] for row in read_json(FIXTURES / "ressources.json")]
EMERAUDE = "/initiatives/projet-emeraude/"


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def groups_of(page: str) -> dict[str, list[str]]:
    """Heading → codes of the resources under it, in order."""
    found = {}
    for part in main_of(page).split("<h2 ")[1:]:
        title = text_of(part[part.index(">") + 1 : part.index('<span class="compte">')])
        found[title] = re.findall(r'<article class="vignette" id="([\w-]+)"', part)
    return found


def part_of(page: str, slug: str) -> str:
    return page.split(f'id="{slug}">')[1].split("</article>")[0]


def new(**fields) -> Ressource:
    """A resource that says the least that one may say, and whatever is given."""
    row = Ressource(**{"slug": "essai", "titre_fr": "Essai", "genre": "outil"} | fields)
    row.full_clean()
    row.save()
    return row


class TestDelivered:
    def test_what_is_shown_and_what_waits_to_be_looked_at(self, visitor):
        """What the sources print badly has no address; what they name and say nothing of is not shown."""
        shown = [row for row in DELIVERED if row["affichee"]]
        assert (len(DELIVERED), len(shown)) == (39, 30)
        page = visitor.page("/ressources/")
        assert sorted(chain(*groups_of(page).values())) == sorted(row["slug"] for row in shown)
        for row in DELIVERED:
            title = row["titre_en"] if row["langue"] == "en" else row["titre_fr"]
            assert (title in unescape(page)) is row["affichee"]
        assert {row["slug"] for row in shown if not row["lien"]} == {
            *("bip-3-juin-2014", "portrait-industrie-du-sexe-2014", "face-cachee-de-la-prostitution-2018"),
            *("jase", "cvasm-creer-un-espace", "cvasm-outil-complet", "cyberaide", "la-traite-des-personnes-grc-2013"),
        }

    @pytest.mark.parametrize("path", ["/ressources/", "/en/ressources/", EMERAUDE])
    def test_nothing_damaged_nor_personal_is_published(self, visitor, path):
        """Damaged links, a person's number and e-mail, people named in court cases: the sources hold all of them."""
        page = visitor.page(path)
        for words in ("gouv.gc.ca", "frgsc", "%C3%A9nal", "529-9141", "Bérubé", "Simard", "Pac Man", "Dion"):
            assert words not in page
        assert not re.search(r"\w@\w", page)  # an e-mail, and none of the "@id" that engines read

    def test_every_address_leads_out_and_is_well_formed(self, visitor):
        page = visitor.page("/ressources/")
        links = re.findall(r'<a href="(https?://[^"]+)" rel="noreferrer">', main_of(page))
        assert sorted(map(unescape, links)) == sorted(
            row["lien"] for row in DELIVERED if row["affichee"] and row["lien"]
        )
        for row in Ressource.objects.all():
            row.full_clean()

    def test_both_languages_are_whole(self):
        for row in DELIVERED:
            if row["affichee"]:
                assert row["quoi_fr"]
                assert row["quoi_en"]
                assert row["titre_fr"] or row["titre_en"]

    def test_a_reload_keeps_what_editors_wrote(self):
        from initiatives.importer.load import load_directory

        Ressource.objects.filter(slug="jase").update(titre_fr="Autrement", affichee=False)
        Ressource.objects.get(slug="exploitation-sexuelle-en-estrie").fiches.clear()
        Version.objects.filter(ressource__slug="ecpat").delete()
        Ressource.objects.filter(slug="ecpat").delete()
        assert load_directory() == {"initiatives.ressource": 1}
        assert Ressource.objects.get(slug="jase").titre_fr == "Autrement"
        assert not Ressource.objects.get(slug="exploitation-sexuelle-en-estrie").fiches.exists()


class TestPage:
    def test_by_public_those_for_everybody_first(self, visitor):
        found = groups_of(visitor.page("/ressources/"))
        assert list(found) == [
            "Pour tout le monde",
            "Parents et proches",
            "Personnes qui interviennent",
            "Organismes qui montent un projet",
            "Recherche, ministères et médias",
        ]
        assert found["Parents et proches"] == ["jase", "bip-3-juin-2014"]
        assert found["Personnes qui interviennent"][0] == "exploitation-sexuelle-en-estrie"
        assert list(groups_of(visitor.page("/en/ressources/"))) == [
            "For everybody",
            "Parents and loved ones",
            "Professionals",
            "Organizations starting a project",
            "Research, ministries and media",
        ]

    def test_each_link_leads_to_as_many_as_it_says(self, visitor):
        page = visitor.page("/ressources/")
        links = re.findall(r'href="(/ressources/(?:\?pour=[\w]+)?)"[^>]*>\s*[^<]+<span class="compte">(\d+)<', page)
        assert len(links) == 5
        for path, number in links:
            found = groups_of(visitor.get(path).content.decode())
            assert sum(map(len, found.values())) == int(number), path
        assert list(groups_of(visitor.page("/ressources/", pour="proches"))) == [
            "Parents et proches",
            "Pour tout le monde",
        ]
        assert re.search(r'pour=proches" aria-current="true"', visitor.page("/ressources/", pour="proches"))

    @pytest.mark.parametrize("pour", ["jeunes", "nulle-part", "tous", "", "\u202e"])
    def test_a_public_that_nobody_names_is_none(self, visitor, pour):
        whole = groups_of(visitor.page("/ressources/"))
        assert groups_of(visitor.page("/ressources/", pour=pour)) == whole

    def test_what_one_says(self, visitor):
        part = part_of(visitor.page("/ressources/"), "exploitation-sexuelle-en-estrie")
        assert text_of(part) == (
            "L'exploitation sexuelle en Estrie, une réalité bien cachée! CALACS Agression Estrie "
            + next(row["quoi_fr"] for row in DELIVERED if row["slug"] == "exploitation-sexuelle-en-estrie")
            + " Au répertoire : Projet Émeraude Genre Recherche, rapport ou avis Source BIP n° 6, août 2019 , "
            "Ministère de la Sécurité publique, p. 8 à 10, note 25 Adresse calacsestrie.com"
        )
        english = part_of(visitor.page("/en/ressources/"), "exploitation-sexuelle-en-estrie")
        assert text_of(english).startswith(
            "Sexual exploitation in Estrie: a well-hidden reality "
            "L'exploitation sexuelle en Estrie, une réalité bien cachée! CALACS Agression Estrie Action research"
        )
        assert '<cite lang="fr">L&#x27;exploitation sexuelle en Estrie' in english
        assert "Langue In French" not in text_of(english)
        assert "Language In French" in text_of(english)

    def test_a_title_that_stays_in_its_language_is_marked(self, visitor):
        part = part_of(visitor.page("/ressources/"), "virtual-global-taskforce")
        assert re.search(r'<h3[^>]*><span lang="en"><a href="https://virtualglobaltaskforce.com/"', part)
        assert "Langue En anglais" in text_of(part)
        assert 'lang="en"' not in part_of(visitor.page("/en/ressources/"), "virtual-global-taskforce")

    def test_what_is_not_written_is_not_said(self, visitor):
        """Every optional field empty; then what was written in one language only, marked as such."""
        row = new()
        for path, kind, address_ in (
            ("/ressources/", "Genre Guide ou outil", "Adresse aucune qui soit sûre"),
            ("/en/ressources/", "Language In French", "Address none that is sure"),
        ):
            text = text_of(part_of(visitor.page(path), "essai"))
            assert text.startswith("Essai ")
            assert kind in text
            assert text.endswith(address_)
            assert "None" not in text
        Ressource.objects.filter(pk=row.pk).update(quoi_fr="Ce que c'est", lien="https://example.org/", titre_en="Test")
        part = part_of(visitor.page("/en/ressources/"), "essai")
        assert '<span lang="fr">Ce que c&#x27;est</span>' in part
        assert "Source" not in part
        Ressource.objects.filter(pk=row.pk).update(verifiee_le="2026-03-01", endroit="courriel du 2 mars")
        text = text_of(part_of(visitor.page("/ressources/"), "essai"))
        assert text.endswith("Source courriel du 2 mars Adresse example.org, essayée le 1er mars 2026")
        english = text_of(part_of(visitor.page("/en/ressources/"), "essai"))
        assert english.endswith("Address example.org, opened on March 1, 2026")

    def test_none_is_shown(self, visitor):
        Ressource.objects.update(affichee=False)
        page = visitor.page("/ressources/")
        assert "Aucune ressource n'est inscrite." in page
        assert "?pour=" not in page
        assert groups_of(page) == {}

    def test_a_fiche_that_is_not_public_is_not_named(self, visitor, draft):
        row = new()
        row.fiches.set([draft.pk, 145])
        part = part_of(visitor.page("/ressources/"), "essai")
        assert re.findall(r'href="/initiatives/([\w-]+)/"', part) == ["les-survivantes"]
        assert draft.titre not in part

    def test_it_follows_what_is_written(self, visitor):
        new()
        assert 'id="essai"' in visitor.page("/ressources/")
        Ressource.objects.filter(slug="essai").update(affichee=False)
        assert 'id="essai"' not in visitor.page("/ressources/")

    def test_whatever_their_number_it_costs_the_same(self, visitor):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                visitor.page("/ressources/")
            return len(queries)

        before = cost()
        for number in range(5):
            new(slug=f"essai-{number}").fiches.set([1, 2, 3])
        assert (before, cost()) == (3, 3)  # version, lines, resources

    def test_links_keep_what_every_page_carries(self, visitor):
        page = main_of(visitor.page("/ressources/", discret="1"))
        assert 'href="/ressources/?pour=proches&amp;discret=1"' in page
        assert 'href="/initiatives/projet-emeraude/?discret=1"' in page

    def test_it_is_found(self, visitor):
        assert 'href="/ressources/"' in visitor.page("/")
        assert 'href="/en/ressources/"' in visitor.page("/en/")
        assert 'href="/ressources/#jase"' in visitor.page("/aide/")
        assert 'href="/ressources/#cvasm-creer-un-espace"' in visitor.page("/aide/")
        assert 'href="/ressources/"' in main_of(visitor.page("/sources-et-methode/"))


class TestWords:
    """What somebody typed, in the resources."""

    @pytest.mark.parametrize(
        ("text", "slugs"),
        [
            ("sextorsion", {"capsule-sextorsion"}),
            ("guide pour les parents", None),
            ("le la les pour", set()),
            ("xqvzbnt", set()),
            ("x" * 300, set()),
        ],
    )
    def test_those_that_say_every_word(self, visitor, text, slugs):
        page = visitor.page("/ressources/", q=text)
        told = visitor.json("/ressources.json", q=text)
        shown = {*re.findall(r'<article class="vignette" id="([\w-]+)"', page)}
        assert {row["slug"] for row in told["resultats"]} == shown
        assert told["total"] == len(shown)
        if slugs is not None:
            assert {"sextorsion" in slug for slug in shown} == {bool(slug) for slug in slugs}
        assert '<meta name="robots" content="noindex">' in page

    def test_accents_plurals_and_the_other_language(self, visitor):
        new(titre_fr="Guides éprouvés des intervenantes", titre_en="Proven handbooks", quoi_fr="", quoi_en="")
        for text in ("guide eprouve", "GUIDES ÉPROUVÉS", "handbooks proven", "intervenante guide"):
            assert 'id="essai"' in visitor.page("/ressources/", q=text)
        assert 'id="essai"' not in visitor.page("/ressources/", q="guide inconnu")

    def test_each_public_keeps_the_words(self, visitor):
        page = visitor.page("/ressources/", q="traite")
        links = re.findall(r'href="(/ressources/\?[^"]*)"[^>]*>\s*([^<]+?)\s*<span class="compte">(\d+)', page)
        assert links
        for link, _label, number in links:
            assert "q=traite" in link
            found = visitor.page(link.replace("&amp;", "&"))
            assert found.count('<article class="vignette"') == int(number)

    def test_the_list_says_how_many_hold_the_same_words(self, visitor):
        number = visitor.json("/ressources.json", q="sexto")["total"]
        assert number
        page = main_of(visitor.page("/initiatives/", q="sexto"))
        assert 'href="/ressources/?q=sexto"' in page
        assert re.search(rf"\s{number} guides?, recherches? ou programmes?", page)
        assert "/ressources/?q=" not in main_of(visitor.page("/initiatives/", q="xqvzbnt"))
        assert "/ressources/?q=" not in main_of(visitor.page("/initiatives/"))

    def test_nobody_in_danger_is_sent_to_a_document(self, visitor):
        new(titre_fr="Il me frappe")
        assert visitor.json("/ressources.json", q="il me frappe")["total"] == 1
        assert "/ressources/?q=" not in main_of(visitor.page("/initiatives/", q="il me frappe"))


class TestData:
    def test_all_that_the_page_shows(self, visitor):
        told = visitor.json("/ressources.json")
        shown = re.findall(r'<article class="vignette" id="([\w-]+)"', visitor.page("/ressources/"))
        assert {row["slug"] for row in told["resultats"]} == {*shown}
        assert told["total"] == len(shown)
        row = next(row for row in told["resultats"] if row["fiches"])
        assert row["fiches"][0]["url"].startswith("http://testserver/initiatives/")
        assert visitor.get(row["url"]).status_code == 200
        assert "note_interne" not in row

    def test_csv_says_the_same(self, visitor):
        text = visitor.get("/en/ressources.csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        told = visitor.json("/en/ressources.json")["resultats"]
        assert [row["slug"] for row in rows] == [row["slug"] for row in told]
        assert [row["lien"] for row in rows] == [row["lien"] for row in told]
        assert all(row["genre_libelle"] for row in rows)

    def test_a_public_and_what_is_none(self, visitor):
        told = visitor.json("/ressources.json", pour="proches")
        page = visitor.page("/ressources/", pour="proches")
        assert told["total"] == page.count('<article class="vignette"')
        for path in ("/ressources.json", "/ressources.csv"):
            assert visitor.refused(path, pour="rien") == [("pour", "rien")]
            assert visitor.refused(path, pour=["jeunes", "proches"], q=["a", "b"]) == [("pour", "proches"), ("q", "b")]

    def test_words_that_no_search_takes_are_refused_as_data_and_find_nothing_on_the_page(self, visitor):
        for text in ("x" * 5000, "\0"):
            assert "<article" not in visitor.page("/ressources/", q=text)
            assert visitor.refused("/ressources.json", q=text) == [("q", text)]

    def test_a_client_asks_for_news_only(self, visitor):
        tag = visitor.get("/ressources.json").headers["ETag"]
        assert visitor.get("/ressources.json", headers={"If-None-Match": tag}).status_code == 304

    def test_what_is_not_shown_nor_public_is_nowhere(self, visitor, draft):
        row = new(note_interne="interne xqvzbnt")
        row.fiches.set([draft])
        told = visitor.get("/ressources.json").content.decode()
        assert "xqvzbnt" not in told
        assert draft.slug not in told
        Ressource.objects.filter(slug="essai").update(affichee=False)
        assert "essai" not in {one["slug"] for one in visitor.json("/ressources.json")["resultats"]}
        assert visitor.json("/ressources.json", q="essai")["total"] == 0


class TestFiche:
    def test_the_research_is_beside_the_fiche(self, visitor):
        page = visitor.page(EMERAUDE)
        part = page.split('id="lire"')[1].split("</section>")[0]
        assert "calacsestrie.com/informations" in part
        assert "Sur 403 adultes de l'Estrie, 39 %" in unescape(part)
        assert 'href="/ressources/#exploitation-sexuelle-en-estrie"' in part
        assert "Of 403 adults in Estrie, 39%" in visitor.page(f"/en{EMERAUDE}")
        assert 'id="lire"' not in visitor.page("/initiatives/mobilis/")

    def test_one_that_is_not_shown_is_nowhere(self, visitor):
        assert "calacsestrie" in visitor.page(EMERAUDE)
        Ressource.objects.filter(slug="exploitation-sexuelle-en-estrie").update(affichee=False)
        assert "calacsestrie" not in visitor.page(EMERAUDE)

    def test_what_an_editor_links_shows_at_once(self, visitor):
        assert 'id="lire"' not in visitor.page("/initiatives/mobilis/")
        new().fiches.add(136)
        assert 'id="lire"' in visitor.page("/initiatives/mobilis/")

    def test_it_follows_into_another_fiche(self, editor):
        kept, other = Initiative.objects.get(numero=44), Initiative.objects.get(numero=41)
        merging.merge(kept, other, editor, "La même", [])
        row = Ressource.objects.get(slug="exploitation-sexuelle-en-estrie")
        assert set(row.fiches.values_list("pk", flat=True)) == {41, 44}


class TestHostile:
    """Nothing that an editor writes, or that is written past the form, becomes code or another address."""

    @pytest.mark.parametrize(
        "lien",
        [
            *("javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "ftp://example.org/"),
            *("//example.org/", "exemple", "https://", "https://example.org/\u202egpj.exe", "https://a b.ca/"),
            *("https://example.org/\nx", "http://example.org/\u200b"),
        ],
    )
    def test_an_address_that_is_none_is_refused(self, lien):
        with pytest.raises(ValidationError) as refusal:
            new(lien=lien)
        assert list(refusal.value.message_dict) == ["lien"]

    @pytest.mark.parametrize("lien", ["javascript:alert(1)", "JavaScript://x/", " https://example.org/", "//x.org/"])
    def test_one_written_past_the_form_is_no_link(self, visitor, lien):
        new().fiches.add(136)
        Ressource.objects.filter(slug="essai").update(lien=lien)
        for page in (visitor.page("/ressources/"), visitor.page("/initiatives/mobilis/")):
            assert "alert(1)" not in page
            assert 'href="javascript' not in page.lower()
        assert "<a " not in part_of(visitor.page("/ressources/"), "essai").split("</h3>")[0]

    def test_html_is_text(self, visitor):
        new(titre_fr="<b>x</b>", auteur="<script>1</script>", quoi_fr="<img src=x>", endroit='"><i>').fiches.add(136)
        for page in (part_of(visitor.page("/ressources/"), "essai"), visitor.page("/initiatives/mobilis/")):
            assert "&lt;b&gt;x&lt;/b&gt;" in page
            assert "&lt;img src=x&gt;" in page
            for tag in ("<b>x", "<script>1", "<img src=x", '"><i>'):
                assert tag not in page

    def test_marks_of_direction_are_taken_out(self):
        row = new(titre_fr="\u202eEssai\u202c", auteur="\u200fX", quoi_fr="a\u2066b\u2069\u00a0%", endroit="\ufeffp. 1")
        assert (row.titre_fr, row.auteur, row.quoi_fr, row.endroit) == ("Essai", "X", "ab\u00a0%", "p. 1")
        with pytest.raises(ValidationError, match="Il manque le titre"):
            new(slug="autre", titre_fr="\u202e")

    @pytest.mark.parametrize(
        "fields", [{"titre_fr": ""}, {"langue": "en"}, {"langue": "en", "titre_fr": "x", "titre_en": " "}]
    )
    def test_the_printed_title_is_there(self, fields):
        with pytest.raises(ValidationError, match="Il manque le titre imprimé"):
            new(**fields)
        new(titre_en="Test")
        with pytest.raises(IntegrityError), transaction.atomic():
            Ressource.objects.filter(slug="essai").update(titre_fr="")

    @pytest.mark.parametrize("fields", [{"annee": 12}, {"annee": 3000}, {"pour": ["x"]}, {"genre": "x"}, {"genre": ""}])
    def test_what_is_no_value_is_refused(self, fields):
        with pytest.raises(ValidationError) as refusal:
            new(**fields)
        assert list(refusal.value.message_dict) == list(fields)


class TestWorkshop:
    @pytest.fixture
    def browser(self, workshop):
        return workshop

    def test_a_new_one_from_its_title(self, browser, visitor):
        url = address(Ressource, "add")
        given = form_data(browser.get(url)) | {
            "langue": "en",
            "titre_en": "A guide, for all",
            "genre": "outil",
            "pour": ["proches", "jeunes"],
            "lien": "https://example.org/",
            "fiches": ["136"],
        }
        assert "slug" not in given
        assert browser.post(url, given).status_code == 302
        row = Ressource.objects.get(slug="a-guide-for-all")
        assert (row.pour, row.affichee, row.source) == (["jeunes", "proches"], True, None)
        assert "A guide, for all" in visitor.page("/ressources/", pour="jeunes")
        assert "A guide, for all" in visitor.page("/initiatives/mobilis/")
        refused = browser.post(url, given | {"lien": "javascript:alert(1)", "titre_en": ""})
        assert refused.status_code == 200
        assert {*refused.context["adminform"].form.errors} == {"lien", "__all__"}

    def test_it_is_retired_and_never_deleted(self, browser, visitor):
        row = Ressource.objects.get(slug="jase")
        assert 'id="jase"' in visitor.page("/ressources/")
        page = browser.get(address(Ressource, "changelist") + "?q=J.A.S.E.&affichee__exact=1")
        assert [found.slug for found in page.context["cl"].result_list] == ["jase"]
        url = address(Ressource, "change", row.pk)
        given = form_data(browser.get(url))
        given.pop("affichee")
        assert browser.post(url, given).status_code == 302
        assert 'id="jase"' not in visitor.page("/ressources/")
        assert browser.get(address(Ressource, "delete", row.pk)).status_code == 403

    def test_what_it_said_is_kept_shown_and_put_back(self, browser, visitor):
        """The fiches that it is beside are a part of what it was."""
        row = Ressource.objects.get(slug="exploitation-sexuelle-en-estrie")
        url = address(Ressource, "change", row.pk)
        given = form_data(browser.get(url)) | {"fiches": ["136"], "titre_fr": "Autrement", "version_vue": "1"}
        assert browser.post(url, given).status_code == 302
        assert [version.etat["fiches"] for version in row.versions.all()] == [[136], [41]]
        page = text_of(browser.get(address(Ressource, "history", row.pk) + "?de=1&a=2").content.decode())
        for words in ("Projet Émeraude", "MOBILIS", "Autrement"):
            assert words.casefold() in page.casefold()
        sent = {"version": "1", "champ": ["fiches", "titre_fr"], "motif": "Comme avant"}
        browser.post(address(Ressource, "restaurer", row.pk), sent)
        row.refresh_from_db()
        assert (row.titre_fr, [fiche.pk for fiche in row.fiches.all()]) == (
            "L'exploitation sexuelle en Estrie, une réalité bien cachée!",
            [41],
        )
        assert 'id="lire"' in visitor.page(EMERAUDE)
        assert row.versions.count() == 3

    def test_two_editors_meet(self, browser):
        row = Ressource.objects.get(slug="jase")
        url = address(Ressource, "change", row.pk)
        sent = form_data(browser.get(url)) | {"version_vue": "1"}
        assert browser.post(url, sent | {"fiches": ["1"], "annee": "2020"}).status_code == 302
        answer = browser.post(url, sent | {"fiches": ["2"], "annee": "2021"})
        assert [found.champ for found, _choice in answer.context["lignes"]] == ["annee", "fiches"]
        assert [fiche.pk for fiche in row.fiches.all()] == [1]
        chosen = {name: answer.context[name] for name in ("version_vue", "mienne")}
        chosen |= {"choix-annee": "mienne", "choix-fiches": "mienne"}
        assert browser.post(address(Ressource, "conflit", row.pk), chosen).status_code == 302
        row.refresh_from_db()
        assert (row.annee, [fiche.pk for fiche in row.fiches.all()]) == (2021, [2])

    def test_what_waits_to_be_looked_at_is_a_list(self, browser):
        page = browser.get(address(Ressource, "changelist") + "?affichee__exact=0")
        assert len(page.context["cl"].result_list) == 9
        assert all("à essayer" in row.note_interne for row in page.context["cl"].result_list)

    def test_internal_notes_stay_inside(self, visitor):
        Ressource.objects.update(note_interne="555-0142")
        for path in ("/ressources/", "/en/ressources/", EMERAUDE):
            assert "555-0142" not in visitor.page(path)

    @pytest.mark.parametrize(("role", "status"), [("rédaction", 403), ("révision", 302)])
    def test_who_writes(self, role, status):
        browser = session(account(role))
        row = Ressource.objects.get(slug="jase")
        page = browser.get(address(Ressource, "change", row.pk))
        assert page.status_code == 200
        data = form_data(page) | {"version_vue": "1"} if status == 302 else {"titre_fr": "X"}
        assert browser.post(address(Ressource, "change", row.pk), data).status_code == status


def test_a_public_has_a_place_in_the_order_of_the_page():
    assert PublicRessource.values == ["jeunes", "proches", "intervenants", "organismes", "analyse"]
