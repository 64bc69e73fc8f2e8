"""What the pages promise at first sight: where one is, numbers that lead to as many, cells that say their column."""

import re
from html import unescape

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from initiatives.core.enums import Categorie
from initiatives.models import Initiative, LigneAide, Organisme

from .conftest import pdf_text

pytestmark = pytest.mark.django_db


def in_menu(page: str) -> str:
    return re.search(r'<nav aria-label="(?:Principale|Main)">.*?</nav>', page, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("path", "address", "mark"),
    [
        ("/aide/", "/aide/", "page"),
        ("/trouver/", "/trouver/", "page"),
        ("/besoins/", "/besoins/", "page"),
        ("/initiatives/?region=laval", "/initiatives/", "page"),
        ("/initiatives/les-survivantes/", "/initiatives/", "true"),
        ("/regions/", "/regions/", "page"),
        ("/en/regions/laval/", "/en/regions/", "true"),
        ("/organismes/", "/organismes/", "page"),
        ("/organismes/pipq/", "/organismes/", "true"),
    ],
)
def test_the_menu_marks_where_one_is(visitor, path, address, mark):
    menu = in_menu(visitor.page(path))
    assert re.findall(r'href="([^"]+)"[^>]* aria-current="(\w+)"', menu) == [(address, mark)]


@pytest.mark.parametrize("path", ["/", "/en/", "/a-propos/", "/selection/"])
def test_the_menu_marks_nothing_elsewhere(visitor, path):
    assert "aria-current" not in in_menu(visitor.page(path))


def test_the_pages_about_the_site_mark_themselves(visitor):
    for path in ("/a-propos/", "/confidentialite/", "/accessibilite/"):
        aside = visitor.page(path).split('<ul class="aussi">')[1].split("</ul>")[0]
        assert re.findall(r'href="([^"]+)"[^>]* aria-current="page"', aside) == [path]


class TestDanger:
    """Somebody in danger sees one number first, and the others below it."""

    @pytest.mark.parametrize("path", ["/initiatives/?besoin=danger", "/initiatives/?q=il+va+me+tuer", "/besoins/"])
    def test_911_is_a_button_of_its_own_then_the_other_lines(self, visitor, path):
        block = visitor.page(path).split('class="danger"')[1].split("</ul>")[0]
        called = re.findall(r'<a class="([^"]+)" href="tel:(\w+)"', block)
        assert called[0] == ("bouton appeler-911", "911")
        assert len(called) > 1
        assert {(kind, number == "911") for kind, number in called[1:]} == {("ligne", False)}

    def test_elsewhere_911_is_a_line_like_the_others(self, visitor):
        page = visitor.page("/aide/")
        assert "appeler-911" not in page
        assert '<a class="ligne" href="tel:911">' in page


def test_a_fiche_says_what_it_is_before_everything_else(visitor):
    """In the very order of the page: a phone draws it so."""
    page = unescape(visitor.page("/initiatives/les-survivantes/"))
    marks = ["<h1", 'class="etat', ">Ce que c'est<", ">En bref<", ">Joindre<", ">Objectifs<", ">En pratique<"]
    places = [page.index(mark) for mark in [*marks, 'class="outils petit-seulement"']]
    assert places == sorted(places)
    assert page.count('class="outils large-seulement"') == 1


class TestWrongAnswers:
    """What is wrong is said above the title, as something to do, and leads to where it is done."""

    @pytest.mark.parametrize(
        ("path", "sent", "said"),
        [
            ("/initiatives/mobilis/signaler/", {}, ["Cochez une raison, ou écrivez quelques mots."]),
            ("/accessibilite/signaler/", {}, ["Écrivez ce qui vous bloque."]),
            (
                "/proposer/",
                {"annee": "18", "etape": "projet"},
                [
                    "Écrivez le nom du projet.",
                    "Écrivez l'année en quatre chiffres, par exemple 2018.",
                    "Choisissez où en est le projet.",
                ],
            ),
        ],
    )
    def test_each_leads_to_its_field(self, path, sent, said):
        browser = Client()
        suivi = re.search(r'name="suivi" value="([^"]+)"', browser.get(path).content.decode())[1]
        page = unescape(browser.post(path, {"suivi": suivi, **sent}).content.decode())
        summary = page.split('<div class="a-revoir" role="alert">')[1].split("</div>")[0]
        links = re.findall(r'<a href="#([\w-]+)">\s*([^<]+?)\s*</a>', summary)
        assert [words for _mark, words in links] == said
        for mark, _words in links:
            assert re.search(rf'<(?:input|textarea|select)[^>]* id="{mark}"', page)
        assert page.index('class="a-revoir"') < page.index("<h1")

    def test_what_must_be_answered_says_so(self, visitor):
        page = unescape(visitor.page("/proposer/"))
        labels = [
            " ".join(words.split()) for words in re.findall(r"<(?:label|legend)[^>]*>([^<]+\(obligatoire\))", page)
        ]
        assert len(labels) == 2
        assert "Où en est le projet? (obligatoire)" in labels

    def test_a_report_names_its_fiche_and_shows_whom_to_call(self, visitor):
        page = unescape(visitor.page("/initiatives/mobilis/signaler/"))
        title = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1]
        assert " ".join(re.sub(r"<[^>]+>", "", title).split()) == "Signaler une erreur : Mobilis"
        assert 'href="/regions/monteregie/"' in page.split("<h1")[0].split('class="fil"')[1]
        assert page.count('<a class="ligne" href="tel:911">') == 1


class TestPagination:
    """The list of jeunes in pages of ten: more than seven."""

    def pages(self, visitor, page=None):
        asked = {"clientele": "jeunes", "par_page": "10", "f": "54"} | ({"page": str(page)} if page else {})
        text = visitor.page("/initiatives/", **asked)
        part = re.search(r'<nav class="pagination".*?</nav>', text, re.DOTALL)[0]
        links = [unescape(address) for address in re.findall(r'href="([^"]+)"', part)]
        words = " ".join(re.sub(r"<[^>]+>", " ", part).replace("Page ", " ").split())
        return part, links, words

    def last(self, visitor):
        return visitor.json(clientele="jeunes", par_page="10")["pages"]

    def test_the_first_page(self, visitor):
        last = self.last(visitor)
        assert last > 7
        part, links, words = self.pages(visitor)
        kept = "?clientele=jeunes&par_page=10&f=54&page="
        assert links == [f"{kept}{number}" for number in (2, last, 2)]
        assert words == f"1 2 … {last} suivante → 1 de {last}"
        assert re.findall(r'aria-current="page"><span class="lecteur">Page </span>(\d+)<', part) == ["1"]
        assert 'rel="prev"' not in part

    def test_in_the_middle(self, visitor):
        last = self.last(visitor)
        _part, links, words = self.pages(visitor, 5)
        assert [link.rpartition("=")[2] for link in links] == ["4", "1", "4", "6", str(last), "6"]
        assert words == f"← précédente 1 … 4 5 6 … {last} suivante → 5 de {last}"

    def test_a_single_number_is_not_left_out(self, visitor):
        assert " 1 2 3 4 5 … " in self.pages(visitor, 4)[2]

    def test_the_last_page(self, visitor):
        last = self.last(visitor)
        part, links, words = self.pages(visitor, last)
        assert 'rel="next"' not in part
        assert words.startswith("← précédente 1 … ")
        assert [link.rpartition("=")[2] for link in links] == [str(last - 1), "1", str(last - 1)]

    def test_each_number_leads_to_its_page(self, visitor):
        _part, links, _words = self.pages(visitor)
        first, second, end = (
            re.findall(r'<article class="vignette" id="i(\d+)"', visitor.page(f"/initiatives/{query}"))
            for query in ("?clientele=jeunes&par_page=10", *links[:2])
        )
        found = [str(number) for page in "12" for number in visitor.numeros(clientele="jeunes", page=page)]
        assert (first, second, end) == (found[:10], found[10:20], found[10 * (self.last(visitor) - 1) :])

    def test_a_list_of_one_page_has_none(self, visitor):
        assert 'class="pagination"' not in visitor.page("/initiatives/", region="laval", par_page="100")


def counted_links(part: str) -> list[tuple[str, int]]:
    """The links of a part of a page that say a number: address, number."""
    pattern = r'<a href="([^"]+)"[^>]*>(?:(?!</a>).)*?<span class="compte">(\d+)</span>'
    return [(unescape(address), int(number)) for address, number in re.findall(pattern, part, re.DOTALL)]


def found_by(visitor, address: str) -> int:
    page = visitor.page(address)
    return int(re.search(r'id="nombre">(\d+) ', page)[1])


class TestNumbers:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_the_kinds_of_help_of_the_home(self, visitor, prefix):
        part = visitor.page(f"{prefix}/").split('id="intervenir"')[1].split("</section>")[0]
        links = counted_links(part)
        assert len(links) == 6
        assert [number for _address, number in links] == sorted((number for _a, number in links), reverse=True)
        for address, number in links:
            assert re.fullmatch(rf"{prefix}/initiatives/\?modalite=(?!autre|sans-objet)[\w-]+", address)
            assert found_by(visitor, address) == number > 0

    def test_the_bars(self, visitor):
        part = visitor.page("/", f="54").split('id="par-public"')[1].split("</section>")[0]
        bars = re.findall(r'<rect width="([\d.]+)"', part)
        links = counted_links(part)
        assert len(bars) == len(links) == 11
        for group in (slice(0, 8), slice(8, 11)):
            most = max(number for _address, number in links[group])
            assert [float(width) for width in bars[group]] == [
                round(100 * number / most, 1) for _address, number in links[group]
            ]
        for address, number in links:
            assert address.endswith("&f=54")
            assert found_by(visitor, address) == number

    def test_the_figures_of_a_region_and_of_an_organisation(self, visitor):
        for path, kept in (("/regions/laval/", "region=laval"), ("/organismes/pipq/", "porteur=pipq")):
            links = counted_links(visitor.page(path).split('id="figures"')[1].split("</section>")[0])
            assert len(links) > 8
            for address, number in links:
                assert kept in address
                assert found_by(visitor, address) == number


class TestOrganisations:
    def groups(self, page):
        """Of each kind: its name, and the organisations under it."""
        parts = re.findall(r'<h2 id="([\w-]+)">([^<]+)</h2>\s*<ul class="organismes">(.*?)</ul>', page, re.DOTALL)
        return [(code, unescape(name), re.findall(r'href="/organismes/([\w-]+)/', part)) for code, name, part in parts]

    def test_by_kind_each_with_its_number(self, visitor):
        page = visitor.page("/organismes/")
        groups = self.groups(page)
        order = [code for code in Categorie.values if code in {code for code, _name, _slugs in groups}]
        assert [code for code, _name, _slugs in groups] == order
        for code, name, slugs in groups:
            assert name == Categorie(code).label
            rows = Organisme.objects.publics().filter(categorie=code).order_by("nom")
            assert slugs == [row.slug for row in rows]
            assert re.search(rf'<a href="#{code}">[^<]+<span class="compte">{len(slugs)}</span>', page)
        assert f'<span class="compte">{sum(len(slugs) for *_rest, slugs in groups)}</span></h1>' in page

    def test_of_a_region_and_of_everywhere(self, visitor):
        page = visitor.page("/organismes/", region="laval", f="54")
        shown = {slug for *_rest, slugs in self.groups(page) for slug in slugs}
        rows = Organisme.objects.publics()
        assert shown == {row.slug for row in rows if row.region_id in ("laval", None)}
        assert {row.region_id for row in rows if row.slug in shown} == {"laval", None}
        assert '<option value="laval" selected>' in page
        assert '<input type="hidden" name="f" value="54">' in page

    def test_a_region_that_is_none_asks_for_nothing(self, visitor):
        assert self.groups(visitor.page("/organismes/", region="x")) == self.groups(visitor.page("/organismes/"))


class TestComparison:
    def test_each_cell_says_its_column(self, visitor):
        chosen = Initiative.objects.in_bulk([16, 54, 101])
        page = visitor.page("/selection/", f=["16", "54", "101"])
        tables = page.split('<table class="comparaison cote-a-cote pliable">')[1:]
        titles = [chosen[pk].titre for pk in (16, 54, 101)]
        assert len(tables) == 2
        for table, least in zip(tables, (10, 5), strict=True):
            rows = re.findall(r"<tr.*?</tr>", table.split("</table>")[0], re.DOTALL)[1:]
            assert len(rows) >= least
            for row in rows:
                columns = [unescape(name) for name in re.findall(r'<td[^>]* ?data-colonne="([^"]*)"', row)]
                assert columns == (["Pareil pour toutes"] if '<tr class="pareille">' in row else titles)

    def test_what_is_long_is_folded_under_what_decides(self, visitor):
        page = visitor.page("/selection/", f=["16", "54"])
        long = page.split('<details class="tiroir">')[1].split("</details>")[0]
        for label in ("Ce que c'est", "Objectifs", "Joindre"):
            assert f'<th scope="row">{label}</th>' in unescape(long)
        assert '<th scope="row">Région</th>' not in long

    def test_cards_are_compact_only_where_the_table_says_all(self, visitor):
        assert '<section class="repetees"' in visitor.page("/selection/", f=["16", "54"])
        assert '<section class="repetees"' not in visitor.page("/selection/", f=["16", "54", "101"], c=["16", "54"])
        assert '<section class="repetees"' not in visitor.page("/selection/", f=["16"])

    @pytest.mark.parametrize(("source", "said"), [(True, "liste tronquée dans la source"), (False, "liste incomplète")])
    def test_a_list_of_partners_that_was_cut_says_so(self, visitor, source, said):
        cut = Initiative.objects.filter(partenaires_tronques=True).first()
        if not source:
            Initiative.objects.filter(pk=cut.pk).update(source=None)
        other = Initiative.objects.publiees().filter(partenaires_tronques=False).exclude(partenaires="").first()
        table = visitor.page("/selection/", f=[str(cut.pk), str(other.pk)]).split("<tbody>")[2]
        row = next(row for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL) if "Avec qui" in row)
        cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
        assert [said in cell for cell in cells] == [True, False]


class TestAdvice:
    """What is delivered in place of help lines that could not be read is shown, and kept by nobody."""

    @pytest.fixture
    def another_line(self):
        LigneAide.objects.filter(slug="211").update(telephone="511")

    def without_lines(self, path):
        def fail(execute, sql, params, many, context):
            if 'FROM "initiatives_ligneaide"' in sql:
                raise DatabaseError
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail):
            response = Client().get(path)
        assert response.status_code == 200
        return response

    @pytest.mark.parametrize("path", ["/a-propos/", "/aide/", "/en/initiatives/?region=laval", "/initiatives/mobilis/"])
    def test_a_page(self, visitor, another_line, path):
        page = self.without_lines(path).content.decode()
        assert "tel:211" in page
        assert "tel:511" in visitor.page(path)

    @pytest.mark.parametrize(
        "path", ["/initiatives/mobilis.pdf", "/initiatives.pdf?region=laval", "/selection.pdf?f=54"]
    )
    def test_a_document(self, visitor, another_line, path):
        answer = self.without_lines(path)
        assert "communautaires 211" in pdf_text(answer.content)
        assert "ETag" not in answer.headers
        again = visitor.get(path)
        assert "communautaires 511" in pdf_text(again.content)
        assert "ETag" in again.headers


class TestPaper:
    """What the list says on paper, and the address that is copied from the screen."""

    def said(self, page):
        part = page.split('<div class="imprime">')[1].split("</div>")[0]
        return [" ".join(unescape(words).split()) for words in re.findall(r"<p>(.*?)</p>", part, re.DOTALL)]

    @pytest.mark.parametrize(
        ("query", "criteria"),
        [
            ("", "Toutes les initiatives, sans critère · Page 1 de 7"),
            ("?page=2", "Toutes les initiatives, sans critère · Page 2 de 7"),
            ("?region=laval&type=outil", "Critères : Région : Laval · Genre de projet : Outil"),
            ("?q=fugue&annee_min=2019", "Critères : Recherche : fugue · Créée en ou après : 2019"),
        ],
    )
    def test_criteria_page_and_address(self, visitor, query, criteria):
        page = visitor.page(f"/initiatives/{query}")
        assert self.said(page) == [criteria, f"http://testserver/initiatives/{query}"]
        copied = re.search(r'<input id="adresse" readonly value="([^"]+)">', page)[1]
        assert unescape(copied) == f"http://testserver/initiatives/{query}"

    def test_the_address_tells_nothing_of_the_mode(self, visitor):
        page = visitor.page("/initiatives/?region=laval&discret=1")
        assert self.said(page) == ["Critères : Région : Laval"]
        assert '<input id="adresse" readonly value="http://testserver/initiatives/?region=laval">' in page

    @pytest.mark.parametrize(
        ("prefix", "label"), [("", "Copier le lien de cette page"), ("/en", "Copy the link to this page")]
    )
    def test_a_fiche_has_its_address_too(self, visitor, prefix, label):
        page = visitor.page(f"{prefix}/initiatives/mobilis/", discret="1")
        assert f'<label for="adresse">{label}</label>' in page
        assert f'readonly value="http://testserver{prefix}/initiatives/mobilis/"' in page
