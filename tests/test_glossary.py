"""The words of the field, explained: all of them on one page, and those that a fiche says under it."""

import re
from html import unescape

import pytest

from initiatives.core import enums
from initiatives.core.slugs import plain_slug
from initiatives.models import Initiative
from initiatives.publishing.glossary import TERMS

pytestmark = pytest.mark.django_db
NAMED = {"modalite": enums.Modalite, "type": enums.Type, "stade": enums.Stade, "implication": enums.Implication}
UNDER = re.compile(r'<details class="mots-du-metier.*?</details>', re.DOTALL)


def words(text: str) -> list[str]:
    return [unescape(word) for word in re.findall(r"<dt>(?:<strong>)?([^<]+)<", text)]


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_word_once_in_the_order_of_the_language(visitor, language):
    page = visitor.page(f"{language}/glossaire/")
    shown = words(page.partition("<h1")[2].partition("</main>")[0])
    assert len(shown) == len(TERMS) == len(set(shown))
    assert shown == sorted(shown, key=plain_slug)
    assert f'href="{language}/glossaire/"' in visitor.page(f"{language}/")


def test_a_word_that_is_a_value_is_one_of_its_list():
    assert [term.slug for term in TERMS if term.value and term.value not in NAMED[term.facet].values] == []


def test_the_professional_words_of_the_pages_are_there():
    assert {"porteur", "clientele", "modalite", "implication", "stade", "tierce-partie", "concertation"} <= {
        term.slug for term in TERMS
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"modalite": "", "types": [], "stade": "en-application", "implications": []}, []),
        (
            {"modalite": "mentorat", "types": [], "stade": "en-application", "implications": []},
            ["Mentorat, pair-aidance"],
        ),
        (
            {"modalite": "", "types": ["concertation"], "stade": "en-suspens", "implications": ["tierce-partie"]},
            ["Concertation", "En suspens", "Implication", "Tierce partie"],
        ),
        (
            {"modalite": "", "types": [], "stade": "en-developpement", "implications": ["victime"]},
            ["En développement", "Implication"],
        ),
    ],
)
def test_a_fiche_explains_what_it_says_and_nothing_else(visitor, fields, said):
    Initiative.objects.filter(numero=54).update(**fields)
    fiche = Initiative.objects.get(numero=54)
    under = UNDER.findall(visitor.page(f"/initiatives/{fiche.slug}/"))
    assert [words(text) for text in under] == ([said] if said else [])


def test_the_facet_that_has_no_everyday_word_explains_its_own(visitor):
    page = unescape(visitor.page("/initiatives/"))
    assert page.count("La place du jeune dans l'exploitation : qui la subit, qui en profite") == 1
    assert "Sur ce site :" not in page
