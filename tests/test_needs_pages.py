"""The needs as pages show them: the browse page, the home, the list, the fiche, documents; in both languages."""

import re
from html import unescape

import pypdfium2
import pytest

from initiatives.models import Besoin, ExceptionBesoin, Initiative, LigneAide

from .conftest import pdf_text

pytestmark = pytest.mark.django_db

ROW = re.compile(
    r'<a href="([^"]+)"(?: class="(vide)")?>\s*<span>\s*([^<]+?)\s*<span class="precision">([^<]+)</span>'
    r'\s*</span>\s*<span class="compte">([^<]+)</span>'
)


@pytest.fixture
def danger():
    """The one need of danger of the test, with lines of its own; one of them retired."""
    Besoin.objects.update(urgence=False)
    names = {"nom_fr": "Il va me frapper", "nom_en": "He will hit me", "metier_fr": "Violence", "metier_en": "Abuse"}
    need = Besoin.objects.create(slug="essai", voix="proche", urgence=True, **names)
    lines = [
        LigneAide.objects.create(
            slug=slug, nom_fr=slug, nom_en=slug, telephone=phone, active=active, provenance="Essai"
        )
        for slug, phone, active in (("ouverte", "418 555-0101", True), ("close", "1", False))
    ]
    need.lignes.set(lines)
    need.exceptions.create(initiative_id=145, sens="ajoutee", motif="Essai")
    return need


def part(page, mark):
    """A section of a page, from the identifier of its title to its end."""
    return page.split(f'id="{mark}"')[1].split("</section>")[0]


def rows(page, voice):
    return [tuple(unescape(cell) for cell in row) for row in ROW.findall(part(page, f"voix-{voice}"))]


def answered(need):
    return Initiative.objects.publiees().filter(besoins__contains=[need.slug]).count()


def expected(voice, language, prefix=""):
    wanted = []
    for need in Besoin.objects.filter(voix=voice, urgence=False):
        number = answered(need)
        name, trade = getattr(need, f"nom_{language}"), getattr(need, f"metier_{language}")
        address = f"{prefix}/initiatives/?besoin={need.slug}"
        wanted.append((address, "" if number else "vide", name, trade, str(number)))
    return wanted


class TestBrowsePage:
    @pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
    def test_every_need_by_who_speaks_with_its_fiches(self, visitor, prefix, language):
        Besoin.objects.create(slug="vide", nom_fr="Rien", nom_en="Nothing", metier_fr="R", metier_en="N", voix="pro")
        page = visitor.page(f"{prefix}/besoins/")
        for voice in ("moi", "proche", "pro"):
            assert rows(page, voice) == expected(voice, language, prefix)
            assert rows(page, voice)
        titles = {"fr": ["Pour moi", "Comme parent, ami·e ou proche", "Dans mon travail"]}
        titles["en"] = ["For me", "As a parent, a friend or someone close", "In my work"]
        assert re.findall(r'<h2 id="voix-\w+">([^<]+)</h2>', page) == titles[language]

    @pytest.mark.parametrize(("prefix", "name"), [("", "Il va me frapper"), ("/en", "He will hit me")])
    def test_danger_comes_first_with_its_own_lines(self, visitor, danger, prefix, name):
        page = visitor.page(f"{prefix}/besoins/")
        block = part(page, "besoin-essai")
        assert block.startswith(f">{name}</h2>")
        assert re.findall(r'href="tel:(\d+)"', block) == ["911", "4185550101"]
        assert f'href="{prefix}/initiatives/?besoin=essai"' in block
        assert '<span class="compte">1 initiative</span>' in block
        assert page.index('id="besoin-essai"') < page.index('id="voix-moi"')
        assert page.count("?besoin=essai") == 1

    def test_a_danger_that_no_fiche_answers_leads_to_no_empty_list(self, visitor, danger):
        danger.exceptions.all().delete()
        page = visitor.page("/besoins/")
        assert "?besoin=essai" not in page
        assert 'id="besoin-essai"' in page

    def test_a_danger_whose_lines_are_retired_shows_those_of_the_site(self, visitor, danger):
        LigneAide.objects.filter(slug="ouverte").update(active=False)
        block = part(visitor.page("/besoins/"), "besoin-essai")
        assert block.count('href="tel:') == LigneAide.objects.affichees().count()

    def test_links_carry_the_selection_and_the_discreet_mode(self, visitor):
        page = visitor.page("/besoins/", f="54", discret="1")
        found = re.findall(r'href="(/initiatives/\?besoin=[^"]+)"', page)
        assert {unescape(address).partition("&")[2] for address in found} == {"f=54&discret=1"}
        assert len(found) == sum(not need.urgence or answered(need) > 0 for need in Besoin.objects.all())

    def test_a_change_is_seen_at_once(self, visitor):
        need = Besoin.objects.get(slug="dormir")
        visitor.page("/besoins/")
        Besoin.objects.filter(pk=need.pk).update(nom_fr="Un toit")
        assert "Un toit" in visitor.page("/besoins/")

    def test_drafts_are_not_counted(self, visitor, draft):
        need = Besoin.objects.get(slug="dormir")
        need.exceptions.create(initiative=draft, sens="ajoutee", motif="Essai")
        assert rows(visitor.page("/besoins/"), "moi") == expected("moi", "fr")

    def test_it_is_in_the_menu_and_in_the_sitemap(self, visitor):
        menu = visitor.page("/aide/").split('class="menu"')[1].split("</nav>")[0]
        assert '<a href="/besoins/">Par besoin</a>' in menu
        sitemap = visitor.get("/sitemap.xml").content.decode()
        assert "<loc>http://testserver/besoins/</loc>" in sitemap
        assert "<loc>http://testserver/en/besoins/</loc>" in sitemap


def offered(page):
    """Title of a voice → the needs that the home offers under it: address and name."""
    groups = re.split(r"<h3>", part(page, "besoins"))[1:]
    link = re.compile(r'<li><a href="([^"]+)">([^<]+)</a></li>')
    return {
        unescape(group.partition("<")[0]): [(unescape(url), unescape(name)) for url, name in link.findall(group)]
        for group in groups
    }


def first_needs(voice, number, name="nom_fr"):
    needs = [need for need in Besoin.objects.filter(voix=voice, urgence=False) if answered(need)]
    return [(f"/initiatives/?besoin={need.slug}", getattr(need, name)) for need in needs[:number]]


class TestHome:
    def test_whoever_looks_for_help_finds_needs_in_plain_words(self, visitor):
        page = visitor.page("/")
        assert offered(page) == {
            "Pour moi": first_needs("moi", 9),
            "Comme parent, ami·e ou proche": first_needs("proche", 5),
        }
        assert '<a href="/besoins/">Voir tous les besoins</a>' in part(page, "besoins")
        assert page.index("Je cherche de l'aide") < page.index("J'interviens")

    def test_in_english_and_discreetly(self, visitor):
        found = offered(visitor.page("/en/", discret="1"))
        assert list(found) == ["For me", "As a parent, a friend or someone close"]
        wanted = [(f"/en{url}&discret=1", name) for url, name in first_needs("moi", 9, "nom_en")]
        assert found["For me"] == wanted

    def test_the_workshop_s_order_decides(self, visitor):
        last = Besoin.objects.filter(voix="moi", urgence=False).last()
        last.regles.create(modalites=["hebergement"])
        Besoin.objects.filter(pk=last.pk).update(ordre=0)
        assert offered(visitor.page("/"))["Pour moi"][0] == (f"/initiatives/?besoin={last.slug}", last.nom_fr)

    def test_neither_danger_nor_what_nobody_answers_is_offered(self, visitor, danger):
        Besoin.objects.filter(pk=danger.pk).update(ordre=0)
        names = {"nom_fr": "Rien", "nom_en": "Nothing", "metier_fr": "R", "metier_en": "N"}
        Besoin.objects.create(slug="vide", voix="moi", ordre=0, **names)
        page = part(visitor.page("/"), "besoins")
        assert "besoin=essai" not in page
        assert "besoin=vide" not in page


def unticked(page):
    """The facet of needs: voice → (open, boxes); a box is (style, code, ticked, name, count)."""
    facet = page.split("<summary>Besoin</summary>", 1)[-1].split("<summary>Région</summary>")[0]
    groups = re.findall(r"<details( open)?>\s*<summary>([^<]+)</summary>(.*?)</details>", facet, re.DOTALL)
    box = re.compile(
        r'class="case( vide)?"><input type="checkbox" name="besoin" value="([\w-]+)"( checked)?> <span>([^<]+)</span> '
        r'<span class="compte">(\d+)<'
    )
    return {unescape(title): (bool(opened), box.findall(body)) for opened, title, body in groups}


class TestList:
    def test_the_facet_is_grouped_by_who_speaks_and_counted(self, visitor):
        names = {"nom_fr": "Rien", "nom_en": "Nothing", "metier_fr": "R", "metier_en": "N"}
        Besoin.objects.create(slug="vide", voix="pro", ordre=999, **names)
        found = unticked(visitor.page("/initiatives/", besoin="dormir", region="montreal"))
        counts = visitor.json(besoin="dormir", region="montreal")["facettes"]["besoin"]
        wanted = {row["valeur"]: row["nombre"] for row in counts}
        assert list(found) == ["Pour moi", "Comme parent, ami·e ou proche", "Dans mon travail"]
        assert [opened for opened, _boxes in found.values()] == [True, False, False]
        for voice, (_opened, boxes) in zip(("moi", "proche", "pro"), found.values(), strict=True):
            rows = [(code, unescape(name)) for _style, code, _ticked, name, _number in boxes]
            needs = Besoin.objects.filter(voix=voice).order_by("-urgence", "ordre")
            assert rows == list(needs.values_list("slug", "nom_fr"))
            for style, code, ticked, _name, number in boxes:
                assert (int(number), bool(style), bool(ticked)) == (wanted[code], not wanted[code], code == "dormir")
        assert found["Dans mon travail"][1][-1][:2] == (" vide", "vide")

    def test_fiches_without_a_need_are_said_as_such(self, visitor):
        Besoin.objects.exclude(slug="dormir").delete()
        need = Besoin.objects.get()
        need.regles.all().delete()
        need.exceptions.all().delete()
        fiches = Initiative.objects.publiees().exclude(pk__in=(1, 2))
        made = [ExceptionBesoin(besoin=need, initiative=fiche, sens="ajoutee", motif="Essai") for fiche in fiches]
        ExceptionBesoin.objects.bulk_create(made)
        assert "2 fiches ne répondent à aucun de ces besoins" in visitor.page("/initiatives/")
        assert "2 records answer none of these needs" in visitor.page("/en/initiatives/")

    @pytest.mark.parametrize(
        ("path", "said"),
        [("/initiatives/", "Besoin : Un endroit où dormir"), ("/en/initiatives/", "Need: A place to sleep")],
    )
    def test_what_is_chosen_names_the_need_and_can_be_taken_out(self, visitor, path, said):
        page = visitor.page(path, besoin="dormir", region="montreal")
        chosen = page.split('<ul class="choix pas-imprime">')[1].split("</ul>")[0]
        links = re.findall(r'<a href="([^"]+)">\s*<span class="lecteur">[^<]+</span>([^<]+)<', chosen)
        assert (f"{path}?region=montreal", said) in [(url, " ".join(unescape(text).split())) for url, text in links]

    def test_no_space_before_an_english_colon(self, visitor):
        chosen = {"besoin": "dormir", "region": "laval", "age": "15", "sexe": "feminin", "annee_min": "2001"}
        queries = [
            chosen | {"q": "shelter"},
            {"q": "shelter for a girl of 15 in Laval who needs a bed"},
            {"q": "training cuisine", "region": "laval"},
            {"q": "xqvzb"},
            {"besoin": "handicap", "region": "estrie"},
        ]
        for query in queries:
            page = visitor.page("/en/initiatives/", **query)
            shown = re.sub(r"<[^>]+>", "", page.split('id="nombre"')[1].split("<article")[0].split("Page")[0])
            assert not re.search(r"\s:\s", shown), query
            assert ": " in shown

    @pytest.mark.parametrize(
        ("path", "said"),
        [("/initiatives/", "En danger maintenant? Appelez le 911."), ("/en/initiatives/", "In danger now? Call 911.")],
    )
    def test_a_need_of_danger_shows_whom_to_call_before_everything(self, visitor, danger, path, said):
        page = visitor.page(path, besoin=["dormir", "essai"])
        assert page.index(said) < page.index("<h1")
        assert said not in visitor.page(path, besoin="dormir")

    def test_why_a_card_is_there_is_in_plain_words(self, visitor):
        page = visitor.page("/initiatives/", besoin=["dormir", "parler"], par_page="100")
        reasons = re.findall(r'<p class="raisons"><span class="lecteur">Pourquoi : </span>([^<]+)</p>', page)
        names = {"Un endroit où dormir", "Parler à quelqu'un sans donner mon nom"}
        assert {unescape(reason) for reason in reasons} == names

    def test_what_is_true_of_every_card_is_said_once(self, visitor):
        page = visitor.page("/initiatives/", besoin="dormir")
        assert 'class="raisons"' not in page
        assert re.search(r"Besoin : Un endroit où dormir\s*<span aria-hidden", page)

    def test_a_need_that_nobody_answers_is_no_dead_end(self, visitor):
        names = {"nom_fr": "Rien", "nom_en": "Nothing", "metier_fr": "R", "metier_en": "N"}
        Besoin.objects.create(slug="vide", voix="pro", **names)
        page = visitor.page("/initiatives/", besoin="vide", region="montreal")
        assert "Aucune initiative ne répond" in page
        assert "sans le critère « Besoin »</a>" in page

    @pytest.mark.parametrize(
        ("path", "title", "said"),
        [
            ("/initiatives.pdf", "Répertoire des initiatives · Un endroit où dormir", "Besoin : Un endroit où dormir"),
            ("/en/initiatives.pdf", "Directory of initiatives · A place to sleep", "Need: A place to sleep"),
        ],
    )
    def test_a_document_says_for_which_need(self, visitor, path, title, said):
        body = visitor.get(path, {"besoin": "dormir"}).content
        assert " ".join(pypdfium2.PdfDocument(body).get_metadata_value("Title").split()) == title
        assert title in pdf_text(body)
        assert said in pdf_text(body)


class TestFiche:
    @pytest.mark.parametrize(
        ("prefix", "said", "name"),
        [("", "Répond à ces besoins", "nom_fr"), ("/en", "Answers these needs", "nom_en")],
    )
    def test_it_says_which_needs_it_answers(self, visitor, prefix, said, name):
        fiche = Initiative.objects.exclude(besoins=[]).get(pk=145)
        page = visitor.page(f"{prefix}/initiatives/les-survivantes/", f="54")
        block = page.split(f">{said}</h2>")[1].split("</ul>")[0]
        found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', block)
        needs = Besoin.objects.filter(slug__in=fiche.besoins)
        assert [(unescape(url), unescape(text)) for url, text in found] == [
            (f"{prefix}/initiatives/?besoin={need.slug}&f=54", getattr(need, name)) for need in needs
        ]
        assert found

    def test_without_a_need_nothing_is_said(self, visitor):
        Besoin.objects.all().delete()
        assert "Répond à ces besoins" not in visitor.page("/initiatives/les-survivantes/")

    def test_the_preview_of_a_draft_says_it_too(self, workshop, draft):
        Besoin.objects.get(slug="dormir").exceptions.create(initiative=draft, sens="ajoutee", motif="Essai")
        page = workshop.get(f"/admin/initiatives/initiative/{draft.pk}/apercu/").content.decode()
        assert ">Un endroit où dormir</a>" in page
