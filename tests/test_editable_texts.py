"""The texts that editors may change: delivered until then, written in both languages, harmless, undone, and cheap."""

import html
import re
from html.parser import HTMLParser

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.core.texts import PLACES, Nature
from initiatives.models import Texte
from initiatives.publishing.markup import LINK, TAGS, as_html

from .forms import address, form_data, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = "/admin/initiatives/texte/"
# A text of each page, and what is delivered there in French and in English.
DELIVERED = {
    "accueil-titre": ("Qui fait quoi contre l'exploitation", "Who does what against the sexual exploitation"),
    "accueil-aide": ("Pour vous, une amie, votre enfant.", "For you, a friend, your child."),
    "accueil-intervenir": ("Une fiche dit toujours d'où elle vient", "A record always says where it comes from"),
    "aide": ("Ce qui vous arrive n'est pas de votre faute.", "What is happening to you is not your fault."),
    "a-propos": ("Ce qu'il n'est pas", "What it is not"),
    "confidentialite": ("Ce que d'autres peuvent voir", "What others may see"),
    "confidentialite-fin": ("Les comptes de l'équipe", "Staff accounts"),
    "accessibilite": ("Ce que nous savons imparfait", "What we know to be imperfect"),
}


def change(code):
    return address(Texte, "change", code)


def page_of(code, prefix=""):
    place = PLACES[code]
    return prefix + reverse(place.page, args=place.args)


def save(browser, code, **changes):
    page = browser.get(change(code))
    data = form_data(page) | {"version_vue": page.context["version_vue"]} | changes
    return browser.post(change(code), data, follow=True)


def versions(code):
    rows = Texte.objects.get(code=code).versions.order_by("rang")
    return [(row.rang, row.nature, row.par and row.par.username, row.etat) for row in rows]


def text_of(page: str) -> str:
    return html.unescape(page)


class TestDelivered:
    def test_a_record_exists_once_somebody_changes_a_text(self):
        assert not Texte.objects.exists()

    @pytest.mark.parametrize("code", DELIVERED)
    def test_each_page_says_what_was_delivered(self, visitor, code):
        french, english = DELIVERED[code]
        assert french in text_of(visitor.page(page_of(code)))
        assert english in text_of(visitor.page(page_of(code, "/en")))

    def test_every_place_but_the_regions_is_tried_here(self):
        assert {code for code, place in PLACES.items() if place.page != "region"} == set(DELIVERED)

    def test_a_region_has_no_note(self, visitor):
        assert 'class="redige"' not in visitor.page("/regions/laval/")

    @pytest.mark.parametrize("code", DELIVERED)
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_no_sign_of_markdown_is_left(self, visitor, code, prefix):
        found = re.findall(r'<div class="redige">(.*?)</div>', visitor.page(page_of(code, prefix)), re.DOTALL)
        assert found or PLACES[code].nature == Nature.LIGNE
        assert [sign for text in found for sign in ("**", "##", "](", "\n- ") if sign in text] == []


class TestWritten:
    @pytest.mark.parametrize("code", [*DELIVERED, "region-laval"])
    def test_in_both_languages(self, workshop, visitor, code):
        answer = save(workshop, code, texte_fr="Un texte d'essai", texte_en="A trial text")
        assert said(answer)[0][0] == "success"
        french, english = visitor.page(page_of(code)), visitor.page(page_of(code, "/en"))
        assert ("Un texte d'essai" in text_of(french), "A trial text" in text_of(french)) == (True, False)
        assert ("Un texte d'essai" in text_of(english), "A trial text" in text_of(english)) == (False, True)
        for page, delivered in zip((french, english), DELIVERED.get(code, ()), strict=False):
            assert delivered not in text_of(page)
        assert versions(code) == [
            (1, "reprise", None, {"texte_fr": "", "texte_en": ""}),
            (2, "modification", "editrice", {"texte_fr": "Un texte d'essai", "texte_en": "A trial text"}),
        ]

    def test_the_form_begins_with_the_delivered_text(self, workshop):
        form = workshop.get(change("a-propos")).context["adminform"].form
        assert "## Ce qu'il n'est pas" in form["texte_fr"].value()
        assert "## What it is not" in form["texte_en"].value()

    @pytest.mark.parametrize("sent", [{}, {"texte_fr": "", "texte_en": ""}, {"texte_fr": " \r\n "}])
    def test_saved_as_it_was_or_empty_it_stays_the_delivered_one(self, workshop, visitor, sent):
        before = visitor.page("/a-propos/")
        assert save(workshop, "a-propos", **sent).redirect_chain
        assert not Texte.objects.exists()
        assert visitor.page("/a-propos/") == before

    def test_a_browser_s_line_ends_change_nothing(self, workshop):
        data = form_data(workshop.get(change("a-propos")))
        save(workshop, "a-propos", **{name: text.replace("\n", "\r\n") for name, text in data.items()})
        assert not Texte.objects.exists()

    def test_french_alone_the_english_page_keeps_the_delivered_text_and_the_editor_is_told(self, workshop, visitor):
        answer = save(workshop, "a-propos", texte_fr="Nous sommes là.")
        sentence = "La page anglaise montre encore le texte livré, qui ne dit peut-être plus la même chose."
        assert ("warning", sentence) in said(answer)
        assert "What it is not" in visitor.page("/en/a-propos/")
        assert Texte.objects.get().texte_en == ""
        assert sentence in text_of(workshop.get(change("a-propos")).content.decode())

    def test_where_no_english_is_delivered_the_french_is_shown_and_marked(self, workshop, visitor):
        answer = save(workshop, "region-laval", texte_fr="**Ligne** fermée en juillet.")
        sentence = "Rien n'est écrit en anglais : la page anglaise montre le texte français."
        assert ("warning", sentence) in said(answer)
        marked = '<div class="redige" lang="fr-CA"><p><strong>Ligne</strong> fermée en juillet.</p>'
        assert marked in visitor.page("/en/regions/laval/")
        assert "fermée en juillet" not in visitor.page("/en/regions/montreal/")

    def test_the_figures_stay_whatever_is_written(self, workshop, visitor, settings):
        settings.CONTACT_RETENTION_DAYS = 47
        for code in ("accueil-intervenir", "confidentialite", "confidentialite-fin", "aide"):
            save(workshop, code, texte_fr="Rien.")
        assert "rassemble 152 initiatives" in visitor.page("/")
        assert "effacés 47 jours après" in visitor.page("/confidentialite/")
        assert "tel:18889339007" in visitor.page("/aide/")

    def test_paragraphs_headings_and_lists(self, workshop, visitor):
        written = (
            "# Un\n\n#### Deux\n\n1. a\n2. b\n\n> *dit*\n\n- [ici](/aide/#jaser) [là](https://example.org/a?b=c&d=e)"
        )
        save(workshop, "a-propos", texte_fr=written)
        assert (
            '<div class="redige"><h2>Un</h2>\n<h3>Deux</h3>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<blockquote>\n'
            '<p><em>dit</em></p>\n</blockquote>\n<ul>\n<li><a href="/aide/#jaser">ici</a> '
            '<a href="https://example.org/a?b=c&amp;d=e" rel="noreferrer">là</a></li>\n</ul>\n</div>'
        ) in visitor.page("/a-propos/")

    def test_links_stay_discreet_and_keep_the_selection(self, workshop, visitor):
        save(
            workshop, "a-propos", texte_fr="[a](/aide/#jaser) [b](/initiatives/?region=laval) [c](https://example.org/)"
        )
        page = visitor.page("/a-propos/", discret="1", f="54")
        assert re.findall(r'href="([^"]*)"', page.split('class="redige"')[1].split("</div>")[0]) == [
            "/aide/?f=54&amp;discret=1#jaser",
            "/initiatives/?region=laval&amp;f=54&amp;discret=1",
            "https://example.org/",
        ]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>body{display:none}</style><h1>x</h1>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\tjavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](http://example.org/)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](https:evil.example)",
    "[x](https:///evil.example)",
    '[x](/aide/ "onmouseover=alert(1)")',
    '[x](/aide/"onmouseover="alert(1))',
    "[x](mailto:a@example.org\nBcc:b)",
    "![x](https://example.org/pixel.png)",
    "[![x](javascript:1)](javascript:2)",
    "[[x](javascript:1)](/aide/)",
    "<https://example.org/><javascript:alert(1)>",
    "**[x](javascript:1)*",
    "`<b onclick=x>`",
    "[x]: javascript:alert(1)\n\n[x]",
    "</div></main></body><iframe src=https://evil.example>",
    "<!-- --><![CDATA[ <b> ]]><?php ?>",
    "{% load i18n %}{{ settings.SECRET_KEY }}{% include 'x' %}",
    "***" * 500 + "[" * 500 + "]" * 100 + ">" * 300 + "(" * 200,
    "> " * 900 + "x",
    "- " * 900 + "x",
    "\u202e\u2066x\ufffe",
]


class Seen(HTMLParser):
    """What a browser would find: tags with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag


def harmless(text: str) -> list:
    """The tags of a text that are not of the closed list, and the attributes and links that are none of ours."""
    return [
        (tag, attributes)
        for tag, attributes in Seen(text).tags
        if tag not in TAGS or attributes.keys() - {"href", "rel"} or not LINK.fullmatch(attributes.get("href", "#x"))
    ]


@pytest.mark.parametrize("written", HOSTILE)
def test_what_is_hostile_is_words(workshop, visitor, written):
    save(workshop, "a-propos", texte_fr=written, texte_en=written)
    assert Texte.objects.get().texte_fr
    for path in ("/a-propos/", "/en/a-propos/"):
        page = Client().get(path).content.decode()
        part = page.split('<div class="redige">')[1].split('<section aria-labelledby="tenu')[0]
        part = part.split('<aside class="cote')[0].rpartition("</div>")[0].rpartition("</div>")[0]
        assert harmless(part) == []
        assert page.count("<main") == page.count("</main>") == 1
        assert len(re.findall("<h1[ >]", page)) == 1
        assert "evil.example" not in "".join(link or "" for _tag, a in Seen(page).tags for link in a.values())
    preview = workshop.post(change("a-propos"), {"texte_fr": written, "texte_en": written, "_apercu": "1"})
    assert [harmless(row[1]) for row in preview.context["apercus"]] == [[], []]


@pytest.mark.parametrize("code", ["accueil-titre"])
def test_a_line_is_words_alone(workshop, visitor, code):
    save(workshop, code, texte_fr="<b>x</b> **y** & [z](/aide/)")
    assert "<h1>&lt;b&gt;x&lt;/b&gt; **y** &amp; [z](/aide/)</h1>" in visitor.page("/")


def test_the_second_wall_holds_alone(monkeypatch):
    """Were the reader to let HTML through one day, nothing but the closed list would come out."""
    from initiatives.publishing import markup

    monkeypatch.setattr(markup.READER.renderer, "render", lambda *args: HOSTILE[0] + HOSTILE[3] + "<h1>a</h1><p id=x>b")
    assert as_html("") == "<a>x</a>a<p>b</p>"


class TestRefused:
    @pytest.mark.parametrize(
        ("code", "written", "sentence"),
        [
            ("accueil-titre", "x" * 121, "Au plus 120 caractères; il y en a 121."),
            ("accueil-titre", "Un\nDeux", "Une seule ligne."),
            ("aide", "x" * 601, "Au plus 600 caractères; il y en a 601."),
            ("a-propos", "x" * 20_001, "Au plus 20000 caractères; il y en a 20001."),
        ],
    )
    @pytest.mark.parametrize("name", ["texte_fr", "texte_en"])
    def test_what_a_place_does_not_hold(self, workshop, code, written, sentence, name):
        answer = save(workshop, code, **{name: written})
        assert answer.context["adminform"].form.errors == {name: [sentence]}
        assert not Texte.objects.exists()

    def test_at_the_limit(self, workshop):
        save(workshop, "accueil-titre", texte_fr="x" * 120)
        assert Texte.objects.get().texte_fr == "x" * 120

    @pytest.mark.parametrize("code", ["inconnu", "region-inconnue", "a-propos/../x"])
    def test_there_is_no_other_text(self, workshop, code):
        url = LIST + code + "/change/"
        for answer in (workshop.get(url), workshop.post(url, {"texte_fr": "x"})):
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/")
        assert not Texte.objects.exists()

    def test_a_place_that_was_taken_away_is_shown_nowhere(self, workshop, visitor):
        Texte.objects.create(code="ancien", texte_fr="Un texte ancien")
        assert "Un texte ancien" not in workshop.get(LIST).content.decode()
        assert workshop.get(LIST + "ancien/change/").status_code == 302
        assert visitor.page("/a-propos/")


class TestPreview:
    def test_it_is_shown_in_both_languages_and_saved_nowhere(self, workshop, visitor):
        before = visitor.page("/regions/laval/")
        sent = {"texte_fr": "## Essai\n\n*mot*", "texte_en": "", "version_vue": "1", "_apercu": "1"}
        answer = workshop.post(change("region-laval"), sent)
        assert answer.status_code == 200
        assert [(str(row[1]), *row[2:]) for row in answer.context["apercus"]] == [
            ("<h2>Essai</h2>\n<p><em>mot</em></p>\n", "fr-ca", "écrit ici"),
            ("<h2>Essai</h2>\n<p><em>mot</em></p>\n", "fr-CA", "le texte français"),
        ]
        assert answer.context["adminform"].form["texte_fr"].value() == "## Essai\n\n*mot*"
        assert answer.context["errors"] == []
        assert not Texte.objects.exists()
        assert visitor.page("/regions/laval/") == before

    def test_the_delivered_text_is_previewed_too(self, workshop):
        data = form_data(workshop.get(change("accueil-aide"))) | {"texte_fr": "Essai", "_apercu": "1"}
        rows = workshop.post(change("accueil-aide"), data).context["apercus"]
        assert [(str(row[1]), row[3]) for row in rows] == [
            ("<p>Essai</p>\n", "écrit ici"),
            ("<p>For you, a friend, your child. This site keeps nothing of your visit.</p>\n", "livré"),
        ]

    def test_of_something_wrong_the_error_is_shown(self, workshop):
        answer = workshop.post(change("accueil-titre"), {"texte_fr": "x" * 121, "_apercu": "1"})
        assert answer.context["apercus"] == []
        assert "texte_fr" in answer.context["adminform"].form.errors

    def test_of_a_text_that_was_written_nothing_moves(self, workshop):
        save(workshop, "aide", texte_fr="Un")
        data = form_data(workshop.get(change("aide"))) | {"version_vue": "2", "texte_fr": "Deux", "_apercu": "1"}
        assert workshop.post(change("aide"), data).status_code == 200
        assert (Texte.objects.get().texte_fr, len(versions("aide"))) == ("Un", 2)


class TestUndone:
    def test_back_to_the_delivered_text(self, workshop, visitor):
        before = visitor.page("/a-propos/")
        save(workshop, "a-propos", texte_fr="Un", texte_en="One")
        answer = save(workshop, "a-propos", texte_fr="x" * 30_000, _livre="1")
        assert ("success", "C'est de nouveau le texte livré.") in said(answer)
        assert visitor.page("/a-propos/") == before
        assert [row[3]["texte_fr"] for row in versions("a-propos")] == ["", "Un", ""]

    def test_an_earlier_version(self, workshop, visitor):
        save(workshop, "a-propos", texte_fr="Un", texte_en="One")
        save(workshop, "a-propos", texte_fr="Deux", texte_en="Two")
        page = workshop.get(address(Texte, "history", "a-propos") + "?de=2&a=3")
        assert [(row.champ, row.avant, row.apres) for row in page.context["differences"]] == [
            ("texte_fr", "Un", "Deux"),
            ("texte_en", "One", "Two"),
        ]
        restore = page.context["adresse"]
        workshop.post(restore, {"version": "2", "champ": ["texte_en"], "motif": "Plus juste"})
        assert "Deux" in visitor.page("/a-propos/")
        assert "One" in visitor.page("/en/a-propos/")
        workshop.post(restore, {"version": "1", "tout": "1", "motif": "Comme livré"})
        assert "Ce qu'il n'est pas" in text_of(visitor.page("/a-propos/"))
        assert [row[1] for row in versions("a-propos")] == ["reprise", *["modification"] * 2, *["restauration"] * 2]

    def test_what_is_restored_is_still_bounded(self, workshop):
        save(workshop, "accueil-titre", texte_fr="Un")
        row = Texte.objects.get()
        row.versions.filter(rang=1).update(etat={"texte_fr": "x" * 200, "texte_en": ""})
        url = address(Texte, "restaurer", "accueil-titre")
        answer = workshop.post(url, {"version": "1", "tout": "1", "motif": "Essai"}, follow=True)
        assert said(answer) == [("error", "Au plus 120 caractères; il y en a 200.")]

    def test_a_text_that_nobody_changed_has_no_history(self, workshop):
        answer = workshop.get(address(Texte, "history", "aide"), follow=True)
        assert answer.redirect_chain == [(change("aide"), 302)]
        assert said(answer) == [("info", "Ce texte n'a jamais été changé : c'est celui qui a été livré.")]

    def test_a_colleague_s_words_are_not_overwritten_even_the_first(self, workshop, visitor):
        seen = workshop.get(change("aide"))
        mine = form_data(seen) | {"version_vue": seen.context["version_vue"], "texte_fr": "De moi"}
        colleague = session(account("administration"))
        save(colleague, "aide", texte_fr="D'elle")
        answer = workshop.post(change("aide"), mine)
        assert [(row.champ, row.avant, row.apres) for row, _choice in answer.context["lignes"]] == [
            ("texte_fr", "D'elle", "De moi")
        ]
        assert "D'elle" in text_of(visitor.page("/aide/"))
        chosen = {name: answer.context[name] for name in ("mienne", "version_vue")} | {"choix-texte_fr": "mienne"}
        assert workshop.post(answer.context["adresse"], chosen).status_code == 302
        assert "De moi" in visitor.page("/aide/")


class TestSeen:
    def test_the_list_has_every_text_and_who_changed_it(self, workshop):
        save(workshop, "aide", texte_fr="Un")
        pages = dict(workshop.get(LIST).context["pages"])
        assert sum(map(len, pages.values())) == len(PLACES)
        assert list(pages) == ["Accueil", "Besoin d'aide", "À propos", "Confidentialité", "Accessibilité", "Régions"]
        ((url, _place, written, version),) = pages["Besoin d'aide"]
        assert (url, written, version.par.username) == (change("aide"), ["écrit ici", "livré"], "editrice")

        assert {tuple(row[2]) for row in pages["Régions"]} == {("vide", "vide")}

    def test_the_list_costs_the_same_for_one_text_and_for_many(self, workshop):
        counts = []
        for code in ("aide", "a-propos", "region-laval"):
            save(workshop, code, texte_fr="Un")
            with CaptureQueriesContext(connection) as queries:
                workshop.get(LIST)
            counts.append(len(queries))
        assert len(set(counts)) == 1

    @pytest.mark.parametrize("role", ["rédaction", "révision"])
    def test_who_does_not_write_reads(self, role):
        browser = session(account(role))
        assert browser.get(LIST).status_code == 200
        page = browser.get(change("a-propos"))
        assert page.status_code == 200
        assert 'name="_livre"' not in page.content.decode()
        assert browser.post(change("a-propos"), {"texte_fr": "x", "version_vue": "1"}).status_code == 403
        assert not Texte.objects.exists()

    @pytest.mark.parametrize("code", ["a-propos", "region-laval"])
    def test_who_may_read_no_text_reads_no_history_either(self, workshop, code):
        save(workshop, "a-propos", texte_fr="Un")
        assert session(account("sans", None)).get(address(Texte, "history", code)).status_code == 403


class TestCost:
    def test_one_query_then_none_until_something_changes(self, visitor, workshop):
        def asked(path):
            with CaptureQueriesContext(connection) as queries:
                visitor.page(path)
            return sum("initiatives_texte" in query["sql"] for query in queries)

        assert [asked(path) for path in ("/confidentialite/", "/en/", "/", "/regions/laval/")] == [1, 0, 0, 0]
        save(workshop, "aide", texte_fr="Un")
        assert [asked(path) for path in ("/aide/", "/a-propos/", "/")] == [1, 0, 0]

    def test_a_change_is_seen_at_once(self, workshop, visitor):
        assert "Deux" not in visitor.page("/a-propos/")
        for words in ("Un essai", "Deux essais"):
            save(workshop, "a-propos", texte_fr=words)
            assert words in visitor.page("/a-propos/")

    def test_without_an_answer_the_delivered_text_is_shown_and_not_kept(self, workshop, visitor):
        save(workshop, "a-propos", texte_fr="Un essai")

        def fail(execute, sql, params, many, context):
            if "initiatives_texte" in sql:
                raise DatabaseError
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail):
            page = Client().get("/a-propos/")
        assert page.status_code == 200
        assert "Ce qu'il n'est pas" in text_of(page.content.decode())
        assert "Un essai" in visitor.page("/a-propos/")
