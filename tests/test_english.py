"""English inside the pages: from the typed fields, spaced as English is, offered to who reads it, never imposed."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.core.versioned import forget
from initiatives.models import Initiative, LigneAide
from initiatives.urls import urlpatterns

from .conftest import pdf_text

pytestmark = pytest.mark.django_db

NAMED = {"initiative": "les-survivantes", "signaler": "les-survivantes", "region": "laval", "organisme": "pipq"}
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Words(HTMLParser):
    """The words of a page that are in its own language: what is marked as another's is left out, with its children."""

    def __init__(self, page):
        super().__init__()
        self.open, self.said, self.attributes = [], [], []
        self.feed(page)

    def foreign(self):
        return any(lang not in (None, "en") for _tag, lang in self.open)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, given.get("lang")))
        if not self.foreign():
            names = ("aria-label", "title", "placeholder", "alt", "content", "data-titre")
            self.attributes += [given[name] for name in names if given.get(name)]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        inside = {tag for tag, _lang in self.open}
        if not self.foreign() and not inside & {"script", "style"}:
            self.said.append(data)


def spaced_as_french(page: str) -> list[str]:
    """Where a sign that French spaces has a space before it, in the page's own words."""
    found = Words(page)
    texts = ["".join(found.said), *found.attributes]
    return [match[0] for text in texts for match in re.finditer(r".{0,30}[ \u00a0\u202f][:;!?](?=\s|$).{0,20}", text)]


def every_page() -> list[str]:
    names = [pattern.name for pattern in urlpatterns if str(pattern.pattern).endswith("/") or not str(pattern.pattern)]
    return [
        *(reverse(name, args=[NAMED[name]] if name in NAMED else []) for name in names if "verification" not in name),
        *(
            "/initiatives/?q=proxenetsime&region=laval&age=14",
            "/initiatives/?besoin=dormir&besoin=parler&annee_min=2000",
        ),
        *("/initiatives/?q=horaire+de+l%27autobus", "/initiatives/?region=gaspesie", "/initiatives/?q=il+va+me+tuer"),
        *("/selection/?f=16&f=54&f=101", "/trouver/?apres=age-et-sexe&age=quinze", "/trouver/?apres=ou&ville=Longueil"),
        *("/regions/gaspesie/", "/initiatives/?q=parents+laurentides&sexe=feminin", "/aide/?qui=proche"),
    ]


def test_a_space_before_a_sign_is_seen():
    """In the page's own words alone, at 8:30 nothing: what is marked French keeps its spaces."""
    page = '<p title="a : b">Age : 12 <b lang="fr">Jeunes : <i>12</i> ?</b> <br>At 8:30: help\u00a0!</p>'
    assert spaced_as_french(page) == ["Age : 12  At 8:30: help\u00a0!", "a : b"]


@pytest.mark.parametrize("path", every_page())
def test_no_french_spacing_in_english(visitor, path):
    assert spaced_as_french(visitor.page(f"/en{path}")) == []
    for status_path in ("/nulle-part/", "/initiatives/?region=x"):
        assert spaced_as_french(visitor.get(f"/en{status_path}").content.decode()) == []


def test_no_fiche_has_french_spacing_in_english(visitor):
    """Its title, which the head of the page repeats, is the source's."""
    wrong = {}
    for fiche in Initiative.objects.publiees():
        page = visitor.page(f"/en/initiatives/{fiche.slug}/")
        if found := spaced_as_french(page[page.index("<body>") :]):
            wrong[fiche.slug] = found
    assert wrong == {}


class TestInsideAFiche:
    @pytest.mark.parametrize(
        ("fields", "french", "english"),
        [
            ({}, "12 à 17 ans", "ages 12 to 17"),
            ({"age_mention": ""}, "12 à 17 ans", "ages 12 to 17"),
            ({"age_max": None, "age_mention": "12 ans et plus"}, "12 ans et plus", "ages 12 and over"),
            ({"age_min": None, "age_mention": "17 ans et moins"}, "17 ans et moins", "ages 17 and under"),
            (
                {"age_min": None, "age_max": None, "tous_ages": True, "age_mention": "Tous les âges"},
                "Tous les âges",
                "all ages",
            ),
            (
                {"age_mention": "Adolescentes"},
                "Adolescentes",
                'ages 12 to 17 (</span><span lang="fr">Adolescentes</span>)',
            ),
            (
                {"age_min": None, "age_max": None, "age_mention": "Ne s'applique pas"},
                "Ne s&#x27;applique pas",
                "Not applicable",
            ),
        ],
    )
    def test_ages_come_from_the_figures(self, visitor, fields, french, english):
        known = {"age_min": 12, "age_max": 17, "tous_ages": False, "age_mention": "12 à 17 ans"}
        Initiative.objects.filter(numero=24).update(**known | fields)
        for path in ("/initiatives/centre-filles-mobiles/", "/selection/?f=24&f=54"):
            assert french in visitor.page(path)
            page = visitor.page(f"/en{path}").replace("(<span", "(</span><span")
            assert english in page
            assert english == "x" or french not in page or "(" in english
        assert re.sub("<[^>]+>", "", english) in pdf_text(
            visitor.get("/en/initiatives/centre-filles-mobiles.pdf").content
        )

    def test_the_set_phrases_of_the_source_are_said_in_english(self, visitor):
        fields = {"frequence": "Non spécifié", "annee": None, "annee_mention": "À venir"}
        Initiative.objects.filter(numero=24).update(**fields)
        page = visitor.page("/en/initiatives/centre-filles-mobiles/")
        assert re.findall(r"<dt>(How often|Year of creation)</dt>\s*<dd>([^<]*)</dd>", page) == [
            ("How often", "Not specified"),
            ("Year of creation", "To come"),
        ]
        assert '<span lang="fr">À venir</span>' in visitor.page("/initiatives/centre-filles-mobiles/")

    def test_what_only_repeats_a_label_is_not_said_twice(self, visitor):
        Initiative.objects.filter(numero=24).update(
            clienteles=["jeunes", "population-generale"], autre_clientele_mention="Population générale"
        )
        block = (
            visitor.page("/en/initiatives/centre-filles-mobiles/").split("<dt>Who it is for</dt>")[1].split("</dd>")[0]
        )
        assert "Population générale" not in block

    def test_a_fiche_in_french_says_what_to_do(self, visitor):
        page = visitor.page("/en/initiatives/les-survivantes/")
        notice = page.split('<div class="avis">')[1].split("</div>")[0]
        assert "This record is written in French" in notice
        assert re.search(r'A help line answers in English:\s*Info-aide[^,]*, <a href="tel:18889339007">', notice)
        assert "the company that translates" in notice
        LigneAide.objects.update(langues_en="French")
        assert "A help line answers" not in visitor.page("/en/initiatives/les-survivantes/")

    @pytest.mark.parametrize(("path", "langue"), [("/", "fr"), ("/", "en"), ("/en/", "en")])
    def test_nothing_is_said_of_a_fiche_that_one_reads(self, visitor, path, langue):
        Initiative.objects.filter(numero=145).update(langue=langue)
        assert '<div class="avis">' not in visitor.page(f"{path}initiatives/les-survivantes/")


ENGLISH, FRENCH = "Also in English", "Aussi en français"
PATHS = ["/", "/initiatives/?region=laval&f=54", "/proposer/", "/aide/?discret=1"]


class TestOffered:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize(
        ("likes", "french_page", "english_page"),
        [
            ("", 0, 0),
            ("en", 1, 0),
            ("en-CA,en;q=0.9,fr;q=0.8", 1, 0),
            ("fr;q=0.5, EN-us", 1, 0),
            ("de, en;q=0.5", 1, 0),
            ("fr-CA,fr;q=0.9,en;q=0.8", 0, 1),
            ("en;q=0, fr", 0, 1),
            ("en;q=0", 0, 0),
            ("*", 0, 0),
            ("de", 0, 0),
            ("en;q=x", 0, 0),
            ("frisian, english", 0, 0),
            ("x" * 10_000, 0, 0),
        ],
    )
    def test_the_language_that_the_browser_likes_better(self, visitor, path, likes, french_page, english_page):
        for address, sentence, wanted in ((path, ENGLISH, french_page), (f"/en{path}", FRENCH, english_page)):
            answer = visitor.get(address, HTTP_ACCEPT_LANGUAGE=likes)
            assert answer.status_code == 200
            page = answer.content.decode()
            assert (page.count(sentence), page.count(ENGLISH) + page.count(FRENCH)) == (wanted, wanted)
            assert "Accept-Language" in answer.headers["Vary"]

    def test_it_leads_to_the_very_page(self, visitor):
        page = visitor.get(PATHS[1], HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert unescape(re.search(rf'href="([^"]+)" hreflang="en">{ENGLISH}', page)[1]) == f"/en{PATHS[1]}"
        page = visitor.get(f"/en{PATHS[1]}", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
        assert unescape(re.search(rf'href="([^"]+)" hreflang="fr-CA">{FRENCH}', page)[1]) == PATHS[1]

    def test_what_is_kept_for_one_is_not_given_to_the_other(self, visitor):
        for _again in range(2):
            assert ENGLISH in visitor.get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
            assert ENGLISH not in visitor.get("/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
            assert ENGLISH not in visitor.get("/", HTTP_ACCEPT_LANGUAGE="de").content.decode()

    def test_data_are_the_same_for_all(self, visitor):
        first, second = (visitor.get("/initiatives.json", HTTP_ACCEPT_LANGUAGE=likes) for likes in ("en", "fr"))
        assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])

    def test_nobody_is_led_elsewhere(self):
        for path in PATHS:
            assert Client().get(path, HTTP_ACCEPT_LANGUAGE="en").status_code == 200
        forget()
        assert 'lang="fr-CA"' in Client().get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()[:200]
