"""Pieces of pages that are made once: each visitor gets his own page, and no piece holds what anybody asked."""

import random
import re

import pytest
from django.db import OperationalError
from django.template import engines
from django.test import RequestFactory

from initiatives.core import versioned
from initiatives.finding.index import Found
from initiatives.models import Initiative, LigneAide, Organisme
from initiatives.publishing import help_lines

pytestmark = pytest.mark.django_db

ASKED = {
    "f": ["", "54", "141"],
    "discret": ["", "1"],
    "sexe": ["", "feminin"],
    "age": ["", "14"],
    "lieu": ["", "milieu-scolaire"],
    "tri": ["", "titre"],
    "q": ["", "", "hébergement", "xqvzbnt formation"],
}
PLACES = ["/", *["/initiatives/"] * 4, "/initiatives/les-survivantes/", "/regions/laval/", "/selection/"]


def addresses(number: int) -> list[str]:
    draw, found = random.Random(5), []
    for _ in range(number):
        place = draw.choice(PLACES)
        names = ("f", "discret") if place != "/initiatives/" else ASKED
        given = {name: draw.choice(ASKED[name]) for name in names}
        query = "&".join(f"{name}={value}" for name, value in given.items() if value)
        found.append(f"{draw.choice(['', '/en'])}{place}{'?' * bool(query)}{query}")
    return found


def test_a_page_of_kept_pieces_is_the_page_made_anew(visitor):
    """Whatever was asked before, by whomever: sixty addresses that share their pieces."""
    asked = addresses(60)
    kept = {address: visitor.get(address).content for address in asked}
    made_anew = {}
    for address in asked:
        versioned.forget()
        made_anew[address] = visitor.get(address).content
    assert [address for address in asked if kept[address] != made_anew[address]] == []


def test_no_piece_holds_what_was_asked(visitor):
    visitor.page("/initiatives/", q="tatouagez formation", f="54", age="14", sexe="feminin", region="laval")
    visitor.page("/initiatives/", q="hébergement", f="54", discret="1")
    pieces = [body.decode() for body in map(versioned.ANSWERS.kept.get, list(versioned.ANSWERS.kept))]
    assert any('class="vignette"' in piece for piece in pieces)
    assert any("menu-aide" in piece for piece in pieces)
    for said in ("tatouage", "f=54", "discret=1", "<mark>", "14 ans"):
        assert [piece for piece in pieces if said in piece] == []


@pytest.mark.parametrize("tag", ["champs_portes", "mode_discret True", "autre_langue 'en'"])
def test_what_the_address_says_cannot_be_put_in_a_piece(tag):
    template = engines["django"].from_string(
        f'{{% load pieces repertoire %}}{{% garde "x" %}}{{% {tag} %}}{{% endgarde %}}'
    )
    with pytest.raises(RuntimeError):
        template.render({}, RequestFactory().get("/?f=54"))


def test_a_card_says_what_its_fiche_says_now(visitor):
    assert "Les Survivantes" in visitor.page("/initiatives/?region=montreal&tri=titre&par_page=100")
    Initiative.objects.filter(numero=145).update(titre="Un autre titre")
    after = visitor.page("/initiatives/?region=montreal&tri=annee&par_page=100")
    assert "Un autre titre" in after
    assert "Les Survivantes" not in after


def test_a_card_names_its_porteur_as_it_is_named_now(visitor):
    visitor.page("/initiatives/?par_page=100")
    porteur = Organisme.objects.get(pk=Initiative.objects.get(numero=145).porteurs_ids[0])
    Organisme.objects.filter(pk=porteur.pk).update(nom="Maison renommée")
    assert "Maison renommée" in visitor.page("/initiatives/?tri=titre&porteur=" + porteur.slug)


def test_a_fiche_that_goes_while_the_page_is_made_is_left_out(visitor, monkeypatch):
    monkeypatch.setattr(Found, "cards", lambda self, numeros: [])
    page = visitor.page("/initiatives/")
    assert 'class="vignette"' not in page
    assert "152 initiatives" in page


def test_a_piece_made_while_the_database_failed_is_not_kept(visitor, monkeypatch):
    LigneAide.objects.filter(slug="211").update(telephone="811")
    versioned.forget()

    def failing(*_args):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(help_lines, "lines", failing)
        assert "tel:211" in visitor.page("/regions/laval/")
    assert "tel:211" not in visitor.page("/regions/laval/")


def test_pages_are_sent_without_the_indentation_of_their_templates(visitor):
    page = visitor.page("/initiatives/?region=laval")
    assert [line for line in page.splitlines() if line.startswith(" ")] == []


def test_rows_are_fetched_for_the_cards_that_are_not_made_alone(visitor, monkeypatch):
    asked, fetch = [], Found.cards
    monkeypatch.setattr(Found, "cards", lambda self, numeros: asked.append(list(numeros)) or fetch(self, numeros))
    visitor.page("/initiatives/?region=laval")
    laval = set(visitor.numeros(region="laval"))
    page = visitor.page("/initiatives/?region=laval&region=estrie&par_page=100")
    assert [set(numeros) & laval for numeros in asked[1:]] == [set()]
    assert page.count('class="vignette"') == len(visitor.numeros(region=["laval", "estrie"]))
    visitor.page("/initiatives/?region=laval&region=estrie&par_page=100&f=54&tri=titre")
    assert len(asked) == 2


def test_cards_of_both_parts_of_a_list_are_whole(visitor):
    page = visitor.page("/initiatives/?besoin=suivi&par_page=100")
    assert '<details class="autres"' in page
    assert page.count('class="vignette"') == len(visitor.numeros(besoin="suivi"))


def test_a_facet_is_open_where_something_is_chosen_in_it(visitor):
    """Whatever was asked before: closed, open, closed again."""
    closed, opened = "<details>\n<summary>Sexe accepté</summary>", "<details open>\n<summary>Sexe accepté</summary>"
    for query, shown in (("", closed), ("?sexe=feminin", opened), ("?sexe=masculin", opened), ("?tri=titre", closed)):
        page = visitor.page(f"/initiatives/{query}")
        assert shown in page
        nobody = re.search(r'name="sexe" value=""([^>]*)>', page)[1]
        assert ("checked" in nobody) == (shown == closed)
        assert "<details open>\n<summary>Besoin</summary>" in page


def test_a_voice_is_open_where_a_need_of_it_is_chosen(visitor):
    for query, shown in (("", "<details>"), ("?besoin=dormir", "<details open>"), ("?tri=titre", "<details>")):
        assert f"{shown}\n<summary>Pour moi</summary>" in visitor.page(f"/initiatives/{query}")


def test_a_list_says_how_many_organisations_it_does_not_name(visitor):
    for query in ("", "?stade=en-application", "?clientele=jeunes"):
        names = visitor.get(f"/initiatives.json{query}").json()["facettes"]["porteur"]
        found = sum(1 for value in names if value["nombre"])
        assert f"Et {found - 30} autres organismes." in visitor.page(f"/initiatives/{query}")


def test_a_card_shows_what_was_found_or_what_its_fiche_says(visitor):
    """The same fiche, searched for and not, in both orders."""
    text = '<p class="vignette-texte" lang="fr">'
    for query in (
        "?region=montreal&par_page=100",
        "?q=hébergement&par_page=100",
        "?region=montreal&tri=titre&par_page=100",
    ):
        page = visitor.page(f"/initiatives/{query}")
        assert (f"{text}… " in page) == ("q=" in query)
        assert "… </p>" not in page.replace("… …</p>", "")


def test_a_fiche_that_tells_nothing_has_a_card_without_words(visitor):
    visitor.page("/initiatives/?region=montreal&par_page=100")
    Initiative.objects.filter(numero=145).update(description="", objectifs=[])
    page = visitor.page("/initiatives/?region=montreal&par_page=100")
    card = page[page.index('id="i145"') :]
    card = card[: card.index("</article>")]
    assert "Les Survivantes" in card
    assert "vignette-texte" not in card
    assert page.count("vignette-texte") == page.count('class="vignette"') - 1


def test_what_a_piece_depends_on_is_what_the_page_says(visitor):
    """The level of the titles, how many pages there are, what the order is called: one page after the other."""
    for query, last, order in (
        ("", "Page 1 de 7", "Ordre du rapport"),
        ("?par_page=50", "Page 1 de 4", "Ordre du rapport"),
        ("?besoin=suivi&par_page=5", "Page 1 de ", "Aide directe d&#x27;abord"),
        ("?q=formation&par_page=5", "Page 1 de ", "Pertinence"),
    ):
        page = visitor.page(f"/initiatives/{query}")
        assert f'<span class="precision">{last}' in page
        assert f'<option value="">{order}</option>' in page
        assert '<h2 class="vignette-titre">' in page
    region = visitor.page("/regions/bas-saint-laurent/")
    assert '<h3 class="vignette-titre">' in region
    assert '<h2 class="vignette-titre">' not in region
